"""One stored capture, one day: wallboard, commands, API and Excel show the same figures, number by number."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analytics.metrics.periods import Period, day_period
from analytics.people.devices import DeviceMap
from analytics.storage.engine import open_store
from config.policy_loader import load_policy
from config.settings import Language
from service.dashboard.board import Board, Rate
from service.live.hub import LiveHub
from service.live.pages import StoredPages
from service.live.parts import Teller
from service.live.state import DashboardState
from telephony.clock import ManualClock
from tests.service.api.conftest import Served, captured, fill, serving
from tests.service.cli.conftest import threerings
from tests.service.cli.running import Commands

__all__ = ["threerings"]

RULES = load_policy("default")
LAST = max(fact.at for fact in captured())
MINUTES = {"talk_minutes": "talk_minutes", "hold_minutes": "hold_minutes", "calls": "calls_handled"}
RINGS = {
    "offered": "ring_offered",
    "within": "ring_within",
    "rate": "three_ring_rate",
    "late": "ring_late",
    "no_answer": "ring_no_answer",
    "declined": "ring_declined",
    "caller_gave_up_late": "ring_caller_gave_up_late",
    "caller_gave_up_early": "ring_caller_gave_up_early",
    "answered_elsewhere": "ring_answered_elsewhere",
    "busy": "ring_busy",
    "unreachable": "ring_unreachable",
    "failed": "ring_failed",
    "ringing": "ring_open",
}
BY_AGENT = (*MINUTES.values(), *RINGS.values())
WHOLE = (
    *("calls", "inbound_answered", "inbound_abandoned", "ring_offered", "ring_within", "three_ring_rate"),
    *("caller_within", "callers_rung", "caller_three_ring_rate"),
)

Figures = dict[str, dict[str, Decimal | None]]
"""Whose, '' for the whole, and which: a number as it is shown."""


def day() -> Period:
    """The centre's day that the capture lies in."""
    return day_period(LAST.astimezone(RULES.zone).date(), RULES.zone)


def number(value: Any) -> Decimal | None:
    """A shown number, whatever it is written as; rates to the six decimals of the API."""
    return None if value in (None, "") else round(Decimal(str(value)), 6).normalize()


def in_minutes(ms: int) -> Decimal:
    """Milliseconds as minutes with four decimals, rounded once."""
    return (Decimal(ms) / 60_000).quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize()


def rate(value: Fraction | None) -> Decimal | None:
    """A share as a decimal number."""
    return None if value is None else number(Decimal(value.numerator) / value.denominator)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """The API over the stored capture, in the folder where commands are run."""
    (tmp_path / "data").mkdir()
    (tmp_path / "threerings.toml").write_text('data_dir = "data"\nlanguage = "en"\n', encoding="utf-8")
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    fill(engine)
    async with serving(engine) as found:
        yield found
    engine.dispose()


def board_of(served: Served) -> Board:
    """The wallboard's view a little after the last call, of facts as they came."""
    hub = LiveHub(RULES, DeviceMap())
    facts = captured()
    for start in range(0, len(facts), 40):
        hub.warm(facts[start : start + 40])
    teller = Teller(policy=RULES, person_of=hub.person_of)
    pages = StoredPages(served.engine, teller, hub.name_of, lambda: RULES)
    clock = ManualClock(LAST + timedelta(minutes=1))
    return DashboardState(hub, teller, pages, (), clock, Language.EN, demo=False).board()


def shown_by_agent(board: Board) -> Figures:
    """The figures beside each agent on the wallboard."""
    return {
        each.agent: {
            "talk_minutes": in_minutes(each.talk_ms),
            "calls_handled": number(each.calls),
            **shares(each.three_rings, "ring_within", "ring_offered", "three_ring_rate"),
        }
        for each in board.agents
    }


def shown_whole(board: Board) -> Figures:
    """The wallboard's tiles."""
    tiles = {"calls": board.calls, "inbound_answered": board.answered, "inbound_abandoned": board.abandoned}
    return {
        "": {
            **{name: number(value) for name, value in tiles.items()},
            **shares(board.three_rings, "ring_within", "ring_offered", "three_ring_rate"),
            **shares(board.three_rings_caller, "caller_within", "callers_rung", "caller_three_ring_rate"),
        }
    }


def shares(shown: Rate, within: str, counted: str, name: str) -> dict[str, Decimal | None]:
    """A rate of the wallboard under its metrics' names."""
    return {within: number(shown.within), counted: number(shown.counted), name: rate(shown.value)}


def printed(rows: Iterable[dict[str, Any]], names: dict[str, str]) -> Figures:
    """Rows of a command's or the API's report."""
    return {row.get("agent", ""): {metric: number(row[name]) for name, metric in names.items()} for row in rows}


def of_query(body: dict[str, Any]) -> Figures:
    """Rows of the API's JSON."""
    return {
        "".join(row["key"].values()): {name: number(value) for name, value in row["values"].items()}
        for row in body["rows"]
    }


def of_table(rows: list[list[Any]], keys: int, metrics: tuple[str, ...]) -> Figures:
    """Rows of a table with so many keys before the figures; its first line has titles."""
    return {
        "".join(map(str, row[:keys])): dict(zip(metrics, map(number, row[keys:]), strict=True)) for row in rows[1:]
    }


async def asked(served: Served, metrics: tuple[str, ...], group: str = "") -> dict[str, Figures]:
    """The same question to the API in three formats."""
    path = f"/api/v1/query?metrics={','.join(metrics)}&period={day().label}" + (f"&group={group}" if group else "")
    text = (await served.body(path + "&format=csv")).decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(await served.body(path + "&format=xlsx")))
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    keys = 1 if group else 0
    return {
        "json": of_query(await served.body(path)),
        "csv": of_table(list(csv.reader(io.StringIO(text, newline=""))), keys, metrics),
        "excel": of_table(cells, keys, metrics),
    }


def only(figures: Figures, like: Figures) -> Figures:
    """Of these figures those that another outlet shows too."""
    return {who: {name: figures[who][name] for name in names} for who, names in like.items()}


async def test_each_agents_figures_are_the_same_in_all_outlets(served: Served, threerings: Commands) -> None:
    """Minutes, calls and rings on the wallboard, printed by commands, in the API's JSON and CSV, and in Excel."""
    api = await asked(served, BY_AGENT, "agent")
    assert api["csv"] == api["excel"] == api["json"]
    board = shown_by_agent(board_of(served))
    assert set(board) == set(api["json"])
    assert only(api["json"], board) == board
    for report, names in (("minutes", MINUTES), ("three-rings", RINGS)):
        command = printed(threerings("report", report, "--period", day().label, "--json").lines, names)
        assert command == only(api["json"], command)
        counted = "calls_handled" if report == "minutes" else "ring_offered"
        assert {who for who, each in board.items() if each[counted]} <= set(command)
        told = await served.body(f"/api/v1/reports/{report}?period={day().label}")
        assert printed(told["rows"], names) == command


async def test_the_centres_figures_are_the_same_in_all_outlets(served: Served, threerings: Commands) -> None:
    """Calls, answered, abandoned and both views of three rings; the commands show the agents' view."""
    api = await asked(served, WHOLE)
    assert api["csv"] == api["excel"] == api["json"]
    assert shown_whole(board_of(served)) == api["json"]
    lines = threerings("report", "three-rings", "--period", day().label, "--group", "none", "--json").lines
    command = printed(lines, {name: RINGS[name] for name in ("offered", "within", "rate")})
    assert command == only(api["json"], command)


async def test_what_is_compared_is_no_row_of_zeros(served: Served) -> None:
    """The capture has agents with minutes, losses and a rate that no rounding hides."""
    found = (await asked(served, BY_AGENT, "agent"))["json"]
    for name in ("talk_minutes", "hold_minutes", "calls_handled", "ring_within", "ring_no_answer", "ring_declined"):
        assert any(each[name] for each in found.values()), name
    assert any(each["three_ring_rate"] not in (None, 0, 1) for each in found.values())
    assert all(day().start <= fact.at < day().end for fact in captured())
