"""A ``[[source]]`` table of ``accord.toml``: a source with a name, and when it is read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from accord.errors import UsageError

Kind = Literal["files", "feed", "sitemap", "page"]

MOST = 1000
"""Pages that one run reads of a feed or a sitemap, unless its table says otherwise."""


def check_cron(value: str) -> str:
    """Return a schedule that is right.

    :raises ValueError: if it is not in cron's five fields
    """
    from datetime import UTC, datetime

    from cronsim import CronSim, CronSimError

    try:
        CronSim(value, datetime.now(UTC))
    except CronSimError as error:
        raise ValueError(
            f"{error}; it needs five fields, as in '15 * * * *' (a quarter past each hour)"
        ) from error
    return value


class SourceTable(BaseModel):
    """One named source.

    ``address`` is a path or an address of the web; ``kind`` is told by what is there if it is not
    given; ``schedule`` is in cron's five fields, in the time zone ``timezone``; ``outlet`` and
    ``language`` hold for all its articles; ``fields`` says which field of a record means what;
    ``most`` bounds the pages of one run, newest first; a page is asked for again after ``revisit``
    hours, or when its feed says that it changed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^\w[\w.-]*$")]
    address: Annotated[str, Field(min_length=1)]
    kind: Kind | None = None
    schedule: str | None = None
    timezone: str = "UTC"
    language: str | None = None
    outlet: Annotated[str, Field(min_length=1)] | None = None
    fields: dict[str, str] = {}
    most: Annotated[int, Field(ge=1)] = MOST
    revisit: Annotated[float, Field(ge=0)] = 24.0

    @field_validator("schedule")
    @classmethod
    def _is_cron(cls, value: str | None) -> str | None:
        return None if value is None else check_cron(value)

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("no such time zone is known") from error
        return value

    @field_validator("language")
    @classmethod
    def _is_english(cls, value: str | None) -> str | None:
        if value is not None and value.lower().partition("-")[0] not in ("en", "eng"):
            raise ValueError("Accord reads English only; leave it out where languages are mixed")
        return value


def distinct(tables: tuple[SourceTable, ...]) -> tuple[SourceTable, ...]:
    """Return the tables, of which no two have one name.

    :raises ValueError: naming one that stands twice
    """
    names = [table.name for table in tables]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two sources are called {min(twice)!r}")
    return tables


def wrong_table(problem: Any, file: Path) -> UsageError:
    """Return the error for a table that is wrong, naming it.

    :param problem: what pydantic found, of a setting ``source``
    """
    _, *where = problem["loc"]
    table = "[[source]]"
    if where and isinstance(where[0], int):
        try:
            name = tomllib.loads(file.read_text("utf-8"))["source"][where[0]]["name"]
            table += f" {name!r}"
        except (OSError, ValueError, LookupError, TypeError):
            table += f" number {where[0] + 1}"
    what = ".".join(map(str, where[1:]))
    given = f" = {problem['input']!r}" if what and problem["type"] != "missing" else ""
    reason = problem["msg"].removeprefix("Value error, ")
    known = ", ".join(SourceTable.model_fields)
    return UsageError(
        f"{file}, {table}{': ' + what if what else ''}{given} is wrong: {reason}.",
        f"A source may have {known}.",
    )
