"""Compares N-Triples with a golden file beside this module."""

from __future__ import annotations

from pathlib import Path

from rdflib import Graph
from rdflib.compare import isomorphic

from accord.versions import Versions

# Hashes of model and mappings change with every edit; what matters here is what they produce.
VERSIONS = Versions("golden", "golden", "golden")


def compare(made: str, name: str, update: bool) -> None:
    """Fail with the lines that differ from ``NAME.nt``; with `update`, write that file first."""
    path = Path(__file__).parent / f"{name}.nt"
    if update:
        path.write_text(made, encoding="utf-8")
    golden = path.read_text(encoding="utf-8")
    missing = sorted(set(golden.splitlines()) - set(made.splitlines()))
    new = sorted(set(made.splitlines()) - set(golden.splitlines()))
    difference = "".join(f"- {line}\n" for line in missing) + "".join(f"+ {line}\n" for line in new)
    assert not difference, f"\n{difference}"
    assert isomorphic(_read(made), _read(golden))


def _read(triples: str) -> Graph:
    return Graph().parse(data=triples, format="nt")
