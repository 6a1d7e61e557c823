"""The errors that Accord raises on purpose, and the exit codes of the command line.

Every message names the thing (a file, a value), what is wrong with it and what to do about it,
because it is shown to a person as it is, without a traceback.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every ``accord`` command."""

    DONE = 0
    FAILURE = 1
    WRONG_USE = 2
    SET_ASIDE = 3
    """The run is complete, but some articles were set aside."""


class AccordError(Exception):
    """Base of all errors that Accord raises on purpose.

    :param what: what happened, naming the file or the value
    :param remedy: what the user can do about it
    """

    exit_code = ExitCode.FAILURE

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what} {remedy}".strip())


class UsageError(AccordError):
    """A command, flag or setting that cannot be obeyed."""

    exit_code = ExitCode.WRONG_USE


class ArticleError(AccordError):
    """One article that cannot be used: it is set aside with this reason, and the run goes on."""


class AwayError(ArticleError):
    """An article that cannot be fetched now, but may be later: its site is away, slow or busy."""


class SourceError(AccordError):
    """A source that cannot be read now, as a whole: a feed that is away or is no feed."""


class VocabularyError(AccordError):
    """A mistake in ``ontology/`` or ``mappings/``, named with its file and line where known."""


class ClaimError(AccordError):
    """A claim that does not have the documented form, or that the mapping would lose."""


class LinkError(AccordError):
    """A table of links or identifiers that cannot be read, or links that contradict each other."""


class ServiceError(AccordError):
    """A service on the web that cannot be asked now, or whose answer makes no sense."""


class OverdueError(ServiceError):
    """A question that a service does not answer, or not in time: ask for less at a time."""


class StoreError(AccordError):
    """A store that cannot be opened, read or written."""


class QueryError(AccordError):
    """A query that is not SPARQL, or a named query that does not exist."""

    exit_code = ExitCode.WRONG_USE
