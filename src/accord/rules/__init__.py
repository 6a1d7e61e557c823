"""Rules: what follows from claims, as CONSTRUCT queries in ``mappings/rules``.

A rule's file starts with the comments ``# title:`` and ``# description:``, and is plain SPARQL 1.1
with these words in it, that are variables to a SPARQL parser and filled in for each article:
``$article``, ``$graph`` (the article's graph) and ``$topics`` (the graph of its
:mod:`~accord.rules.topics`).

A rule on pairs has the line ``VALUES (?claim ?other ?otherGraph) { }``, that is filled with claims
of the article beside those that they may be related to. It states one property of two claims, that
holds both ways and is kept once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from accord.errors import QueryError
from accord.graph import BASE, ID
from accord.resources import resource

TOPICS = "topics"
_PAIRS = re.compile(r"VALUES \(\?claim \?other \?otherGraph\) \{ *\}")
_HEAD = re.compile(r"^#\s*(title|description|days):\s*(.+)$", re.MULTILINE)
_CONSTANT = re.compile(r"GRAPH <([^>]+)>")
#: The files of the ontology from which graphs that rules read are made.
_FILES = {f"{BASE}graph/sides": "actors"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, by the stem of its file.

    ``hash`` changes with its text, with what decides which claims it gets to see, and with the
    files of the ontology whose graphs it reads.
    """

    name: str
    title: str
    description: str
    sparql: str
    hash: str
    days: int = 0

    @property
    def iri(self) -> str:
        """The rule's IRI."""
        return f"{ID}rule/{self.name}"

    @property
    def takes_pairs(self) -> bool:
        """Whether it runs on pairs of claims, and not on an article alone."""
        return bool(_PAIRS.search(self.sparql))

    @property
    def needs_topics(self) -> bool:
        """Whether it reads the topics of articles, or is told pairs by them."""
        return self.takes_pairs or "$topics" in self.sparql

    @property
    def constants(self) -> list[str]:
        """The graphs that it reads besides those of articles and their topics."""
        return sorted(set(_CONSTANT.findall(self.sparql)))

    @property
    def terms(self) -> frozenset[str]:
        """The names of the terms that its statements are made of."""
        return frozenset(re.findall(r"\baccord:(\w+)", self.sparql.partition("WHERE")[0]))

    def graph(self, *articles: str) -> str:
        """Return the name of the graph for what it derives for an article, or for two."""
        return f"{BASE}graph/derived/{self.name}/{'-'.join(sorted(map(article_key, articles)))}"

    def query(self, article: str, pairs: Iterable[tuple[str, str, str]] = ()) -> str:
        """Return its SPARQL for an article.

        :param article: the article's IRI
        :param pairs: of a claim of the article, another claim, and the graph of that one
        """
        key = article_key(article)
        words = {
            "article": article,
            "graph": f"{BASE}graph/article/{key}",
            "topics": f"{BASE}graph/derived/{TOPICS}/{key}",
        }
        sparql = re.sub(
            r"\$(article|graph|topics)\b", lambda word: f"<{words[word[1]]}>", self.sparql
        )
        rows = " ".join(f"(<{claim}> <{other}> <{graph}>)" for claim, other, graph in pairs)
        return _PAIRS.sub(f"VALUES (?claim ?other ?otherGraph) {{ {rows} }}", sparql)


def article_key(iri: str) -> str:
    """Return what the IRI of an article, and the names of its graphs, end with."""
    return iri.rsplit("/", 1)[-1]


@cache
def load_rules() -> dict[str, Rule]:
    """Return all rules by name, the topics first.

    :raises QueryError: if a file lacks its title
    """
    paths = sorted(resource("mappings", "rules").glob("*.rq"))
    paths.sort(key=lambda path: path.stem != TOPICS)
    return {path.stem: _read(path) for path in paths}


def _read(path: Path) -> Rule:
    sparql = path.read_text(encoding="utf-8")
    heads = dict(_HEAD.findall(sparql))
    if "title" not in heads:
        raise QueryError(f"{path} has no line `# title: ...`.", "Say there what the rule derives.")
    digest = hashlib.sha256(sparql.encode())
    for graph in sorted(set(_CONSTANT.findall(sparql))):
        name = _FILES.get(graph, graph.rsplit("/", 1)[-1])
        digest.update(resource("ontology", f"{name}.ttl").read_bytes())
    if "$topics" in sparql or _PAIRS.search(sparql):
        digest.update((path.parent / f"{TOPICS}.rq").read_bytes())
    return Rule(
        name=path.stem,
        title=heads["title"],
        description=heads.get("description", ""),
        sparql=sparql,
        hash=digest.hexdigest()[:12],
        days=int(heads.get("days", 0)),
    )
