"""Print what attribution, coreference and claims cost beside the parser, and how time grows."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

from accord.processes import one_core_each

one_core_each()  # before numpy is imported

# ruff: noqa: E402
from spacy.language import Language
from spacy.tokens import Doc

from accord.article import parse_article
from accord.extraction import BATCH, document, pipeline
from accord.language.syntax import Tree

#: The components measured: the network's, and the one that resolves sources.
MINE = ("utterances", "accord_attribution")
#: What a parse needs: the parser scores the encoder's vectors, and reads tags.
PARSER = ("encoder", "tagger", "parser")
#: Made with the attributions: the parse as lists, with repairs.
VIEW = "view of the parse"
#: Of a long article all of these are in each paragraph: quotations, also nested and unpaired.
PARAGRAPH = (
    "“We have left the town, and “they” have not,” the minister said on Monday. “Never,” he added,"
    " “will we come back. The army said that the rebels' spokesman had denied it.\n\n"
)


def seconds(texts: list[str], nlp: Language, claims: bool = True) -> tuple[Counter[str], int]:
    """Run the components, with or without claims; return each one's time, and the tokens.

    Documents are dropped as they are done, as they are where a folder of articles is read.
    """
    spent: Counter[str] = Counter()
    tokens = 0
    for at in range(0, len(texts), BATCH):
        some = [parse_article(text, "speed") for text in texts[at : at + BATCH]]
        running: list[Doc] = [document(article, nlp) for article in some]
        tokens += sum(map(len, running))
        for name, component in nlp.pipeline:
            if name in ("accord_memberships", "accord_claims") and not claims:
                continue
            start = time.process_time()
            pipe = getattr(component, "pipe", None)
            running = list(pipe(running)) if pipe else [component(doc) for doc in running]
            spent[name] += time.process_time() - start
        start = time.process_time()
        for doc in running:
            Tree(doc)
        spent[VIEW] += time.process_time() - start
    return spent, tokens


def main() -> None:
    """Measure: ``attribution_speed.py FOLDER [--megabytes 0.05 0.5 5]``, FOLDER of text files."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabytes", type=float, nargs="*", default=[0.05, 0.5, 5])
    args = parser.parse_args()
    nlp = pipeline()

    texts = [path.read_text(encoding="utf-8") for path in sorted(args.folder.glob("*.txt"))]
    seconds(texts[:5], nlp)  # what is remembered of words
    spent, words = seconds(texts, nlp)
    for name, time_ in spent.items():
        print(f"{name:20}{time_:8.2f} s{1e6 * time_ / words:8.1f} µs a token")
    mine = sum(spent[name] for name in MINE)
    parse = sum(spent[name] for name in PARSER)
    own = mine - spent[VIEW]
    print(f"attribution and coreference: {100 * mine / parse:.0f}% of {', '.join(PARSER)};")
    print(f"{100 * own / parse:.0f}% without the {VIEW}, which the claims share;")
    print(f"{100 * own / spent['parser']:.0f}% of the parser component alone; {words} tokens")
    claims = spent["accord_claims"]
    print(f"claims: {100 * claims / parse:.0f}% of {', '.join(PARSER)};")
    print(f"{100 * claims / spent['parser']:.0f}% of the parser component alone")
    for size in args.megabytes:
        text = PARAGRAPH * max(1, round(size * 1e6 / len(PARAGRAPH.encode())))
        spent, _ = seconds([text], nlp, claims=False)
        mine = sum(spent[name] for name in MINE)
        shares = ", ".join(f"{name} {spent[name]:.2f} s" for name in MINE)
        print(f"{size:5} MB: {mine:8.2f} s, {mine / size:.2f} s a megabyte ({shares})", flush=True)


if __name__ == "__main__":
    main()
