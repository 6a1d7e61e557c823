"""A run's account of itself: counts, rates, what was set aside and why, and alerts.

Each run leaves one JSON file in the folder of reports of the data directory, also one that fails.
What runs did in sum, for :mod:`~accord.operations.metrics`, is kept beside them.
"""

from __future__ import annotations

import fcntl
import json
import time
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from accord.errors import AccordError
from accord.graph import short_hash
from accord.resources import resource
from accord.settings import data_folder

KEPT = 10_000
"""Reports that are kept; the oldest go first. One an hour fills them in more than a year."""


@dataclass(slots=True)
class Summary:
    """What a run did. ``set_aside`` has a reason for each location; ``seconds`` is wall time.

    ``kind`` is the store's: "folder", or what server it is. ``sources`` are names, ``run`` is the
    run's IRI and ``started`` when it began (ISO 8601, UTC). ``claims`` counts those of the loaded
    articles by type, ``new_claims`` those of them that the store did not have. ``failed`` has a
    reason for each source that could not be read, ``error`` what ended the run early.
    ``recovered`` counts articles that an earlier run had extracted and could not load, and
    ``interrupted`` says how that run ended.
    """

    store: str
    kind: str = "folder"
    sources: tuple[str, ...] = ()
    run: str = ""
    started: str = ""
    discovered: int = 0
    unchanged: int = 0
    loaded: int = 0
    recovered: int = 0
    set_aside: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    claims: Counter[str] = field(default_factory=Counter)
    new_claims: Counter[str] = field(default_factory=Counter)
    store_retries: int = 0
    interrupted: str = ""
    error: str = ""
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Articles a second, the set-aside ones included."""
        return (self.loaded + len(self.set_aside)) / self.seconds if self.seconds else 0.0

    @property
    def state(self) -> str:
        """How the run ended: "failed", "incomplete" (a source could not be read) or "completed"."""
        return "failed" if self.error else "incomplete" if self.failed else "completed"

    @property
    def alerts(self) -> list[str]:
        """What a person should look at, by the limits of ``mappings/operations.toml``."""
        limits = _limits()
        found = []
        if self.error:
            found.append(f"The run did not end: {self.error}")
        if self.interrupted:
            found.append(
                f"An earlier run {self.interrupted}; of its articles {self.recovered} were still "
                "to be loaded, and are."
            )
        found += [f"The source {name} failed: {reason}" for name, reason in self.failed.items()]
        if self.store_retries >= limits["store_retries"]:
            found.append(
                f"The store did not answer {self.store_retries} times and was asked again."
            )
        aside, done = len(self.set_aside), self.loaded + len(self.set_aside)
        if aside >= limits["set_aside_least"] and aside >= limits["set_aside_share"] * done:
            found.append(f"{aside} of {done} articles were set aside.")
        return found

    def document(self) -> dict[str, Any]:
        """Return the summary for machines."""
        return {
            "store": self.store,
            "kind": self.kind,
            "sources": list(self.sources),
            "run": self.run,
            "started": self.started,
            "state": self.state,
            "discovered": self.discovered,
            "loaded": self.loaded,
            "recovered": self.recovered,
            "unchanged": self.unchanged,
            "set_aside": self.set_aside,
            "failed": self.failed,
            "claims": dict(sorted(self.claims.items())),
            "new_claims": dict(sorted(self.new_claims.items())),
            "store_retries": self.store_retries,
            "interrupted": self.interrupted,
            "error": self.error,
            "alerts": self.alerts,
            "seconds": round(self.seconds, 3),
            "articles_per_second": round(self.rate, 3),
        }

    def markdown(self) -> str:
        """Return the summary as Markdown, for the artifact of a Prefect run."""
        parts = [
            f"{self.loaded} articles loaded into `{self.store}`, {self.unchanged} unchanged, "
            f"{len(self.set_aside)} set aside, {self.seconds:.1f} s."
        ]
        if self.alerts:
            parts.append("**Alerts**\n\n" + "\n".join(f"- {alert}" for alert in self.alerts))
        rows = "\n".join(
            f"| {kind} | {count} | {self.new_claims[kind]} |"
            for kind, count in sorted(self.claims.items())
        )
        parts.append(f"| type | claims | new |\n|---|---|---|\n{rows}")
        if self.set_aside:
            reasons = "\n".join(f"- {reason}" for reason in self.set_aside.values())
            parts.append(f"**Set aside**\n\n{reasons}")
        return "\n\n".join(parts)


def reports_folder() -> Path:
    """Return the folder of the reports."""
    return data_folder() / "reports"


def keep(summary: Summary) -> Path:
    """Write a run's report, and add it to the sums.

    :raises AccordError: if the folder cannot be written
    """
    folder = reports_folder()
    when = summary.started.replace(":", "").replace("+0000", "Z")
    path = folder / f"{when}-{short_hash(summary.run)[:8]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(path, summary.document())
        _add(folder / "totals", summary)
        for old in sorted(folder.glob("*.json"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise AccordError(
            f"The folder of reports {folder} cannot be written: {error.strerror}.",
            "Free some space, or name another disk in XDG_DATA_HOME.",
        ) from error
    return path


def reports() -> list[dict[str, Any]]:
    """Return the reports that are kept, the oldest first."""
    paths = sorted(reports_folder().glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def totals() -> dict[str, dict[str, Any]]:
    """Return what runs did in sum, by their sources' names with commas between them.

    The values: ``runs`` by state, ``articles`` by what became of them, ``claims`` (new ones) by
    type, ``seconds``, ``alerts``, ``store_retries``, and ``last`` by state: when such a run ended
    (seconds since 1970).
    """
    try:
        document: dict[str, dict[str, Any]] = json.loads(
            (reports_folder() / "totals").read_text(encoding="utf-8")
        )
    except FileNotFoundError:
        return {}
    return document


def _add(path: Path, summary: Summary) -> None:
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        all_ = totals()
        of = all_.setdefault(", ".join(summary.sources), {})
        for name, counts in {
            "runs": {summary.state: 1},
            "articles": {
                "loaded": summary.loaded,
                "unchanged": summary.unchanged,
                "set_aside": len(summary.set_aside),
            },
            "claims": summary.new_claims,
        }.items():
            of[name] = dict(Counter(of.get(name, {})) + Counter(counts))
        of["seconds"] = of.get("seconds", 0.0) + summary.seconds
        of["alerts"] = of.get("alerts", 0) + len(summary.alerts)
        of["store_retries"] = of.get("store_retries", 0) + summary.store_retries
        of["last"] = of.get("last", {}) | {summary.state: round(time.time(), 3)}
        _write(path, all_)


def _write(path: Path, document: dict[str, Any]) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    part.rename(path)


@cache
def _limits() -> dict[str, float]:
    text = resource("mappings", "operations.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
