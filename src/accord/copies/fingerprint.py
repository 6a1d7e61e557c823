"""Fingerprints: what is kept of an article's text so that its copies are found.

A text is the set of its shingles, runs of a few words, each as a hash of 32 bits. Of these are kept

- the smallest ones, as a sample by which two texts are compared: what both have below a limit, out
  of what each has below it, is an unbiased estimate of how much of each text stands in the other
  (bottom-k sketch: Broder 1997, "On the resemblance and containment of documents"; Cohen and
  Kaplan 2007), and exact where a sample holds all shingles of its text;
- the bands of their MinHash (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 3.4),
  which two texts that are alike share with high probability and two others hardly ever.
"""

from __future__ import annotations

import hashlib
import re
import struct
from base64 import b64decode, b64encode
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import Any

from accord.article import Article
from accord.graph import article_iri
from accord.graph.days import bounds
from accord.resources import resource
from accord.yamls import read_yaml

_WORD = re.compile(r"\w+")
_BYTES = 4
"""Bytes of a shingle's hash."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The values of ``mappings/copies.yaml``, which says what each of them is."""

    shingle: int
    least: int
    shorter: float
    longer: float
    sample: int
    bands: int
    rows: int
    same_band: int
    candidates: int


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of one article's text.

    :param article: the article's IRI
    :param day: the day on which it was published, or the last on which it may have been, ISO 8601,
        if that is known
    :param captured: when it was first found, ISO 8601 with time zone
    :param shingles: how many different ones its text has
    :param sample: the smallest hashes of these, sorted, each as 4 bytes (big-endian), in base64
    :param bands: of each band of the MinHash, a key
    """

    article: str
    day: str | None
    captured: str
    shingles: int
    sample: str
    bands: tuple[str, ...]


@cache
def limits() -> Limits:
    """Return the limits in force."""
    values: Any = read_yaml(resource("mappings", "copies.yaml"))
    return Limits(**values)


def fingerprint(article: Article, captured: str) -> Fingerprint | None:
    """Return an article's fingerprint, or None if its text is too short to tell.

    Title, headers and boilerplate do not count as text, nor do case and punctuation.

    :param captured: when it was found, ISO 8601 with time zone
    """
    hashes = sorted(shingles(body(article)))
    if len(hashes) < limits().least:
        return None
    sample = b"".join(value.to_bytes(_BYTES, "big") for value in hashes[: limits().sample])
    return Fingerprint(
        article=article_iri(article),
        day=article.published.isoformat() if article.published else bounds(article.inferred)[1],
        captured=captured,
        shingles=len(hashes),
        sample=b64encode(sample).decode(),
        bands=_bands(hashes),
    )


def body(article: Article) -> str:
    """Return an article's text without its title, headers and boilerplate."""
    title = [article.title] if article.title else []
    parts, end = [], 0
    for stretch in sorted([article.headers, *article.boilerplate, *title]):
        parts.append(article.text[end : max(end, stretch.start)])
        end = max(end, stretch.end)
    return "\n".join([*parts, article.text[end:]])


def shingles(text: str) -> set[int]:
    """Return the hashes of a text's shingles: its words in order, case folded, a few at a time."""
    words = [word.encode("utf-8", "surrogatepass") for word in _WORD.findall(text.casefold())]
    size = limits().shingle
    runs = {b" ".join(words[start : start + size]) for start in range(len(words) - size + 1)}
    return {
        int.from_bytes(hashlib.blake2b(run, digest_size=_BYTES).digest(), "big") for run in runs
    }


def hashes_in(sample: str) -> tuple[int, ...]:
    """Return the hashes of a :attr:`Fingerprint.sample`, sorted.

    :raises ValueError: if it is not base64
    :raises struct.error: if it ends within a hash
    """
    data = b64decode(sample, validate=True)
    return struct.unpack(f">{len(data) // _BYTES}I", data)


@dataclass(frozen=True, slots=True)
class Text:
    """A text as the sample of its shingles, ready to be compared.

    ``hashes`` are sorted. All that the text has up to ``reach`` are among them, and nothing is
    known of what it has above.
    """

    hashes: tuple[int, ...]
    known: frozenset[int]
    reach: int

    @classmethod
    def of(cls, fingerprint: Fingerprint) -> Text:
        """Return the text that a fingerprint is of."""
        hashes = hashes_in(fingerprint.sample)
        whole = len(hashes) == fingerprint.shingles
        return cls(hashes, frozenset(hashes), 1 << 8 * _BYTES if whole else hashes[-1])

    def shares(self, other: Text) -> tuple[float, float]:
        """Return how much of this text stands in the other, and of the other in this: 0 to 1."""
        common = len(self.known & other.known)
        if not common:
            return 0.0, 0.0
        reach = min(self.reach, other.reach)
        own, others = (bisect_right(text.hashes, reach) for text in (self, other))
        return common / own, common / others


def _bands(hashes: list[int]) -> tuple[str, ...]:
    # It brings SciPy along, which takes longer to import than `accord --help` may.
    from datasketch import MinHash

    use = limits()
    # The scheme is named, since what is in the store must be comparable with what comes later.
    sketch = MinHash(use.bands * use.rows, seed=1, hashfunc=int, scheme="affine32")
    sketch.update_batch(hashes)
    values = sketch.digest().astype(">u4")
    return tuple(
        f"{band}-{values[band * use.rows : (band + 1) * use.rows].tobytes().hex()}"
        for band in range(use.bands)
    )
