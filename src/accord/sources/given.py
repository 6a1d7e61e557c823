"""The source of what a person names: on the command line, or in a table of ``accord.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from accord.errors import UsageError
from accord.sources.content import Reading
from accord.sources.files import Files
from accord.sources.location import Source
from accord.sources.record import meanings
from accord.sources.stdin import Stdin

if TYPE_CHECKING:
    from accord.settings import Settings
    from accord.source_table import SourceTable


def source_of(given: str | Path, settings: Settings | None = None) -> Source:
    """Return the source of what is given.

    ``-`` is standard input, what begins with ``http://`` or ``https://`` an address, the name of a
    ``[[source]]`` table that source, and all else the path of a file or a folder.

    :param settings: those in force; the user's without it
    :raises UsageError: if the settings lack what an address needs
    """
    if settings is None:
        from accord.settings import load_settings

        settings = load_settings()
    text = str(given)
    if text == "-":
        return Stdin(Path(settings.cache) / "stdin")
    if _is_address(text):
        from accord.source_table import MOST
        from accord.sources.page import REVISIT

        return _web(text, text, None, Reading(), MOST, REVISIT, settings)
    named = {table.name: table for table in settings.source}
    if text in named and not Path(text).exists():
        return _source(named[text], settings)
    return Files(Path(given))


def configured(settings: Settings) -> list[Source]:
    """Return the sources that the ``[[source]]`` tables of ``accord.toml`` name, in their order.

    :raises UsageError: naming the table that cannot be meant
    """
    return [_source(table, settings) for table in settings.source]


def _source(table: SourceTable, settings: Settings) -> Source:
    unknown = table.fields.keys() - meanings()
    if unknown:
        raise _wrong(
            table,
            f"nothing can be done with fields.{min(unknown)}",
            f"It may have {', '.join(sorted(meanings()))}.",
        )
    reading = Reading(table.outlet, table.language is not None, tuple(table.fields.items()))
    if _is_address(table.address) and table.kind != "files":
        try:
            return _web(
                table.name,
                table.address,
                table.kind,
                reading,
                table.most,
                table.revisit * 3600,
                settings,
            )
        except UsageError as error:
            raise _wrong(table, error.what, error.remedy) from error
    if table.kind not in (None, "files"):
        raise _wrong(
            table,
            f"a {table.kind} has an address of the web, and {table.address!r} is none",
            "Write it with https://, or leave kind out for a file or folder.",
        )
    if _is_address(table.address):
        raise _wrong(table, f"{table.address!r} is no path", "Leave kind out, or name a folder.")
    return Files(Path(table.address).expanduser(), reading, table.name)


def _web(
    name: str,
    address: str,
    kind: str | None,
    reading: Reading,
    most: int,
    fresh: float,
    settings: Settings,
) -> Source:
    # The web's modules take a tenth of a second to load: not where there are only files.
    from accord.errors import ArticleError
    from accord.sources.address import usable
    from accord.sources.feed import Feed
    from accord.sources.fetching import Fetcher
    from accord.sources.page import Pages, SinglePage
    from accord.sources.sitemap import Sitemap
    from accord.sources.web import Web

    try:
        address = usable(address)
    except ArticleError as error:
        raise UsageError(error.what, error.remedy) from error
    pages = Pages(Fetcher(settings), reading, fresh)
    if kind == "page":
        return SinglePage(name, address, pages)
    if kind == "feed":
        return Feed(name, address, pages, most)
    if kind == "sitemap":
        return Sitemap(name, address, pages, most)
    return Web(name, address, pages, most)


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _wrong(table: SourceTable, what: str, remedy: str) -> UsageError:
    return UsageError(f"accord.toml, [[source]] {table.name!r}: {what}.".replace("..", "."), remedy)
