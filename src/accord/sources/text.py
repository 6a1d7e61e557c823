"""From bytes to text: whichever encoding they are in, if it is text and English."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from accord.errors import ArticleError

_ENOUGH_FOR_A_LANGUAGE = 80
"""Letters below which a text is too short to tell its language."""

_LIKELY = ["cp1252", "cp1254", "mac_roman", "utf_32"]
"""Encodings that English news comes in; the others are tried when none of them fits."""

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE
)
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
"""What pages call by the first name is in truth in the second."""


def decode(where: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode as UTF-8 if possible, else by byte order mark, else by likelihood, with a note.

    :param where: what the bytes are of, for messages
    :raises ArticleError: if they are no text, or in no encoding that can be told
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace"), (f"The file is in {encoding.upper()}.",)
    # A zero byte, or many other control characters, stand in no text.
    controls = sum(content[:4096].count(byte) for byte in (*range(1, 9), 11, *range(14, 27)))
    if b"\0" in content[:4096] or controls > 16:
        raise ArticleError(
            f"{where} is not a text file.",
            "Convert it to plain text, or remove it from the source.",
        )
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        best = from_bytes(content, cp_isolation=_LIKELY).best() or from_bytes(content).best()
        if best is None:
            raise ArticleError(
                f"{where} is in no encoding that can be told (byte {error.start} is not UTF-8).",
                "Save it as UTF-8.",
            ) from error
        name = codecs.lookup(best.encoding).name
        return content.decode(best.encoding), (f"The file is not in UTF-8; it was read as {name}.",)


def decode_page(
    where: str, content: bytes, charset: str | None = None
) -> tuple[str, tuple[str, ...]]:
    """Decode a page: in what its server or its head declares if it is that, else as any text.

    :param charset: what the server called the encoding
    :raises ArticleError: as :func:`decode`
    """
    head = _DECLARED.search(content[:4096])
    for label in (charset, head and head[1].decode("ascii", "replace")):
        try:
            name = codecs.lookup(label).name if label else ""
            # A page that says UTF-16 in ASCII is not in UTF-16.
            if name and not name.startswith(("utf-16", "utf-32")):
                return content.decode(_AS_BROWSERS_DO.get(name, name)), ()
        except (LookupError, ValueError):
            continue
    return decode(where, content)


def require_english(where: str, text: str) -> None:
    """Check that a text is English, as far as it can be told.

    :raises ArticleError: if it is not
    """
    sample = text[:4000]
    if sum(map(str.isalpha, sample)) < _ENOUGH_FOR_A_LANGUAGE:
        return
    # Its tables take half a second to load: not when only --help is asked for.
    from py3langid import classify

    language, _ = classify(sample)
    if language != "en":
        raise ArticleError(
            f"{where} seems to be in another language than English ({language}).",
            "Accord reads English only: translate it first, or remove it from the source.",
        )
