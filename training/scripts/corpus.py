"""Read the corpora into one plain form: documents of sentences of tokens.

Treebanks come as CoNLL-U, names as one token a line. Arabic names that the treebanks cut at their
hyphens (``al - Sham``) are put together again, because that is how the package tokenises them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from accord.language.tokenizer import ARTICLES as TOKENIZER_ARTICLES

#: First parts of names that stay in one piece with what follows the hyphen.
ARTICLES = frozenset(TOKENIZER_ARTICLES)


@dataclass(slots=True)
class Sentence:
    """One sentence, all lists of the same length; what a corpus does not annotate is empty."""

    words: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    xpos: list[str] = field(default_factory=list)
    feats: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)  # index in the sentence, own index for the root
    deps: list[str] = field(default_factory=list)
    entities: list[str] = field(default_factory=list)  # BIOES
    doc: str = ""

    def __len__(self) -> int:
        return len(self.words)


def is_name_hyphen(before: str, after: str) -> bool:
    """Say whether ``before-after`` is a name with an article, as al-Sham or ash-Shughur."""
    return before.lower() in ARTICLES and bool(re.match(r"[A-Z]", after))


def _groups(words: list[str], spaces: list[bool]) -> list[list[int]]:
    """Group token indexes so that each group is one token of ours."""
    groups: list[list[int]] = []
    i = 0
    while i < len(words):
        if (
            i + 2 < len(words)
            and words[i + 1] == "-"
            and not spaces[i]
            and not spaces[i + 1]
            and is_name_hyphen(words[i], words[i + 2])
        ):
            groups.append([i, i + 1, i + 2])
            i += 3
        else:
            groups.append([i])
            i += 1
    return groups


def merge_names(sent: Sentence) -> Sentence:
    """Put names with an Arabic article together as one token, with heads mapped.

    The token keeps the annotation of the member whose head lies outside the group (the last one
    of them where there are two), the tag of a proper noun where a member has it.
    """
    groups = _groups(sent.words, sent.spaces)
    if len(groups) == len(sent.words):
        return sent
    new_index = {old: new for new, group in enumerate(groups) for old in group}
    out = Sentence(doc=sent.doc)
    for new, group in enumerate(groups):
        lead = group[0]
        if sent.heads:
            outside = [i for i in group if sent.heads[i] not in group or sent.heads[i] == i]
            lead = outside[0] if outside else group[0]
        out.words.append("".join(sent.words[i] for i in group))
        out.spaces.append(sent.spaces[group[-1]])
        if sent.heads:
            proper = len(group) > 1 and any(sent.upos[i] == "PROPN" for i in group)
            out.upos.append("PROPN" if proper else sent.upos[lead])
            out.xpos.append("NNP" if proper else sent.xpos[lead])
            out.feats.append("Number=Sing" if proper else sent.feats[lead])
            out.lemmas.append(
                "".join(sent.words[i] for i in group) if len(group) > 1 else sent.lemmas[lead]
            )
            head = sent.heads[lead]
            out.heads.append(new if head == lead else new_index[head])
            out.deps.append(sent.deps[lead])
        if sent.entities:
            out.entities.append(_merge_tags([sent.entities[i] for i in group]))
    return out


def _merge_tags(tags: list[str]) -> str:
    """Merge the BIOES tags of tokens that become one."""
    inside = [t for t in tags if t != "O"]
    if not inside:
        return "O"
    label = inside[-1][2:]
    starts = tags[0] == "O" or tags[0][0] in "BS"
    ends = tags[-1][0] in "ES"
    return ("S" if starts and ends else "B" if starts else "E" if ends else "I") + "-" + label


def read_conllu(path: Path) -> Iterator[Sentence]:
    """Read a CoNLL-U file.

    :raises ValueError: where a line has other than ten columns.
    """
    doc = ""
    rows: list[list[str]] = []
    joined: dict[int, bool] = {}  # last word of a multiword token -> space after it
    inside: set[int] = set()  # words inside a multiword token, no space after
    with path.open(encoding="utf-8") as lines:
        for raw in lines:
            line = raw.rstrip("\n")
            if line.startswith("# newdoc"):
                doc = line.split("=", 1)[1].strip()
            elif line.startswith("#"):
                continue
            elif line:
                cols = line.split("\t")
                if len(cols) != 10:
                    raise ValueError(f"{path}: not a CoNLL-U line: {line!r}")
                if "-" in cols[0]:
                    first, last = (int(n) for n in cols[0].split("-"))
                    inside.update(range(first, last))
                    joined[last] = "SpaceAfter=No" not in cols[9]
                elif "." not in cols[0]:
                    rows.append(cols)
            elif rows:
                yield _from_rows(rows, joined, inside, doc)
                rows, joined, inside = [], {}, set()
    if rows:
        yield _from_rows(rows, joined, inside, doc)


def _from_rows(
    rows: list[list[str]], joined: dict[int, bool], inside: set[int], doc: str
) -> Sentence:
    """Build a sentence from the word lines of one CoNLL-U block."""
    sent = Sentence(doc=doc)
    for i, cols in enumerate(rows):
        number = int(cols[0])
        space = "SpaceAfter=No" not in cols[9]
        if number in inside:
            space = False
        elif number in joined:
            space = joined[number]
        sent.words.append(cols[1].replace(" ", ""))
        sent.spaces.append(space)
        sent.lemmas.append(cols[2])
        sent.upos.append(cols[3])
        sent.xpos.append(cols[4])
        sent.feats.append("" if cols[5] == "_" else cols[5])
        head = int(cols[6])
        sent.heads.append(i if head == 0 else head - 1)
        sent.deps.append("ROOT" if head == 0 else cols[7])
    return sent


#: Tokens that stand without a space before them, and without one after them, in running English.
_NO_SPACE_BEFORE = re.compile(
    r"^([.,;:!?%)\]}]|'s|’s|n't|n’t|'(re|ve|ll|d|m)|’(re|ve|ll|d|m)|”|'')$"
)
_NO_SPACE_AFTER = re.compile(r"^([(\[{$£€#]|“|‘|``)$")


def guess_spaces(words: list[str]) -> list[bool]:
    """Guess which tokens have a space after them, for corpora that do not say."""
    spaces = []
    for i, word in enumerate(words):
        after = words[i + 1] if i + 1 < len(words) else ""
        space = not (_NO_SPACE_BEFORE.match(after) or _NO_SPACE_AFTER.match(word))
        if word in "-/" or after in ("-", "/"):
            space = False
        spaces.append(space)
    return spaces


def read_ner(path: Path) -> Iterator[Sentence]:
    """Read the newswire file (word, tag; blank line between sentences) with BIOES tags."""
    doc = ""
    words: list[str] = []
    tags: list[str] = []

    def flush() -> Sentence:
        ours, marks = _join_apostrophes(words, tags)
        return Sentence(words=ours, spaces=guess_spaces(ours), entities=_bioes(marks), doc=doc)

    with path.open(encoding="utf-8") as lines:
        for raw in lines:
            line = raw.rstrip("\n")
            if line.startswith("# newdoc"):
                doc = line.split("=", 1)[1].strip()
            elif line.strip():
                cols = line.split("\t")
                if len(cols) > 1 and cols[0].strip():
                    words.append(cols[0].strip().replace(" ", ""))
                    tags.append(cols[1].strip())
            elif words:
                yield flush()
                words, tags = [], []
    if words:
        yield flush()


_CLITICS = frozenset(["s", "re", "ve", "ll", "d", "m"])


def _join_apostrophes(words: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
    """Put curly apostrophes, which the newswire corpus keeps apart, to the clitic or name."""
    out: list[str] = []
    marks: list[str] = []
    i = 0
    while i < len(words):
        after = words[i + 1] if i + 1 < len(words) else ""
        if words[i] in "’'" and after in _CLITICS and out:
            out.append(words[i] + after)
            marks.append(tags[i] if tags[i] != "O" else tags[i + 1])
            i += 2
        elif words[i] in "’'" and after == "t" and out and out[-1].lower().endswith("n"):
            out[-1] = out[-1][:-1] or "n"
            out.append("n" + words[i] + after)
            marks.append("O")
            i += 2
        elif (
            words[i] in "’'"
            and out
            and out[-1] in ("O", "D", "d", "L", "l")
            and after[:1].isupper()
        ):
            out[-1] += words[i] + after
            i += 2
        else:
            out.append(words[i])
            marks.append(tags[i])
            i += 1
    return out, marks


def _bioes(tags: list[str]) -> list[str]:
    """Bring BIO or BIOES tags to well-formed BIOES."""
    spans: list[tuple[int, int, str]] = []
    start = -1
    label = ""
    for i, tag in enumerate([*tags, "O"]):
        kind, _, name = tag.partition("-")
        inside = kind in ("I", "E") and name == label and start >= 0
        if start >= 0 and not inside:
            spans.append((start, i, label))
            start = -1
        if kind in "BISE" and name and not inside:
            start, label = i, name
        if kind in ("E", "S") and start >= 0:
            spans.append((start, i + 1, label))
            start = -1
    out = ["O"] * len(tags)
    for begin, end, name in spans:
        if end - begin == 1:
            out[begin] = f"S-{name}"
        else:
            out[begin] = f"B-{name}"
            out[end - 1] = f"E-{name}"
            for i in range(begin + 1, end - 1):
                out[i] = f"I-{name}"
    return out


def curly(words: list[str], spaces: list[bool]) -> list[str]:
    """Write quotation marks and apostrophes curly; a mark opens where the space is before it."""
    out = []
    for i, word in enumerate(words):
        if word in ('"', "``", "''"):
            opens = (i == 0 or spaces[i - 1]) and not spaces[i]
            out.append("“" if opens else "”")
        elif word == "'" and len(words) > 1:
            opens = (i == 0 or spaces[i - 1]) and not spaces[i]
            out.append("‘" if opens else "’")
        elif len(word) > 1:
            out.append(word.replace("'", "’"))
        else:
            out.append(word)
    return out
