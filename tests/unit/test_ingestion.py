"""What a run does to the store: unchanged, changed, moved, broken and stopped articles."""

import io
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from accord import extraction, outcome
from accord.errors import AccordError, StoreError
from accord.export import as_dataset, export_claims, export_rdf
from accord.graph import BASE
from accord.ingestion import Ingestion, _StoppedError, unchanged_summary
from accord.overview import overview
from accord.progress import Progress
from accord.provenance.capture import find_captures, set_aside
from accord.settings import Settings
from accord.sources.files import File
from accord.store import open_store
from accord.store.embedded import EmbeddedStore
from accord.versions import current_versions
from tests.conftest import EXAMPLES, REPORT


def contents(store) -> bytes:
    buffer = io.BytesIO()
    with open_store(store) as opened:
        export_rdf(opened, "nquads", buffer)
    return buffer.getvalue()


def article_graphs(store) -> list[str]:
    with open_store(store) as opened:
        return sorted(
            {
                quad.graph_name.value
                for quad in opened.quads()
                if quad.graph_name.value.startswith(f"{BASE}graph/article/")
            }
        )


def test_a_second_run_leaves_the_store_as_it_is(write, ingest, tmp_path):
    folder = write("a.txt").parent
    write("empty.txt", "")
    first = ingest(folder)
    before = contents(tmp_path / "store")
    second = ingest(folder)
    assert (first.loaded, first.unchanged, len(first.set_aside)) == (1, 0, 1)
    assert (second.loaded, second.unchanged, len(second.set_aside)) == (0, 1, 1)
    assert contents(tmp_path / "store") == before


def test_claims_are_found_and_counted(write, ingest, tmp_path):
    summary = ingest(write("a.txt"))
    with open_store(tmp_path / "store") as store:
        found = overview(store)
    assert found.articles == 1
    assert sum(found.claims.values()) == sum(summary.claims.values()) > 0
    assert found.claims == dict(summary.claims)
    assert summary.document()["claims"] == dict(sorted(summary.claims.items()))
    assert "1 articles loaded" in summary.markdown()


def test_the_same_text_in_two_files_is_one_article(write, ingest, tmp_path):
    ingest(write("a.txt"), write("b.txt"))
    assert len(article_graphs(tmp_path / "store")) == 1


def test_a_changed_file_replaces_its_graph(write, ingest, tmp_path):
    path = write("a.txt")
    ingest(path)
    before = article_graphs(tmp_path / "store")
    write("a.txt", REPORT + "Iran attacked a convoy near Saraqib.\n")
    assert ingest(path).loaded == 1
    after = article_graphs(tmp_path / "store")
    assert len(after) == 1
    assert after != before


def test_an_article_that_another_file_still_holds_stays(write, ingest, tmp_path):
    one, two = write("a.txt"), write("b.txt")
    ingest(one, two)
    kept = article_graphs(tmp_path / "store")
    write("a.txt", REPORT + "Iran attacked a convoy near Saraqib.\n")
    ingest(one, two)
    assert len(article_graphs(tmp_path / "store")) == 2
    write("b.txt", REPORT + "Iran attacked a convoy near Saraqib.\n")
    ingest(one, two)
    assert len(article_graphs(tmp_path / "store")) == 1
    assert not set(kept) & set(article_graphs(tmp_path / "store"))


def test_an_article_with_an_address_keeps_its_graph_when_it_changes(write, ingest, tmp_path):
    header = "URL: https://example.org/1\n"
    ingest(write("a.txt", header + REPORT))
    before = article_graphs(tmp_path / "store")
    ingest(write("a.txt", header + REPORT + "More to follow from the capital.\n"))
    assert article_graphs(tmp_path / "store") == before


def test_what_was_read_before_is_not_lost_when_the_file_breaks(write, ingest, tmp_path):
    path = write("a.txt")
    ingest(path)
    before = article_graphs(tmp_path / "store")
    write("a.txt", "")
    assert "is empty" in next(iter(ingest(path).set_aside.values()))
    assert article_graphs(tmp_path / "store") == before
    write("a.txt")
    assert ingest(path).loaded == 1
    with open_store(tmp_path / "store") as store:
        assert set_aside(store) == []


def test_one_article_that_breaks_the_pipeline_is_set_aside_alone(
    write, ingest, tmp_path, monkeypatch
):
    real = extraction.read

    def breaking(articles, nlp):
        for article in articles:
            if article.name == "b":
                raise RuntimeError("boom")
            yield from real([article], nlp)

    monkeypatch.setattr(extraction, "read", breaking)
    for name in "abc":
        write(f"{name}.txt", REPORT + f"Report {name}.\n")
    summary = ingest(tmp_path / "articles")
    assert summary.loaded == 2
    (reason,) = summary.set_aside.values()
    assert "b broke the extraction: RuntimeError: boom" in reason
    with open_store(tmp_path / "store") as store:
        (capture,) = set_aside(store)
    assert (capture.name, capture.reason) == ("b", reason)


def test_notes_on_reading_are_kept(write, ingest, tmp_path):
    path = write("a.txt", (REPORT + "“Yes,” he said.\n").encode("cp1252"))
    ingest(path)
    with open_store(tmp_path / "store") as store:
        (capture,) = find_captures(store, [path.as_uri()]).values()
    assert capture.note == ("The file is not in UTF-8; it was read as cp1252.",)


def test_another_version_reads_again(write, ingest, tmp_path, monkeypatch):
    path = write("a.txt")
    ingest(path)
    monkeypatch.setattr("accord.versions.__version__", "9.9.9")
    monkeypatch.setattr("accord.ingestion.current_versions", current_versions.__wrapped__)
    assert ingest(path).loaded == 1


def test_several_workers_give_the_same_graphs(ingest, tmp_path):
    one = ingest(EXAMPLES, store=str(tmp_path / "one"))
    two = ingest(EXAMPLES, store=str(tmp_path / "two"), workers=2, batch=3)
    assert (one.loaded, one.claims) == (two.loaded, two.claims)
    assert _without_times(tmp_path / "one") == _without_times(tmp_path / "two")


def test_batches_that_are_extracted_from_several_threads_do_not_disturb_each_other(
    ingest, tmp_path
):
    ingest(EXAMPLES, store=str(tmp_path / "one"))
    settings = Settings(store=str(tmp_path / "two"), batch=1)
    with (
        Ingestion([EXAMPLES], settings, Progress(quiet=True)) as run,
        ThreadPoolExecutor(4) as threads,
    ):
        for outcomes in threads.map(run.extract, run.plan()):
            run.load(outcomes)
    assert _without_times(tmp_path / "one") == _without_times(tmp_path / "two")


def _without_times(store) -> set[bytes]:
    of_the_run = (b"generatedAtTime", b"firstCaptured", b"/graph/run/")
    lines = contents(store).splitlines()
    return {line for line in lines if not any(part in line for part in of_the_run)}


def test_nothing_is_loaded_twice_after_a_stop_in_the_middle(write, ingest, tmp_path):
    for name in "abcd":
        write(f"{name}.txt", REPORT + f"Report {name}.\n")
    settings = Settings(store=str(tmp_path / "store"), batch=1)
    with (
        pytest.raises(KeyboardInterrupt),
        Ingestion([tmp_path / "articles"], settings, Progress(quiet=True)) as run,
    ):
        batches = run.plan()
        run.load(run.extract(batches[0]))
        run.extract(batches[1])
        raise KeyboardInterrupt
    assert len(article_graphs(tmp_path / "store")) == 1
    summary = ingest(tmp_path / "articles")
    assert (summary.loaded, summary.unchanged) == (3, 1)


def test_a_run_that_is_over_gives_up_its_batch(write, tmp_path):
    paths = [write("a.txt"), write("b.txt", REPORT + "Report b.\n")]
    settings = Settings(store=str(tmp_path / "store"))
    with Ingestion(paths, settings, Progress(quiet=True)) as run:
        pass
    run._spool.folder.mkdir(parents=True)
    with pytest.raises(_StoppedError):
        run.extract([File(path) for path in paths])


def test_nothing_to_do_is_known_without_a_flow(write, ingest, tmp_path):
    path = write("a.txt")
    settings = Settings(store=str(tmp_path / "store"))
    assert unchanged_summary([path], settings) is None
    ingest(path)
    summary = unchanged_summary([path], settings)
    assert summary is not None
    assert summary.unchanged == 1


def test_claims_come_out_of_the_store_as_they_went_in(ingest, tmp_path):
    from accord.extraction import extract
    from accord.sources.files import Files

    ingest(EXAMPLES)
    articles = [file.article(file.read(), 10**6) for file in Files(EXAMPLES).discover()]
    extracted = [claim for _, claims in extract(articles) for claim in claims]
    with open_store(tmp_path / "store") as store:
        exported = list(export_claims(store))
    assert sorted(map(_unordered, exported)) == sorted(map(_unordered, extracted))
    assert exported


def _unordered(claim) -> str:
    parts = {"actor": sorted(set(claim.actor)), "target": sorted(set(claim.target))}
    return str(sorted((claim.document() | parts).items()))


def test_rdflib_reads_every_format_back(write, ingest, tmp_path):
    import rdflib

    ingest(write("a.txt"))
    with open_store(tmp_path / "store") as store:
        dataset = as_dataset(store)
        for format in ("trig", "turtle"):
            buffer = io.BytesIO()
            export_rdf(store, format, buffer)
            read = rdflib.Dataset(default_union=True)
            read.parse(data=buffer.getvalue().decode(), format=format)
            union = {quad[:3] for quad in dataset.quads()}
            assert {quad[:3] for quad in read.quads()} == union


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mount") is None, reason="only root may mount a small disk"
)
def test_a_full_disk_is_named_and_nothing_is_half_written(write, ingest, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"this machine lets nobody mount a disk: {mounted.stderr.decode().strip()}")
    try:
        ingest(write("a.txt"), store=str(disk / "store"))
        whole = _without_times(disk / "store")
        filler = disk / "filler"
        with filler.open("wb") as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(b"x" * 65536)
                file.flush()
        for number in range(40):
            write(f"{number}.txt", REPORT + f"Number {number}. " * 500)
        with pytest.raises(StoreError, match="cannot be") as caught:
            ingest(tmp_path / "articles", store=str(disk / "store"))
        assert "space" in str(caught.value)
        filler.unlink()
        assert whole <= _without_times(disk / "store")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_under_the_runs_folder_is_named(write, ingest, monkeypatch):
    real = outcome.extract_batch
    monkeypatch.setattr(
        "accord.ingestion.extract_batch",
        lambda paths, _, *rest: real(paths, Path("/dev/full"), *rest),
    )
    with pytest.raises(AccordError, match=r"No space left on device.*XDG_DATA_HOME"):
        ingest(write("a.txt"))


def test_a_failing_write_says_what_to_do(write, ingest, tmp_path, monkeypatch):
    def full(self, *_, **__):
        raise OSError("No space left on device (os error 28)")

    ingest(write("a.txt"))
    before = contents(tmp_path / "store")

    class Full:
        def __init__(self, store):
            self.store = store

        def __getattr__(self, name):
            return full.__get__(self) if name == "update" else getattr(self.store, name)

    monkeypatch.setattr(EmbeddedStore, "_oxigraph", property(lambda self: Full(self._store)))
    with pytest.raises(StoreError, match=r"No space left.*free some space"):
        ingest(write("b.txt", REPORT + "More.\n"))
    monkeypatch.undo()
    assert contents(tmp_path / "store") == before
