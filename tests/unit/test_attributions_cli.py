"""``accord attributions``: the form that it writes, and that its places are those of the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

TEXT = (
    "Idlib truce under strain\r\n\r\n"
    "“We\u00a0have left the town,” Maria Zakharova said.\r\n\r\n"
    "It was reported that the rebels had come back.\r\n"
)


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_places_hold_for_the_file_as_it_is(
    accord: Callable[..., Any], write: Callable[..., Path]
) -> None:
    path = write("strain.txt", TEXT)
    rows = lines(accord("attributions", str(path)).stdout)
    assert rows
    for row in rows:
        assert row["article"] == "strain"
        for role in ("source", "cue", "content"):
            pieces = [TEXT[start:end] for start, end in row[role]]
            assert " … ".join(pieces) == row["text"][role]
    said = next(row for row in rows if row["text"]["cue"] == "said")
    assert said["text"]["source"] == "Maria Zakharova"
    assert "We\u00a0have left the town" in said["text"]["content"]
    assert (said["kind"], said["class"]) == ("direct", "assert")
    assert (said["speaker"], said["holder"]) == ("Maria Zakharova", "Russia")


def test_nobody_s_report_has_no_source(
    accord: Callable[..., Any], write: Callable[..., Path]
) -> None:
    rows = lines(accord("attributions", str(write("strain.txt", TEXT))).stdout)
    reported = next(row for row in rows if "reported" in row["text"]["cue"])
    assert reported["source"] == []
    assert "speaker" not in reported


def test_a_table_shows_who_says_what(
    accord: Callable[..., Any], write: Callable[..., Path]
) -> None:
    out = accord("attributions", str(write("strain.txt", TEXT)), "--format", "table").stdout
    assert "Zakharova" in out
    assert "said" in out


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    accord: Callable[..., Any], write: Callable[..., Path]
) -> None:
    bad, good = write("bad.txt", b"\0\1\2\3" * 40), write("good.txt", TEXT)
    result = accord("attributions", str(bad), str(good))
    assert result.returncode == 3
    assert "bad.txt" in result.stderr
    assert {row["article"] for row in lines(result.stdout)} == {"good"}
