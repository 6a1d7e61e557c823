"""An invented archive of any size, for what is measured over large stores.

Articles come one after the other, three a day, so that a larger archive is a longer one. Nothing
in it is from a text: sentences are filled patterns, and the graph of each article is what
:func:`accord.graph.article_graph` makes of its claims.

- **Accords**: an article is about the accord of an earlier article, drawn evenly over all that
  have been written, or about a new one (Pitman-Yor process, discount 0.5, strength 10). Few
  accords fill much of the archive and their share does not fade; their number grows with the root
  of that of the articles: 45 in 100 articles, 140 in 1,000, 510 in 10,000. The first are
  those of the vocabulary that have two parties or more, the others are invented.
- **Actors**: the accord's parties and three armed groups of its own, and over all accords forty
  governments and organisations that comment; outlets grow with the root of the articles.
- **Claims**: four to sixteen an article, by the shares of types in the annotated samples. A fifth
  of the claims on what is owed is about the general duty, the others are about one of the accord's
  five actions, half of them in one of its three zones. Half of the claims are the outlet's own;
  half have a time, a day to a month before the article.
- **Quotes**: a third of what others hold is quoted, and one in eight of these quotes repeats one
  of the accord's last ten. One article in twenty-five has the words of an earlier one.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accord.article import Article
from accord.claim import OUTLET, Claim, ClaimType
from accord.graph import NamedGraph, article_graph
from accord.language.wordlists import word_lists
from accord.versions import Versions
from accord.vocabulary import Vocabulary, load_vocabulary

VERSIONS = Versions("archive", "archive", "archive")
START = date(2015, 1, 1)
A_DAY = 3
DISCOUNT, STRENGTH = 0.5, 10
#: Of a hundred claims, how many are of each type.
TYPES = {
    "Incident": 18, "Alignment": 10, "Control": 9, "Demand": 12, "Obligation": 9, "Deployment": 8,
    "Meeting": 6, "Agreement": 7, "Compliance": 9, "Zone": 3, "Commitment": 4, "Violation": 4,
    "Threat": 1,
}  # fmt: skip
_STATUS = {
    "fulfilled": 20, "in-progress": 25, "partly": 10, "delayed": 15, "not-fulfilled": 27,
    "unclear": 3,
}  # fmt: skip
_DUTIES = frozenset({"Demand", "Obligation", "Compliance", "Commitment", "Violation"})
_CONTEXT = {
    "Incident": "shell", "Alignment": "back", "Control": "hold", "Deployment": "deploy",
    "Meeting": "meet", "Agreement": "sign", "Zone": "police", "Threat": "threaten",
}  # fmt: skip


@dataclass
class Conflict:
    """An accord with the actors, zones and actions that articles on it are about."""

    key: str
    sides: tuple[str, ...]
    zones: tuple[str, ...]
    actions: tuple[str, ...]
    articles: int = 0
    said: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=10))


class Archive:
    """Articles with their claims, the same for the same seed however many are taken."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._vocabulary: Vocabulary = load_vocabulary()
        self._conflicts: list[Conflict] = []
        self._subjects: list[Conflict] = []
        deals = sorted(self._vocabulary.agreements.values(), key=lambda deal: deal.key)
        self._known = [deal for deal in deals if len(deal.bound) > 1]
        self._random.shuffle(self._known)
        kinds = {"Government", "Organisation"}
        actors = sorted(e.label for e in self._vocabulary.entities.values() if e.kind in kinds)
        self._commentators = self._random.sample(actors, 40)
        self._actions = [code for code in word_lists("actions") if " " not in code]
        self._before: deque[tuple[Conflict, list[dict[str, Any]]]] = deque(maxlen=200)

    def __iter__(self) -> Iterator[tuple[NamedGraph, int]]:
        """Yield each article's graph and how many claims it has, without end."""
        while True:
            article, claims, quotations = self.article()
            graph = article_graph(
                article, claims, VERSIONS, self._vocabulary, quotations=quotations
            )
            yield graph, graph.triples.count("ontology#statedIn> ")

    def article(
        self, conflict: Conflict | None = None
    ) -> tuple[Article, list[Claim], list[tuple[int, int]]]:
        """Return the next article with its claims and the stretches that are quoted.

        :param conflict: what it is about, instead of what is drawn
        """
        draw = self._random
        number = len(self._subjects)
        copied = draw.random() < 0.04 and self._before and conflict is None
        if copied:
            about, plans = draw.choice(self._before)
        else:
            about = conflict or self._subject()
            plans = [self._plan(about) for _ in range(draw.randint(4, 16))]
        self._subjects.append(about)
        about.articles += 1
        self._before.append((about, plans))
        published = START + timedelta(days=number // A_DAY)
        text = f"News of {published} on {about.key}\n\n"
        claims, quotations = [], []
        for plan in plans:
            fields = dict(plan)
            words, quote = fields.pop("words"), fields.pop("quote")
            if days := fields.pop("ago"):
                when = published - timedelta(days=days)
                fields["time"] = when.isoformat() if days < 15 else f"{when:%Y-%m}"
            start = len(text)
            if quote:
                text += f"“{words}”, {fields['holder']} said"
                quotations.append((start, start + len(words) + 2))
            else:
                text += words
            end = len(text)
            claims.append(
                Claim(article=f"a{number}", start=start, end=end, text=text[start:end], **fields)
            )
            text += ".\n"
        outlet = f"Outlet {draw.randrange(int(10 + number**0.5))}"
        article = Article(
            name=f"a{number}",
            raw=text,
            text=text,
            published=published,
            outlet=outlet,
            address=f"https://news.example/{number}",
        )
        return article, claims, quotations

    def hottest(self) -> Conflict:
        """Return the accord that most articles are about."""
        return max(self._conflicts, key=lambda conflict: conflict.articles)

    @property
    def accords(self) -> int:
        """How many accords the articles so far are about."""
        return len(self._conflicts)

    def _subject(self) -> Conflict:
        draw, number = self._random, len(self._subjects)
        fresh = (STRENGTH + DISCOUNT * len(self._conflicts)) / (STRENGTH + number)
        if draw.random() < fresh:
            conflict = self._conflict(len(self._conflicts))
            self._conflicts.append(conflict)
            return conflict
        while True:
            # Each earlier article counts for one, less the discount once for every accord.
            conflict = draw.choice(self._subjects)
            if draw.random() >= DISCOUNT / max(1, conflict.articles):
                return conflict

    def _conflict(self, number: int) -> Conflict:
        draw, label = self._random, self._vocabulary.entity
        groups = tuple(f"{name} {number}" for name in ("Front", "Brigade", "Movement"))
        if number < len(self._known):
            deal = self._known[number]
            entities = [label(iri) for iri in sorted(deal.bound)]
            key, sides = deal.key, tuple(entity.label for entity in entities if entity)[:4]
        else:
            key, sides = f"accord-{number}", tuple(draw.sample(self._commentators, 2))
        zones = tuple(f"{name} {number}" for name in ("North Valley", "Old Port", "River Line"))
        return Conflict(key, sides + groups, zones, tuple(draw.sample(self._actions, 5)))

    def _plan(self, about: Conflict) -> dict[str, Any]:
        """Return a claim's fields, without what depends on the article that it stands in."""
        draw = self._random
        kind = draw.choices(list(TYPES), TYPES.values())[0]
        # The first parties do and owe more than the groups on the fringe.
        actor, other = (min(draw.choices(about.sides, k=2), key=about.sides.index) for _ in "ab")
        others = [draw.choice(about.sides), draw.choice(self._commentators)]
        holder = draw.choice([OUTLET, OUTLET, *others])
        if kind == "Commitment" and holder != OUTLET:
            actor = holder
        action = _CONTEXT.get(kind, "fulfil")
        place = draw.choice(about.zones) if draw.random() < 0.5 else None
        if kind in _DUTIES and draw.random() < 0.8:
            code = draw.choice(about.actions)
            action = word_lists("actions")[code][0]
        verb = f"{draw.choice(['', 'again ', 'since then ', 'this week '])}{action}"
        words = f"{actor} is said to {verb} in the matter of {about.key} ({draw.randrange(10**6)})"
        quote = holder != OUTLET and draw.random() < 1 / 3
        if quote and about.said and draw.random() < 1 / 8:
            holder, words = draw.choice(about.said)
        elif quote:
            about.said.append((holder, words))
        fields = {
            "type": ClaimType(kind),
            "holder": holder,
            "actor": (actor,),
            "target": (other,) if other != actor and draw.random() < 0.5 else (),
            "agreement": about.key if kind in _DUTIES or draw.random() < 0.4 else None,
            "place": place,
            "action": action,
            "polarity": "denied" if draw.random() < 0.04 else "affirmed",
            "modality": "asserted" if draw.random() < 0.85 else "expected",
            "words": words,
            "quote": quote,
            "ago": draw.choice([0, draw.randint(1, 30)]),
        }
        if kind == "Compliance":
            fields["status"] = draw.choices(list(_STATUS), _STATUS.values())[0]
        return fields


def nquads(graphs: Iterable[NamedGraph]) -> bytes:
    """Return graphs as a file of N-Quads, ready for a bulk loader."""
    return "".join(
        graph.triples.replace(" .\n", f" <{graph.iri}> .\n") for graph in graphs
    ).encode()
