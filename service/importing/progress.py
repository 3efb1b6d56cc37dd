"""How far an import has come: bars on a terminal, elsewhere a line every ten seconds; always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import IO, Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from telephony.clock import Clock, SystemClock

EVERY_SECONDS = 10.0


class Meter(Protocol):
    """Is told of each stage how much there is to do and how much is done."""

    def begin(self, stage: str, total: int | None, unit: str) -> None:
        """A stage begins; `total` in whatever is counted, `unit` names what the rate counts."""
        ...

    def reached(self, done: int, count: int) -> None:
        """So much of the total is done, and so many units."""
        ...

    def end(self) -> None:
        """The stage is done."""
        ...

    def say(self, text: str) -> None:
        """A sentence."""
        ...

    def finish(self) -> None:
        """All stages are done: what comes now is the result."""
        ...


class Silent:
    """Tells nothing."""

    def begin(self, stage: str, total: int | None, unit: str) -> None:
        """See Meter."""

    def reached(self, done: int, count: int) -> None:
        """See Meter."""

    def end(self) -> None:
        """See Meter."""

    def say(self, text: str) -> None:
        """See Meter."""

    def finish(self) -> None:
        """See Meter."""


class Lines:
    """A line every ten seconds, and one for each stage that took so long."""

    def __init__(self, out: IO[str] | None = None, clock: Clock | None = None) -> None:
        self._out = out or sys.stderr
        self._clock = clock or SystemClock()
        self._stage, self._unit = "", ""
        self._total: int | None = None
        self._began = self._told_at = 0.0
        self._base: int | None = None
        self._last = (0, 0)

    def begin(self, stage: str, total: int | None, unit: str) -> None:
        """See Meter."""
        self._stage, self._total, self._unit = stage, total, unit
        self._began = self._told_at = self._clock.monotonic()
        self._base, self._last = None, (0, 0)

    def reached(self, done: int, count: int) -> None:
        """See Meter."""
        if self._base is None:
            self._base = done
        self._last = (done, count)
        now = self._clock.monotonic()
        if now - self._told_at >= EVERY_SECONDS:
            self._told_at = now
            self._tell(now)

    def end(self) -> None:
        """See Meter."""
        if self._told_at > self._began:
            self._tell(self._clock.monotonic())

    def say(self, text: str) -> None:
        """See Meter."""
        self._out.write(text + "\n")
        self._out.flush()

    def finish(self) -> None:
        """See Meter."""

    def _tell(self, now: float) -> None:
        done, count = self._last
        spent = now - self._began
        share = f", {100 * done // self._total} %" if self._total else ""
        self.say(
            f"{self._stage}: {count:,} {self._unit}{share}, {count / spent:,.0f} {self._unit}/s{self._left(now)}"
        )

    def _left(self, now: float) -> str:
        done, _ = self._last
        progressed = done - (self._base or 0)
        if not self._total or progressed <= 0:
            return ""
        return f", {max(self._total - done, 0) * (now - self._began) / progressed:,.0f} s left"


class Bars:
    """One bar a stage, with rate and time left."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            redirect_stdout=False,  # the result goes where the user sends it
        )
        self._clock = SystemClock()
        self._task: TaskID | None = None
        self._unit = ""
        self._began = 0.0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begin(self, stage: str, total: int | None, unit: str) -> None:
        """See Meter."""
        self._task = self._progress.add_task(stage, total=total, rate="")
        self._unit = unit
        self._began = self._clock.monotonic()

    def reached(self, done: int, count: int) -> None:
        """See Meter."""
        if self._task is not None:
            spent = max(self._clock.monotonic() - self._began, 0.001)
            rate = f"{count:,} {self._unit}, {count / spent:,.0f}/s"
            self._progress.update(self._task, completed=done, rate=rate)

    def end(self) -> None:
        """See Meter."""
        if self._task is not None:
            total = next(task.total for task in self._progress.tasks if task.id == self._task)
            self._progress.update(self._task, total=total or 1, completed=total or 1)

    def say(self, text: str) -> None:
        """See Meter."""
        self._progress.console.print(text, markup=False, highlight=False)

    def finish(self) -> None:
        """See Meter."""
        self._progress.stop()


def metered(run: Callable[[Meter], None]) -> None:
    """Run with bars where stderr is a terminal, else with lines."""
    if not sys.stderr.isatty():
        run(Lines())
        return
    with Bars() as bars:
        run(bars)
