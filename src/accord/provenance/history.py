"""History: what each version of Accord said of the articles of a store, also of former ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from accord.errors import UsageError
from accord.graph import ONTOLOGY, NamedGraph, graph_iri
from accord.graph.jsonld import sorted_ntriples
from accord.ontology import outdated_graphs
from accord.provenance.capture import Capture, captures_of
from accord.provenance.superseded import read_statements, superseded_iri
from accord.rules import load_rules
from accord.rules.derivation import Derivation
from accord.store import Store
from accord.store.memory import MemoryStore
from accord.versions import Versions

_MANY = 200
"""Articles in one step, so that a large store is copied in pieces."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one version made of one article; the captures say where, and when it was read.

    ``until`` is when it was replaced or dropped (ISO 8601), None of what holds now.
    """

    iri: str
    article: str
    versions: Versions
    claims: int
    captures: tuple[Capture, ...]
    until: str | None = None

    @property
    def since(self) -> str:
        """When the article was read so, ISO 8601; empty if nothing in the store says it."""
        return min((capture.captured for capture in self.captures), default="")

    @property
    def names(self) -> list[str]:
        """What the article was called at its locations."""
        return sorted({capture.name for capture in self.captures})

    def document(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "article": self.article,
            "names": self.names,
            **asdict(self.versions),
            "claims": self.claims,
            "since": self.since,
            "until": self.until,
        }


@dataclass(slots=True)
class VersionSummary:
    """What one version said: of how many articles, and of how many it is what holds now."""

    versions: Versions
    articles: int = 0
    current: int = 0
    claims: int = 0
    first: str = ""
    last: str = ""

    def document(self) -> dict[str, Any]:
        """Return it for machines."""
        found = asdict(self)
        return {**found.pop("versions"), **found}


def versions(store: Store) -> list[VersionSummary]:
    """Return the versions that a store has extractions of, by when they were first used.

    Of an article that a version read several times, with other words, the last counts.
    """
    found: dict[Versions, VersionSummary] = {}
    for said, those in _by_version(extractions(store)).items():
        summary = found.setdefault(said, VersionSummary(said))
        for extraction in _last(those):
            summary.articles += 1
            summary.current += extraction.until is None
            summary.claims += extraction.claims
        summary.first = min(extraction.since for extraction in those)
        summary.last = max(extraction.since for extraction in those)
    return sorted(found.values(), key=lambda summary: (summary.first, summary.versions.key))


def of_article(store: Store, article: str) -> list[Extraction]:
    """Return all extractions of one article, the oldest first.

    :param article: its name (a file's stem), its location, or its IRI
    :raises UsageError: if the store never had it
    """
    found = [
        extraction
        for extraction in extractions(store)
        if article in (extraction.article, *extraction.names)
        or any(capture.location == article for capture in extraction.captures)
    ]
    if not found:
        raise UsageError(
            f"The store has never read an article {article!r}.",
            "Give its name as `accord query claims` shows it, its location or its IRI.",
        )
    return sorted(found, key=lambda e: (e.since, e.until or "9", e.iri))


def find_version(store: Store, text: str) -> Versions:
    """Return the version that a text names: a hash, the number, or all of its key.

    :raises UsageError: if it names none that the store has extractions of, or several
    """
    known = [summary.versions for summary in versions(store)]
    found = [one for one in known if text == one.key] or [one for one in known if text in one.key]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} versions are" if found else "No version in the store is"
    names = "; ".join(one.key for one in found or known)
    raise UsageError(
        f"{what} called {text!r}: {names}.", "Give one by its hash; `accord history` lists them."
    )


def as_of(store: Store, version: Versions, *, derived: bool = True) -> Store:
    """Return a store in memory with what a version said, last, of what it found where.

    It has articles and captures of that version alone. Vocabulary and rules are today's.

    :param version: one that :func:`find_version` returns
    :param derived: also derive what follows by the rules, which takes longer than all the rest
    """
    copy = MemoryStore(f"{store.address} as of {version.key}")
    chosen = _last(_by_version(extractions(store)).get(version, []))
    for start in range(0, len(chosen), _MANY):
        graphs: dict[str, NamedGraph] = {}
        for extraction in chosen[start : start + _MANY]:
            name = graph_iri(extraction.article)
            graphs[name] = NamedGraph(name, sorted_ntriples(_statements(store, extraction)))
            graphs |= {capture.iri: capture.graph() for capture in extraction.captures}
        copy.replace(graphs.values())
    copy.replace(outdated_graphs(copy))
    if derived:
        rules = Derivation(copy)
        rules.begin()
        rules.finish()
    return copy


def asks_for_derived(sparql: str) -> bool:
    """Tell whether a query has a term of what rules derive."""
    terms = {term for rule in load_rules().values() for term in rule.terms}
    return not terms.isdisjoint(re.findall(r"\w+", sparql))


def extractions(store: Store) -> list[Extraction]:
    """Return all extractions that a store has, current and superseded."""
    return [*_current(store), *_superseded(store)]


def _by_version(found: Iterable[Extraction]) -> dict[Versions, list[Extraction]]:
    groups: dict[Versions, list[Extraction]] = {}
    for extraction in found:
        groups.setdefault(extraction.versions, []).append(extraction)
    return groups


def _last(found: Iterable[Extraction]) -> list[Extraction]:
    """Return of one version's extractions what it said last at each location.

    What holds now is the last; a file that changed while the version was in use has several.
    """
    taken: set[str] = set()
    articles: set[str] = set()
    chosen = []
    for extraction in sorted(found, key=lambda e: (e.until or "9", e.since, e.iri), reverse=True):
        locations = {capture.location for capture in extraction.captures}
        if extraction.article in articles or (locations and locations <= taken):
            continue
        taken |= locations
        articles.add(extraction.article)
        chosen.append(extraction)
    return chosen


def _current(store: Store) -> Iterator[Extraction]:
    counts: Any = store.query(
        "SELECT ?e (COUNT(?claim) AS ?n) WHERE { GRAPH ?g { ?claim accord:holder ?holder ; "
        "prov:wasGeneratedBy ?e } } GROUP BY ?e"
    )
    claims = {row["e"].value: int(row["n"].value) for row in counts}
    rows: Any = store.query(
        "SELECT ?e ?article ?software ?model ?mappings WHERE { GRAPH ?g { ?article a "
        "accord:Article ; prov:wasGeneratedBy ?e . ?e accord:softwareVersion ?software ; "
        "accord:modelHash ?model ; accord:mappingHash ?mappings } }"
    )
    found = [(row["e"].value, row["article"].value, _versions(row)) for row in rows]
    captures: dict[str, list[Capture]] = {}
    for capture in captures_of(store, [article for _, article, _ in found]):
        captures.setdefault(capture.holds or "", []).append(capture)
    for iri, article, said in found:
        yield Extraction(iri, article, said, claims.get(iri, 0), tuple(captures.get(article, ())))


def _superseded(store: Store) -> Iterator[Extraction]:
    captures: dict[str, list[Capture]] = {}
    rows: Any = store.query(
        "SELECT ?g ?location ?name ?digest ?version ?captured ?holds ?run WHERE { GRAPH ?g { "
        "?c a accord:FormerCapture ; prov:atLocation ?location ; dcterms:identifier ?name ; "
        "accord:sha256 ?digest ; accord:extractedWith ?version ; prov:generatedAtTime ?captured ; "
        "accord:formerlyHeld ?holds OPTIONAL { ?c prov:wasGeneratedBy ?run } } }"
    )
    names = ("location", "name", "digest", "version", "captured", "holds", "run")
    for row in rows:
        values: dict[str, Any] = {name: row[name] and row[name].value for name in names}
        captures.setdefault(row["g"].value, []).append(Capture(**values))
    rows = store.query(
        "SELECT ?g ?e ?article ?software ?model ?mappings ?claims ?until WHERE { GRAPH ?g { "
        "?g a accord:SupersededGraph ; prov:wasGeneratedBy ?e ; accord:claimCount ?claims ; "
        "prov:invalidatedAtTime ?until . ?e prov:used ?article ; accord:softwareVersion ?software "
        "; accord:modelHash ?model ; accord:mappingHash ?mappings } }"
    )
    for row in rows:
        yield Extraction(
            row["e"].value,
            row["article"].value,
            _versions(row),
            int(row["claims"].value),
            tuple(sorted(captures.get(row["g"].value, ()), key=lambda each: each.location)),
            row["until"].value,
        )


def _versions(row: Any) -> Versions:
    return Versions(*(row[name].value for name in ("software", "model", "mappings")))


def _statements(store: Store, extraction: Extraction) -> Iterator[Triple]:
    """Yield what an extraction said, wherever the store has it."""
    own = NamedNode(extraction.iri)
    at = extraction.iri
    seen: set[str] = set()
    held = extraction.until is None
    while not held:
        seen.add(at)
        rows: Any = store.query(
            f"SELECT ?text ?same WHERE {{ GRAPH <{superseded_iri(at)}> {{ ?g a "
            "accord:SupersededGraph OPTIONAL { ?g accord:statements ?text } "
            "OPTIONAL { ?g accord:sameStatementsAs ?same } } }"
        )
        row = next(iter(rows), None)
        if row is not None and row["text"] is not None:
            yield from _renamed(read_statements(row["text"].value), at, extraction)
            return
        # What it says is said by another, which may hold now, or be superseded itself.
        held = row is None or row["same"].value in seen
        at = at if row is None else row["same"].value
    answer: Any = store.query(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph_iri(extraction.article)}> "
        "{ ?s ?p ?o } }"
    )
    if NamedNode(at) == own:
        yield from answer
    else:
        yield from _renamed(answer, at, extraction)


def _renamed(triples: Iterable[Triple], said_by: str, extraction: Extraction) -> Iterator[Triple]:
    """Yield the statements of one extraction as those of another that says the same."""
    own, other = NamedNode(extraction.iri), NamedNode(said_by)
    values = {
        f"{ONTOLOGY}softwareVersion": extraction.versions.software,
        f"{ONTOLOGY}modelHash": extraction.versions.model,
        f"{ONTOLOGY}mappingHash": extraction.versions.mappings,
    }
    for said in triples:
        subject = own if said.subject == other else said.subject
        value = own if said.object == other else said.object
        if said.subject == other and said.predicate.value in values:
            value = Literal(values[said.predicate.value])
        yield Triple(subject, said.predicate, value)
