"""Progress on standard error: one line with the rate, and nothing for machines."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as RichProgress
from rich.text import Text


class _Rate(ProgressColumn):
    """Articles, or whatever is done, a second since the start."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.1f} {self._unit}/s" if speed else "", style="progress.data.speed")


class Progress:
    """How far a run has come; shown only on a terminal, and not at all if ``quiet``.

    :param unit: what is counted
    """

    def __init__(self, quiet: bool = False, unit: str = "articles") -> None:
        console = Console(stderr=True)
        self._display = RichProgress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(unit),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self._task = self._display.add_task(f"looking for new {unit}", total=None)

    def start(self, articles: int | None, doing: str = "extracting") -> None:
        """Say how many articles there are to do, if that is known, and what is done with them."""
        self._display.start()
        self._display.update(self._task, total=articles, description=doing)

    def advance(self, articles: int) -> None:
        """Say that so many more are done."""
        self._display.advance(self._task, articles)

    def stop(self) -> None:
        """Take the display off the screen."""
        self._display.stop()
