"""Questions to a service: from the cache where it knows the answer, else many with one request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accord.errors import OverdueError, ServiceError
from accord.linking.cache import Cache, parts
from accord.linking.courtesy import Courtesy

OFFLINE = "it is not in the cache, and nothing is asked (--offline)"


@dataclass(slots=True)
class Answers:
    """What was answered, by question, and what was not, with the reason."""

    given: dict[str, Any] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


class Inquiry:
    """Asks one service, through the cache.

    :param courtesy: None stands for a service that is not asked: the cache must know
    """

    def __init__(self, service: str, cache: Cache, courtesy: Courtesy | None) -> None:
        self._service = service
        self._cache = cache
        self._courtesy = courtesy

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._courtesy.requests if self._courtesy else 0

    def ask(
        self,
        form: str,
        questions: Iterable[str],
        send: Callable[[Sequence[str]], Mapping[str, Any]],
        most: int,
    ) -> Answers:
        """Answer questions of one form.

        What a request answers is in the cache before the next one is sent. A request that is
        too much for the service is repeated in two halves.

        :param form: what is asked about each, with everything else that the answer depends on
        :param send: asks the service about so many at once, and returns an answer to each, a JSON
            value; what it leaves out counts as not answered
        :param most: questions of one request
        """
        keys = {f"{form} {question}": question for question in questions}
        known = self._cache.get(self._service, keys)
        answers = Answers({keys[key]: answer for key, answer in known.items()})
        open_ = [question for key, question in keys.items() if key not in known]
        if self._courtesy is None:
            answers.missing = dict.fromkeys(open_, OFFLINE)
            return answers
        batches = list(parts(open_, most))[::-1]
        while batches:
            batch = batches.pop()
            try:
                told = self._courtesy.ask(lambda batch=batch: send(batch))  # type: ignore[misc]
            except OverdueError as error:
                if len(batch) > 1:
                    middle = len(batch) // 2
                    batches += [batch[middle:], batch[:middle]]
                else:
                    answers.missing.update(dict.fromkeys(batch, str(error)))
                continue
            except ServiceError as error:
                answers.missing.update(dict.fromkeys(batch, str(error)))
                continue
            new = {question: told[question] for question in batch if question in told}
            self._cache.put(self._service, {f"{form} {key}": new[key] for key in new})
            answers.given |= new
            lost = [question for question in batch if question not in told]
            answers.missing.update(dict.fromkeys(lost, "the service left it out of its answer"))
        return answers
