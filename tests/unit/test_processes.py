"""The pool of processes, with real processes that are really killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from accord.article import Article
from accord.ingestion import Ingestion
from accord.processes import Killed, StoppedError, WorkerPool
from accord.progress import Progress
from accord.settings import load_settings
from accord.sources import Location
from accord.sources.files import File


def double(numbers: Sequence[int]) -> list[int]:
    return [2 * number for number in numbers]


def who(numbers: Sequence[int]) -> int:
    return os.getpid()


def fail(numbers: Sequence[int]) -> None:
    raise ValueError(f"no {numbers[0]}")


def double_but(deadly: frozenset[int], numbers: Sequence[int]) -> list[int]:
    """Double numbers; a deadly one ends the process, as a fault in a library does."""
    for number in numbers:
        if number in deadly:
            os.kill(os.getpid(), signal.SIGKILL)
    return double(numbers)


def die_once(marker: Path, numbers: Sequence[int]) -> list[int]:
    if not marker.exists():
        marker.touch()
        os._exit(9)
    return double(numbers)


def sleep(seconds: Sequence[float]) -> int:
    time.sleep(seconds[0])
    return os.getpid()


def test_a_process_is_kept_for_the_next_batch_and_is_another_one():
    with WorkerPool(1) as pool:
        pids = {result for _ in range(3) for _, result in pool.run(who, [1])}
    assert len(pids) == 1
    assert os.getpid() not in pids


def test_what_the_work_raises_is_raised_here_and_the_process_lives_on():
    with WorkerPool(1) as pool:
        [(_, before)] = pool.run(who, [1])
        with pytest.raises(ValueError, match="no 7"):
            list(pool.run(fail, [7]))
        [(_, after)] = pool.run(who, [1])
    assert before == after


def test_the_item_that_ends_its_process_is_found_and_the_others_are_done():
    with WorkerPool(1) as pool:
        found = list(pool.run(partial(double_but, frozenset({5, 6})), list(range(12))))
    assert [item for items, _ in found for item in items] == list(range(12))
    killed = {tuple(items): str(end) for items, end in found if isinstance(end, Killed)}
    assert killed == {(5,): "SIGKILL", (6,): "SIGKILL"}
    done = [number for _, result in found if isinstance(result, list) for number in result]
    assert done == [2 * number for number in range(12) if number not in (5, 6)]


def test_a_batch_whose_process_was_ended_by_something_else_is_tried_again_whole(tmp_path):
    with WorkerPool(1) as pool:
        assert list(pool.run(partial(die_once, tmp_path / "died"), [1, 2, 3])) == [
            ([1, 2, 3], [2, 4, 6])
        ]


def test_the_death_of_one_process_concerns_no_other_batch():
    with WorkerPool(2) as pool, ThreadPoolExecutor(2) as threads:
        slow = threads.submit(lambda: list(pool.run(sleep, [1.5])))
        list(pool.run(partial(double_but, frozenset({1})), [1]))
        [(items, result)] = slow.result()
    assert items == [1.5]
    assert isinstance(result, int)


def test_no_more_processes_than_asked_for_whatever_is_ordered():
    with WorkerPool(2) as pool, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: next(iter(pool.run(sleep, [0.2])))[1], range(8)))
    assert len(set(found)) <= 2


def test_closing_at_once_gives_up_what_is_under_way():
    pool = WorkerPool(1)
    raised: list[BaseException] = []

    def order() -> None:
        try:
            list(pool.run(sleep, [60.0]))
        except StoppedError as error:
            raised.append(error)

    thread = threading.Thread(target=order)
    thread.start()
    time.sleep(2)
    started = time.monotonic()
    pool.close(at_once=True)
    thread.join()
    assert time.monotonic() - started < 10
    assert len(raised) == 1


def test_the_processes_end_with_the_one_that_started_them():
    code = (
        "import os, signal\n"
        "from accord.processes import WorkerPool\n"
        "from tests.unit.test_processes import who\n"
        "if __name__ == '__main__':\n"
        "    [(_, pid)] = WorkerPool(1).run(who, [1])\n"
        "    print(pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=False
    )
    child = int(done.stdout)
    for _ in range(50):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail(f"{child} outlived the process that started it")


@dataclass(frozen=True)
class Deadly:
    """A location of which the reading ends the process, as a fault in a parser does."""

    path: Path

    @property
    def iri(self) -> str:
        return self.path.as_uri()

    @property
    def name(self) -> str:
        return self.path.stem

    def read(self) -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return b""

    def article(self, content: bytes, largest: int) -> Article:
        raise NotImplementedError


@dataclass(frozen=True)
class Some:
    """A source of given locations."""

    locations: tuple[Location, ...]
    name: str = "some"
    iri: str = "urn:some"

    def discover(self) -> Iterator[Location]:
        return iter(self.locations)


def test_an_article_that_ends_its_process_is_set_aside_and_the_others_are_loaded(tmp_path):
    good = []
    for number in range(7):
        good.append(tmp_path / f"{number}.txt")
        good[-1].write_text(f"Turkey will withdraw its {number} observation posts by October 15.")
    bad = Deadly(tmp_path / "bad.txt")
    locations = [File(path) for path in good]
    source = Some((*locations[:3], bad, *locations[3:]))
    settings = load_settings(store=str(tmp_path / "store"), workers=2)
    with Ingestion([source], settings, Progress(quiet=True)) as run:
        for batch in run.plan():
            run.load(run.extract(batch))
    assert run.summary.loaded == 7
    assert list(run.summary.set_aside) == [bad.iri]
    assert "ended the process that read it (SIGKILL)" in run.summary.set_aside[bad.iri]
