"""The simulated day of `make bench-pacing`: nobody answered by silence, and no more than what is possible."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from schedulers.campaigns.records import DialMode

DAY = Path(__file__).parents[3] / "benchmarks" / "pacing_day.py"


@pytest.fixture(scope="module")
def pacing() -> Iterator[ModuleType]:
    """The benchmark's module."""
    spec = importlib.util.spec_from_file_location("pacing_day", DAY)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pacing_day"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["pacing_day"]


def test_the_optimum_is_the_renewal_cycle(pacing: ModuleType) -> None:
    """One try in two answered: 90 s of talk in a cycle of 90 + 10 + 5 and a failure of 15; in preview 2 x 14 more."""
    lengths = pacing.Lengths(talk=90, wrap_up=10, answers_after=5, failures=((None, 1.0, 15.0),))
    progressive = pacing.Plan(mode=DialMode.PROGRESSIVE, answer_rate=0.5, lengths=lengths)
    preview = pacing.Plan(mode=DialMode.PREVIEW, answer_rate=0.5, lengths=lengths)
    assert pacing.optimum(progressive) == pytest.approx(90 / 120)
    assert pacing.optimum(preview) == pytest.approx(90 / 148)


@pytest.mark.parametrize("mode", [DialMode.PROGRESSIVE, DialMode.PREVIEW])
def test_an_hour_is_near_its_optimum(pacing: ModuleType, mode: DialMode) -> None:
    """No more lines than agents, everybody talked, hardly any time is lost, and the same seed gives the same hour."""
    plan = pacing.Plan(mode=mode, answer_rate=0.5, agents=8, hours=1.0)
    told = pacing.Day(plan).live()
    assert told.attempts > told.answered > told.done > 0
    assert told.most_lines == 8
    assert min(told.talk_us.values()) > 0
    assert 0 < told.lost(plan) < 0.01
    assert 0.85 < told.share(plan) / pacing.optimum(plan) < 1.1
    assert pacing.Day(plan).live() == told


def test_latency_is_time_lost(pacing: ModuleType) -> None:
    """Two seconds of set-up cost each attempt two seconds of an agent, and a day without customers loses it whole."""
    quick, slow = (
        pacing.Plan(mode=DialMode.PROGRESSIVE, answer_rate=0.2, agents=4, hours=0.5, latency=each)
        for each in (0.0, 2.0)
    )
    first, second = pacing.Day(quick).live(), pacing.Day(slow).live()
    assert second.lost_us - first.lost_us == pytest.approx(second.attempts * 2_000_000, rel=0.1)
    nothing = pacing.Plan(mode=DialMode.PROGRESSIVE, answer_rate=0.2, agents=1, hours=0.0)
    assert pacing.Day(nothing).live().attempts == 0
