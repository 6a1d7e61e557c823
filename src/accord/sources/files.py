"""Files and folders as a source of articles: plain text, in any encoding that can be told."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from charset_normalizer import from_bytes

from accord.article import Article, parse_article
from accord.errors import ArticleError, UsageError

SUFFIXES = frozenset({".txt", ".text"})
"""The files of a folder that are read; a file that is named itself is read whatever its suffix."""

_ENOUGH_FOR_A_LANGUAGE = 80
"""Letters below which a text is too short to tell its language."""


_LIKELY = ["cp1252", "cp1254", "mac_roman", "utf_32"]
"""Encodings that English news comes in; the others are tried when none of them fits."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that may hold an article."""

    path: Path

    @property
    def iri(self) -> str:
        """The file's IRI (``file:///...``)."""
        return self.path.as_uri()

    @property
    def name(self) -> str:
        """The article's id in claims: the file's stem."""
        return self.path.stem

    def read(self) -> bytes:
        """Return the file's bytes.

        :raises ArticleError: if it cannot be read
        """
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise ArticleError(
                f"{self.path} cannot be read: {error.strerror}.", "Check its permissions."
            ) from error

    def article(self, content: bytes, largest: int) -> Article:
        """Turn the file's bytes into an article.

        :raises ArticleError: if the file is empty, binary, too large, in an encoding that cannot
            be told, or in another language than English
        """
        return _read_text(self, content, largest)


@dataclass(frozen=True, slots=True)
class Files:
    """A file, or the files below a folder in the order of their names."""

    path: Path

    @property
    def name(self) -> str:
        """The path as it was given."""
        return str(self.path)

    @property
    def iri(self) -> str:
        """The IRI of the file or folder (``file:///...``)."""
        return self.path.absolute().as_uri()

    def discover(self) -> Iterator[File]:
        """Yield the files.

        :raises UsageError: if the path does not exist, or the folder has no article
        """
        if not self.path.exists():
            raise UsageError(f"{self.path} does not exist.", "Name a file or a folder of articles.")
        files = _below(self.path) if self.path.is_dir() else iter([self.path])
        found = False
        for file in files:
            found = True
            yield File(Path(os.path.abspath(file)))  # noqa: PTH100 - a link keeps its own name
        if not found:
            raise UsageError(
                f"The folder {self.path} has no articles.",
                f"Articles are files that end in {' or '.join(sorted(SUFFIXES))}.",
            )


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in SUFFIXES and path.is_file() and not hidden:
            yield path


def _read_text(location: File, content: bytes, largest: int) -> Article:
    path = location.path
    if not content.strip():
        raise ArticleError(f"{path} is empty.", "Fetch the article again, or remove the file.")
    # No encoding needs more than four bytes a character: this spares decoding a huge file.
    if len(content) > 4 * largest:
        raise _too_large(path, len(content), "bytes", largest)
    raw, note = _decode(path, content)
    if len(raw) > largest:
        raise _too_large(path, len(raw), "characters", largest)
    if not raw.strip("\ufeff \r\n\t"):
        raise ArticleError(f"{path} is empty.", "Fetch the article again, or remove the file.")
    article = parse_article(raw, location.name, location.iri)
    _require_english(path, article.text[article.headers.end :])
    return replace(article, notes=(*note, *article.notes))


def _too_large(path: Path, size: int, unit: str, largest: int) -> ArticleError:
    return ArticleError(
        f"{path} has {size:,} {unit}; an article may have {largest:,} characters.",
        "If it is one article, raise the setting largest_article; if it is many, split the file.",
    )


def _decode(path: Path, content: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode as UTF-8 if possible, else by byte order mark, else by likelihood, with a note."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace"), (f"The file is in {encoding.upper()}.",)
    # A zero byte, or many other control characters, stand in no text.
    controls = sum(content[:4096].count(byte) for byte in (*range(1, 9), 11, *range(14, 27)))
    if b"\0" in content[:4096] or controls > 16:
        raise ArticleError(
            f"{path} is not a text file.", "Convert it to plain text, or remove it from the source."
        )
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        best = from_bytes(content, cp_isolation=_LIKELY).best() or from_bytes(content).best()
        if best is None:
            raise ArticleError(
                f"{path} is in no encoding that can be told (byte {error.start} is not UTF-8).",
                "Save it as UTF-8.",
            ) from error
        name = codecs.lookup(best.encoding).name
        return content.decode(best.encoding), (f"The file is not in UTF-8; it was read as {name}.",)


def _require_english(path: Path, text: str) -> None:
    sample = text[:4000]
    if sum(map(str.isalpha, sample)) < _ENOUGH_FOR_A_LANGUAGE:
        return
    # Its tables take half a second to load: not when only --help is asked for.
    from py3langid import classify

    language, _ = classify(sample)
    if language != "en":
        raise ArticleError(
            f"{path} seems to be in another language than English ({language}).",
            "Accord reads English only: translate it first, or remove it from the source.",
        )
