"""What the shift now says: tiles, agents, ringing and talking, from plain values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.dashboard import rows, tiles
from service.dashboard.board import AgentActivity, CallStage
from service.dashboard.words import words
from telephony.calls.facts import Disposition
from tests.service.dashboard.people import ACTIVE, AGENTS, BOARD, EMPTY, NOW, RECENT, ZONE, agent, call_now, ringing

ZH, EN = words("zh", ZONE), words("en", ZONE)


def test_tiles_show_what_analytics_computed() -> None:
    """Six tiles, in order, each with the value it was given."""
    shown = {tile.id: tile for tile in tiles.board_tiles(EN, BOARD)}
    assert list(shown) == ["waiting", "longest", "three_rings", "answered", "abandoned", "in_progress"]
    assert (shown["three_rings"].value, shown["three_rings"].unit) == ("96.6", "%")
    assert shown["three_rings"].note == "398 / 412 · callers 94.9%"
    assert (shown["waiting"].value, shown["waiting"].note) == ("3", "2 of them ringing")
    assert (shown["longest"].value, shown["longest"].since) == ("1:04", BOARD.longest_wait_since)
    assert shown["in_progress"].note == "4 with an agent"


def test_nothing_is_a_dash_and_never_zero_percent() -> None:
    """An empty board has counts of 0 and no rate."""
    shown = {tile.id: tile for tile in tiles.board_tiles(EN, EMPTY)}
    assert (shown["three_rings"].value, shown["three_rings"].unit) == ("—", "")
    assert shown["longest"].value == "—"
    assert shown["waiting"].value == "0"
    assert shown["abandoned"].note == "nothing to count yet"


@pytest.mark.parametrize("said", [ZH, EN])
def test_figures_open_to_their_definition(said: object) -> None:
    """The three-ring rate's tile carries the registry's entry, in the language of the page."""
    found = tiles.board_tiles(said, BOARD)[2].definition  # type: ignore[arg-type]
    assert found is not None
    assert found.name == "three_ring_rate"
    assert found.title == ("三声接听率" if said is ZH else "Three-ring rate (agent view)")
    assert found.empty == "—"


def test_an_agent_on_the_board_reads_in_words() -> None:
    """State, how long, with whom (masked), and a link to the call."""
    row = rows.agent_row(ZH, AGENTS[0], NOW)
    assert (row.name, row.number, row.initial) == ("陈思远", "1001", "陈")
    assert (row.state.text, row.held, row.with_whom) == ("通话中", "3:34", "138****7745")
    assert row.link == "/calls/hq/1795189122.1001"
    assert (row.minutes, row.rings) == ("186", "98.4%")


def test_an_agent_without_a_name_is_his_number() -> None:
    """And the number is not said twice."""
    row = rows.agent_row(EN, agent("1009", AgentActivity.READY, 4), NOW)
    assert (row.name, row.number, row.initial) == ("1009", "", "09")


@pytest.mark.parametrize(("reason", "said"), [("lunch", "用餐"), ("Short nap", "Short nap"), (None, "示忙")])
def test_a_pause_shows_its_reason(reason: str | None, said: str) -> None:
    """Common reasons are translated, others show as the PBX has them."""
    row = rows.agent_row(ZH, agent("1008", AgentActivity.PAUSED, 5, reason=reason), NOW)
    assert row.state.text == said


def test_who_is_logged_out_has_no_running_time() -> None:
    """The time since yesterday's end is of no use on the board."""
    row = rows.agent_row(EN, agent("1010", AgentActivity.LOGGED_OUT, 50_000), NOW)
    assert (row.since, row.held) == (None, "—")


def test_ringing_stands_first_and_the_longest_on_top() -> None:
    """Then who waits with no phone ringing; calls with an agent are not here."""
    shown = rows.ring_rows(ZH, ACTIVE, NOW)
    assert [(row.who, row.number, row.late) for row in shown] == [
        ("欧阳晓峰", 4, True),
        ("王娜娜", 1, False),
        ("排队中", 0, False),
    ]
    assert [row.seconds for row in shown[:2]] == ["17.2", "3.4"]


@pytest.mark.parametrize(("seconds", "number", "late"), [(14.999, 3, False), (15.0, 4, True), (0.0, 1, False)])
def test_ring_four_starts_at_fifteen_seconds(seconds: float, number: int, late: bool) -> None:
    """Equality is late, as the rulebook has it."""
    call = call_now(1, CallStage.RINGING, 20, "13812345678", None, rings=(ringing("1003", seconds),))
    row = rows.ring_rows(EN, (call,), NOW)[0]
    assert (row.number, row.late) == (number, late)


def test_a_ring_all_call_has_a_row_for_each_phone() -> None:
    """Two phones ring for one caller: two rows with one number."""
    call = call_now(1, CallStage.RINGING, 9, "13812345678", "q", rings=(ringing("1003", 3), ringing("1004", 3)))
    assert [(row.party, row.who) for row in rows.ring_rows(EN, (call,), NOW)] == [
        ("138****5678", "王娜娜"),
        ("138****5678", "李浩然"),
    ]


def test_calls_in_progress_are_the_oldest_first() -> None:
    """And neither ring nor wait."""
    assert [row.length for row in rows.talk_rows(EN, ACTIVE, NOW)] == ["1:02:33", "3:34", "1:03", "0:47", "0:06"]


def test_a_row_of_a_list_masks_and_marks() -> None:
    """A late pick-up is marked, a withheld number says so, an open call is in progress."""
    late = rows.call_row(EN, RECENT[1])
    assert (late.ring, late.late, late.disposition.text) == ("16.4 s", True, "Answered")
    assert rows.call_row(EN, RECENT[5]).party == "withheld"
    still = rows.call_row(EN, replace(RECENT[0], disposition=None, ended_at=None, talk_ms=None))
    assert (still.disposition.text, still.talk) == ("In progress", "—")
    assert rows.call_row(EN, replace(RECENT[0], disposition=Disposition.BUSY)).disposition.text == "Busy"


def test_the_quota_bar_keeps_to_its_scale() -> None:
    """However far over the target, the bar ends at the right edge."""
    bar = rows.quota_bar(EN, 99_999 * 60_000, 2000, 5000)
    assert (bar.done, bar.floor, bar.target) == ("100.00%", "36.36%", "90.91%")
