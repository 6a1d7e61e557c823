"""Batches of about the same length."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord import batches as module
from accord.batches import batches, size
from accord.sources.files import File


@pytest.fixture
def files(tmp_path):
    def files(*lengths: int) -> list[File]:
        found = []
        for number, length in enumerate(lengths):
            path = tmp_path / f"{number:04}.txt"
            path.write_bytes(b"x" * length)
            found.append(File(path))
        return found

    return files


def lengths(batch):
    return sum(size(location) for location in batch)


def test_a_long_article_counts_for_many_short_ones(files):
    assert [len(batch) for batch in batches(files(900, *[100] * 9), 50, 2)] == [1, 9]


def test_every_worker_gets_as_many_batches_of_the_same_length(files):
    found = batches(files(*[100, 200, 300, 400, 500] * 22), 25, 2)
    assert len(found) == 6
    assert max(map(lengths, found)) < 1.1 * min(map(lengths, found))


def test_small_runs_are_cut_as_well(files):
    assert [len(batch) for batch in batches(files(10, 10), 50, 4)] == [1, 1]
    assert batches([], 50, 4) == []


def test_a_file_that_is_gone_is_left_to_whoever_reads_it(files):
    found = batches([*files(100, 100), File(Path("/nowhere/gone.txt"))], 50, 1)
    assert [len(batch) for batch in found] == [3]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 10_000), max_size=120), st.integers(1, 30), st.integers(1, 5))
def test_each_location_is_in_one_batch_in_order_and_none_is_too_large(sizes, most, workers):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "size", lambda location: sizes[location])
        found = batches(range(len(sizes)), most, workers)
    assert [item for batch in found for item in batch] == list(range(len(sizes)))
    assert all(1 <= len(batch) <= most for batch in found)
