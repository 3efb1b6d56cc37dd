"""What the shift now says: tiles, agents, ringing and talking, from plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from config.marks import Mark
from service.dashboard import rows
from service.dashboard.board import AgentActivity, Callbacks, CallStage
from service.dashboard.board_tiles import board_tiles
from service.dashboard.curve import curve
from service.dashboard.elements import Order, ordered
from service.dashboard.queue_rows import queue_rows
from service.dashboard.tiles import Level
from service.dashboard.wall_tiles import agent_tile, wall_agents
from service.dashboard.words import words
from telephony.calls.facts import Disposition
from tests.service.dashboard.people import ACTIVE, AGENTS, BOARD, EMPTY, NOW, RECENT, ZONE, agent, call_now, ringing

ZH, EN = words("zh", ZONE), words("en", ZONE)


def test_tiles_show_what_analytics_computed() -> None:
    """Six tiles, in order, each with the value it was given."""
    shown = {tile.id: tile for tile in board_tiles(EN, BOARD)}
    assert list(shown) == ["waiting", "longest", "three_rings", "level", "abandoned", "callbacks"]
    assert (shown["three_rings"].value, shown["three_rings"].unit) == ("96.6", "%")
    assert shown["three_rings"].note == "398 / 412 · goal 95"
    assert (shown["waiting"].value, shown["waiting"].note) == ("3", "2 of them ringing")
    assert (shown["longest"].value, shown["longest"].since) == ("1:04", BOARD.longest_wait_since)
    assert (shown["level"].label, shown["level"].note) == ("Service level 20 s", "less short · goal 90")
    assert (shown["abandoned"].value, shown["abandoned"].note) == ("3.3", "14 / 423 · short 5")
    assert (shown["callbacks"].value, shown["callbacks"].note) == ("7", "1 overdue · 2 soon")


def test_nothing_is_a_dash_and_never_zero_percent() -> None:
    """An empty board has counts of 0 and no rate."""
    shown = {tile.id: tile for tile in board_tiles(EN, EMPTY)}
    assert (shown["three_rings"].value, shown["three_rings"].unit) == ("—", "")
    assert [shown[each].level for each in ("three_rings", "level", "abandoned", "callbacks")] == [Level.NONE] * 4
    assert (shown["callbacks"].value, shown["callbacks"].note) == ("—", "not known yet")
    assert shown["longest"].value == "—"
    assert shown["waiting"].value == "0"
    assert shown["abandoned"].note == "nothing to count yet"


@pytest.mark.parametrize("said", [ZH, EN])
def test_figures_open_to_their_definition(said: object) -> None:
    """The three-ring rate's tile carries the registry's entry, in the language of the page."""
    found = board_tiles(said, BOARD)[2].definition  # type: ignore[arg-type]
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
        ("第 1 位", 0, False),
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


@pytest.mark.parametrize(
    ("seconds", "level", "note"),
    [
        (29.9, Level.NONE, "咨询热线"),
        (30.0, Level.WARN, "咨询热线，限 0:30"),
        (59.9, Level.WARN, "咨询热线，限 0:30"),
        (60.0, Level.BAD, "咨询热线，限 0:30"),
    ],
)
def test_the_longest_wait_says_which_limit_it_passes(seconds: float, level: Level, note: str) -> None:
    """By whole seconds, as they are shown; a quiet tile says the queue alone."""
    one = call_now(3, CallStage.WAITING, seconds, "13855554406", "咨询热线", joined=seconds)
    tile = board_tiles(ZH, replace(BOARD, active=(one,), longest_wait_since=one.joined_at))[1]
    assert (tile.level, tile.note) == (level, note)


def test_the_wait_that_is_furthest_beyond_its_mark_is_named() -> None:
    """A queue with marks of its own may be pressing before another that has waited longer."""
    calls = (
        call_now(1, CallStage.WAITING, 42, "13855554406", "咨询热线", joined=29),
        call_now(2, CallStage.WAITING, 42, "13855554407", "经销商支持", joined=42),
    )
    tile = board_tiles(EN, replace(BOARD, active=calls))[1]
    assert (tile.level, tile.note) == (Level.WARN, "经销商支持, limit 0:35")


@pytest.mark.parametrize(
    ("owed", "level"),
    [
        (Callbacks(open=7, overdue=1, soon=2), Level.BAD),
        (Callbacks(open=7, overdue=0, soon=1), Level.WARN),
        (Callbacks(open=7), Level.GOOD),
        (Callbacks(), Level.NONE),
        (None, Level.NONE),
    ],
)
def test_callbacks_are_pressing_before_they_are_late(owed: Callbacks | None, level: Level) -> None:
    """Due within half an hour is a warning, overdue a breach; nothing owed says nothing."""
    assert board_tiles(EN, replace(BOARD, callbacks=owed))[5].level is level


def test_queues_mark_what_is_below_their_goal_alone() -> None:
    """In a row only what is not good has a colour, a shape and a word."""
    rows_of = {row.queue: row for row in queue_rows(EN, BOARD)}
    dealers, enquiries, cantonese = (rows_of[each] for each in ("经销商支持", "咨询热线", "粤语专席"))
    assert (dealers.longest.text, dealers.longest.level, dealers.longest.word) == ("0:40", Level.WARN, "warning")
    assert (enquiries.longest.level, enquiries.three_rings.level) == (Level.BAD, Level.NONE)
    assert (cantonese.three_rings.text, cantonese.three_rings.level) == ("89.5", Level.BAD)
    assert (cantonese.longest.text, cantonese.waiting, cantonese.abandoned, enquiries.short) == ("—", 0, "1", "+3")


@pytest.mark.parametrize(("held", "over"), [(599.9, False), (600.0, False), (600.1, True)])
def test_a_pause_beyond_its_time_is_marked(held: float, over: bool) -> None:
    """Equality is within; the words say so too, and the time goes on."""
    away = replace(
        agent("1008", AgentActivity.PAUSED, held, reason="break"), over_at=NOW - timedelta(seconds=held - 600)
    )
    row, tile = rows.agent_row(ZH, away, NOW), agent_tile(ZH, away, NOW)
    assert (row.state.text, row.state.css, row.over) == (
        ("小休超时", "warn", True) if over else ("小休", "", False)
    )
    assert (tile.css, tile.state) == (("late", "超时") if over else ("pause", "小休"))
    assert row.since == tile.since == away.since


def test_tiles_say_how_far_the_month_is() -> None:
    """Against what is due by now, not against the whole floor."""
    tile = agent_tile(EN, AGENTS[4], NOW)
    assert (tile.pace, tile.behind) == ("100.00%", False)
    behind = agent_tile(EN, AGENTS[7], NOW)
    assert (behind.pace, behind.behind) == ("64.43%", True)
    assert agent_tile(EN, replace(AGENTS[7], name="Wang Nana"), NOW).name == "Wang N"


def test_a_crowded_wall_leaves_out_who_was_not_there_today() -> None:
    """With few people an empty place says that somebody is missing; with many it only takes room."""
    gone = replace(AGENTS[9], agent="2000")
    assert gone in wall_agents(replace(BOARD, agents=(*AGENTS, gone)))
    many = tuple(replace(AGENTS[2], agent=f"{3000 + n}") for n in range(40))
    assert gone not in wall_agents(replace(BOARD, agents=(*many, gone)))


def test_agents_by_state_stand_with_their_like() -> None:
    """Who talks first, the longest on top; by number nobody moves."""
    assert ordered(AGENTS, Order.NUMBER) == list(AGENTS)
    shown = [each.activity for each in ordered(AGENTS, Order.STATE)]
    assert shown == sorted(shown, key=list(AgentActivity).index)
    assert ordered(AGENTS, Order.STATE)[0].agent == "1006"


def test_the_curve_shows_calls_and_rates_by_the_hour() -> None:
    """A bar for each hour, the line between them, the goal within the axis, and all of it in words."""
    shown = curve(EN, BOARD)
    assert (len(shown.bars), len(shown.points), len(shown.pieces)) == (8, 8, 7)
    assert [mark.text for mark in shown.counts] == ["100", "50", "0"]
    assert [mark.text for mark in shown.rates] == ["100%", "95%", "90%"]
    assert shown.goal is not None
    assert shown.goal.at == "50.00%"
    assert shown.text.startswith("08:00 22 calls, 100% (22 / 22)")
    low = replace(BOARD, marks=replace(BOARD.marks, three_rings=Mark(warn=85)))
    assert [mark.text for mark in curve(EN, low).rates] == ["100%", "90%", "80%"]
    empty = curve(EN, EMPTY)
    assert (empty.bars, empty.points, empty.text) == ((), (), "No call has come in today.")
