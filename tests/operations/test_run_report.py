"""A run's account of itself, on disk, in sums and for Prometheus."""

import json
from dataclasses import dataclass

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from accord.errors import AccordError, SourceError
from accord.ingestion import Ingestion, unchanged_summary
from accord.operations import logs
from accord.operations.metrics import Runs
from accord.operations.run_report import reports, totals
from accord.progress import Progress
from accord.settings import Settings, data_folder
from tests.conftest import REPORT


@dataclass(frozen=True)
class Away:
    """A source that cannot be read for the first few times."""

    asked: list
    name: str = "away"
    iri: str = "https://away.example/feed"
    fails: int = 99

    def discover(self):
        self.asked.append(self.name)
        if len(self.asked) <= self.fails:
            raise SourceError("The feed away does not answer.")
        yield from ()


def test_every_run_leaves_a_report(write, ingest):
    path = write("a.txt")
    ingest(path, write("bad.txt", ""))
    ingest(path)
    first, second = reports()
    assert (first["loaded"], len(first["set_aside"]), first["discovered"]) == (1, 1, 2)
    assert first["new_claims"] == first["claims"] != {}
    assert first["state"] == "completed"
    assert (second["loaded"], second["unchanged"], second["claims"]) == (0, 1, {})


def test_new_claims_are_those_that_the_store_did_not_have(write, ingest):
    # Known by its address; without one another text would be another article.
    addressed = "URL: https://gazette.example/sochi\n\n" + REPORT
    path = write("a.txt", addressed)
    ingest(path)
    write(
        "a.txt", addressed + "Iran demanded on Friday that Israel withdraw from southern Lebanon.\n"
    )
    ingest(path)
    first, second = reports()
    assert sum(second["claims"].values()) == sum(first["claims"].values()) + 1
    assert second["new_claims"] == {"Demand": 1}


def test_many_that_are_set_aside_are_an_alert(write, ingest):
    for name in "abc":
        write(f"{name}.txt", "")
    folder = write("good.txt").parent
    assert ingest(folder).alerts == ["3 of 4 articles were set aside."]


def test_a_source_that_fails_stops_no_other(write, ingest, monkeypatch):
    monkeypatch.setattr("accord.discovery._PAUSES", (0.0, 0.0))
    asked = []
    done = ingest(Away(asked), write("a.txt"))
    assert done.loaded == 1
    assert len(asked) == 3
    assert done.failed == {"away": "The feed away does not answer."}
    assert done.alerts == ["The source away failed: The feed away does not answer."]
    assert reports()[0]["state"] == "incomplete"


def test_a_source_that_comes_back_is_no_failure(write, ingest, monkeypatch):
    monkeypatch.setattr("accord.discovery._PAUSES", (0.0, 0.0))
    assert ingest(Away([], fails=2), write("a.txt")).failed == {}


def test_a_killed_run_is_told_of_by_the_next(write, tmp_path):
    for name in "abcd":
        write(f"{name}.txt", REPORT + f"Report {name}.\n")
    settings = Settings(store=str(tmp_path / "store"), batch=1)
    folder = tmp_path / "articles"
    # As after a kill: the batch is on disk, the lock is gone, and nobody has tidied up.
    run = Ingestion([folder], settings, Progress(quiet=True))
    run.extract(run.plan()[0])
    run._store.close()
    run._spool._unlock()
    with Ingestion([folder], settings, Progress(quiet=True)) as again:
        for batch in again.plan():
            again.load(again.extract(batch))
    assert (again.summary.loaded, again.summary.recovered) == (4, 1)
    (alert,) = again.summary.alerts
    assert "An earlier run that started at" in alert
    assert "was killed; of its articles 1 " in alert
    with Ingestion([folder], settings, Progress(quiet=True)) as third:
        assert third.plan() == []
    assert third.summary.alerts == []


def test_two_runs_of_one_source_do_not_overlap(write, tmp_path):
    first, second = write("a.txt"), write("b.txt", REPORT + "Another.\n")
    one = Settings(store=str(tmp_path / "one"))
    with Ingestion([first, second], one, Progress(quiet=True)):
        # Of other sources besides, but one of them is the same.
        with pytest.raises(AccordError, match=r"Another run loads .*b\.txt"):
            Ingestion([second], one, Progress(quiet=True))
        other = Settings(store=str(tmp_path / "other"))
        Ingestion([second], other, Progress(quiet=True)).__exit__(None, None, None)
    Ingestion([second], one, Progress(quiet=True)).__exit__(None, None, None)


def test_a_run_that_fails_says_so(write, tmp_path):
    settings = Settings(store=str(tmp_path / "store"))
    with (
        pytest.raises(KeyboardInterrupt),
        Ingestion([write("a.txt")], settings, Progress(quiet=True)),
    ):
        raise KeyboardInterrupt
    (report,) = reports()
    assert (report["state"], report["error"]) == ("failed", "It was stopped (KeyboardInterrupt).")


def test_metrics_are_the_sum_of_the_runs(write, ingest, tmp_path):
    path, bad = write("a.txt"), write("bad.txt", "")
    ingest(path)
    ingest(path)
    ingest(path, bad)
    registry = CollectorRegistry()
    registry.register(Runs(Settings(store=str(tmp_path / "store"))))
    text = generate_latest(registry).decode()
    assert f'accord_runs_total{{source="{path}",state="completed"}} 2.0' in text
    assert f'accord_articles_total{{outcome="loaded",source="{path}"}} 1.0' in text
    assert f'accord_articles_total{{outcome="set_aside",source="{path}, {bad}"}} 1.0' in text
    assert "accord_dead_letters 1.0" in text
    claims = sum(totals()[str(path)]["claims"].values())
    assert claims > 0
    assert f'accord_claims_total{{source="{path}",type="Demand"}} 1.0' in text


def test_logs_are_lines_with_run_and_article(write, ingest, tmp_path):
    target = tmp_path / "log.jsonl"
    logs.configure(str(target))
    try:
        with logs.within(run="r1"):
            ingest(write("a.txt"), write("bad.txt", ""))
    finally:
        logs.configure(None)
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    by_message = {line["message"]: line for line in lines}
    assert set(by_message) == {"article loaded", "article set aside", "run ended"}
    assert by_message["article loaded"]["run"] == by_message["article set aside"]["run"] == "r1"
    assert by_message["run ended"]["run"].startswith("https://w3id.org/accord-kg/graph/run/")
    assert by_message["article loaded"]["article"].startswith("https://w3id.org/accord-kg/id/")
    assert by_message["article set aside"]["level"] == "warning"
    assert "is empty" in by_message["article set aside"]["reason"]
    assert by_message["run ended"]["state"] == "completed"


def test_an_article_that_ends_its_process_is_set_aside(write, ingest, tmp_path, monkeypatch):
    for name in "abcd":
        write(f"{name}.txt", REPORT + f"Report {name}.\n")
    monkeypatch.setattr("accord.ingestion._in_worker", _fatal)
    done = ingest(tmp_path / "articles", workers=2, batch=4)
    assert done.loaded == 3
    ((location, reason),) = done.set_aside.items()
    assert location.endswith("/c.txt")
    assert "SIGKILL" in reason
    assert list((data_folder() / "runs").iterdir()) == []


def _fatal(target, settings, locations):
    import os
    import signal

    from accord.ingestion import _part
    from accord.outcome import extract_batch

    if any(location.name == "c" for location in locations):
        os.kill(os.getpid(), signal.SIGKILL)
    return extract_batch(locations, _part(target, locations), settings, lambda: None)


def test_what_an_earlier_run_left_is_no_unchanged_run(write, tmp_path):
    settings = Settings(store=str(tmp_path / "store"))
    path = write("a.txt")
    with Ingestion([path], settings, Progress(quiet=True)) as run:
        run.extract(run.plan()[0])
    # Found out before anything is loaded, so that the run that loads it can tell of it.
    assert unchanged_summary([path], settings) is None
    with Ingestion([path], settings, Progress(quiet=True)) as run:
        assert run.plan() == []
    assert (run.summary.loaded, run.summary.recovered) == (1, 1)
