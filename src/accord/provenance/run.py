"""A run: one ingestion, from which captures come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from accord.graph import BASE, NamedGraph, short_hash
from accord.graph.jsonld import ntriples
from accord.sources import Source
from accord.versions import Versions


@dataclass(frozen=True, slots=True)
class Run:
    """When an ingestion started (ISO 8601, UTC), with which versions, and on which sources.

    ``sources`` are the IRIs of the sources that it was given.
    """

    started: str
    versions: Versions
    sources: tuple[str, ...]

    @property
    def iri(self) -> str:
        """The run's IRI, which is also the name of its graph."""
        return f"{BASE}graph/run/{short_hash(self.started, self.versions.key, *self.sources)}"

    def graph(self) -> NamedGraph:
        """Return the run's named graph."""
        node = {
            "id": self.iri,
            "type": "Run",
            "started": self.started,
            "software": self.versions.software,
            "model": self.versions.model,
            "mappings": self.versions.mappings,
            "used": self.sources,
        }
        return NamedGraph(self.iri, ntriples([node]))


def start_run(sources: Sequence[Source], versions: Versions) -> Run:
    """Return the run that starts now."""
    # To the millisecond: two runs over the same sources are two.
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return Run(now, versions, tuple(source.iri for source in sources))
