"""A pytest plugin for ./test: sorts the tests into parts by what they need, and tells how each part went.

It reads three variables and writes the file that the first of them names:

- `THREERINGS_PARTS_FILE`: where the outcome goes, one line a part: name, passed | failed | not run, seconds,
  remark, parted by tabs. With `--collect-only` only the names of the parts that have a test, one a line.
- `THREERINGS_LEFT_OUT`: parts that cannot or shall not run, `name=reason` parted by `|`. Their tests are
  deselected, counted and reported as not run, never passed over in silence.
- `THREERINGS_ELSEWHERE`: parts that another pytest of the same ./test runs, parted by `|`. Only that one tells of
  them, even that they are left out.

Where pytest-xdist runs the tests in several processes, the plugin is in each of them: every report brings the part
of its test along, and each process tells at its end what it left out, which is the same in all.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NEEDS = ("lab", "browser", "mariadb", "postgres", "slow", "service")
PLAIN = "tests"
DESELECTED = "threerings_deselected"


@dataclass(slots=True, kw_only=True)
class Part:
    """How the tests of one part went so far."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def result(self) -> str:
        """`failed` if any test failed, `passed` if one passed, else `not run`."""
        if self.counts["failed"]:
            return "failed"
        return "passed" if self.counts["passed"] else "not run"

    def remark(self) -> str:
        """The counts in words: `12 passed, 1 failed`."""
        return ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.counts.items()))


def part_of(item: pytest.Item) -> str:
    """The part of a test: its costliest need, or `tests`."""
    return next((need for need in NEEDS if item.get_closest_marker(need)), PLAIN)


def parse_left_out(text: str) -> dict[str, str]:
    """`lab=no root|slow=--fast` as a mapping of part to reason."""
    pairs = (entry.partition("=") for entry in text.split("|") if entry)
    return {name: reason for name, _, reason in pairs}


class PartsPlugin:
    """Keeps the parts of one test run and writes them down at its end."""

    def __init__(self, target: Path, left_out: dict[str, str], elsewhere: Set[str] = frozenset()) -> None:
        self._target = target
        self._left_out = left_out
        self._elsewhere = elsewhere
        self._found: set[str] = set()
        self._parts: dict[str, Part] = {}
        self._deselected: Counter[str] = Counter()
        self._skips: Counter[str] = Counter()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Deselects what is left out; `trylast`, so that -k and -m have had their say."""
        kept: list[pytest.Item] = []
        dropped: list[pytest.Item] = []
        for item in items:
            part = part_of(item)
            self._found.add(part)
            is_told_here = part not in self._elsewhere
            (kept if is_told_here and part not in self._left_out else dropped).append(item)
            self._deselected[part] += is_told_here and part in self._left_out
        items[:] = kept
        if dropped:
            config.hook.pytest_deselected(items=dropped)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Writes the part into the report, which may go to another process."""
        report = yield
        report.part = part_of(item)  # type: ignore[attr-defined]
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Counts a test once: by its call, or by the set-up or tear-down that went wrong."""
        # A report that xdist makes of a process that died brings no part.
        part = self._parts.setdefault(getattr(report, "part", PLAIN), Part())
        part.seconds += report.duration
        if hasattr(report, "wasxfail"):
            part.counts["expected failures"] += report.when == "call"
        elif report.skipped:
            part.counts["skipped"] += 1
            self._skips[skip_reason(report)] += 1
        elif report.failed or report.when == "call":
            part.counts[report.outcome] += 1

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Takes in what a process of xdist left out."""
        self._deselected = Counter(getattr(node, "workeroutput", {}).get(DESELECTED, self._deselected))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Writes the file; a process of xdist leaves that to the one that began it."""
        told = getattr(session.config, "workeroutput", None)
        if told is not None:
            told[DESELECTED] = dict(self._deselected)
            return
        only_names = session.config.option.collectonly
        lines = sorted(self._found) if only_names else ["\t".join(row) for row in self.rows()]
        self._target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Name, result, seconds and remark of each part, then of what was not run."""
        rows = [
            (name, part.result(), f"{part.seconds:.1f}", part.remark())
            for name, part in sorted(self._parts.items())
        ]
        for name, count in sorted(self._deselected.items()):
            if count:
                rows.append((name, "not run", "", f"{self._left_out[name]} ({count} tests)"))
        for reason, count in sorted(self._skips.items()):
            rows.append((f"{count} skipped", "not run", "", reason))
        return rows


def skip_reason(report: pytest.TestReport) -> str:
    """Why a test was skipped, in one line."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return " ".join(text.removeprefix("Skipped: ").split())


def pytest_configure(config: pytest.Config) -> None:
    """Registers the plugin with what ./test asks for; does nothing in a run without it."""
    target = os.environ.get("THREERINGS_PARTS_FILE")
    if target:
        left_out = parse_left_out(os.environ.get("THREERINGS_LEFT_OUT", ""))
        elsewhere = frozenset(os.environ.get("THREERINGS_ELSEWHERE", "").split("|"))
        config.pluginmanager.register(PartsPlugin(Path(target), left_out, elsewhere), "threerings-parts")
