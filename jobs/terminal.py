"""What a person sees while the job runs: messages and progress on stderr, never on stdout.

Progress bars appear only where stderr is a terminal; NO_COLOR is respected (by rich). In a batch run
the same events are single log lines.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType


class Reporter:
    """Writes messages at three levels: quiet (problems only), normal, verbose."""

    def __init__(self, level: int = 1) -> None:
        self.level = level
        self.started = time.monotonic()
        self._progress: Any = None
        self._task: Any = None

    def __enter__(self) -> Reporter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def problem(self, message: str) -> None:
        """Say something that a person has to know, at every level."""
        self._write(message)

    def say(self, message: str) -> None:
        """Say what was done, unless quiet."""
        if self.level >= 1:
            self._write(message)

    def detail(self, message: str) -> None:
        """Say more, when verbose."""
        if self.level >= 2:
            self._write(message)

    def stage(self, name: str, total: int = 0) -> None:
        """Begin a stage of `total` units; a bar on a terminal, a line when verbose."""
        self._stop()
        if self.level >= 1 and total > 0 and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
            )
            self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self._progress.start()
            self._task = self._progress.add_task(name, total=total)
        else:
            self.detail(f"{name} ({total})" if total else name)

    def advance(self, units: int = 1) -> None:
        """Move the bar of the current stage."""
        if self._progress is not None:
            self._progress.advance(self._task, units)

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _write(self, message: str) -> None:
        if self._progress is not None:
            self._progress.console.print(message, markup=False, highlight=False)
            return
        print(message, file=sys.stderr, flush=True)
