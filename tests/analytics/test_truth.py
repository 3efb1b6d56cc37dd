"""Real captures end to end: our figures of the lab's runs equal those counted by hand from what the phones did."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Value
from analytics.metrics.periods import month_period
from analytics.metrics.query import Query, Result, run
from analytics.sources import figures_of
from analytics.storage.rolling import roll_up
from analytics.values import Source
from config import policies
from config.policies import Policy, PolicyVersion, ServiceLevel
from config.rings import Boundary, RingRule
from telephony.calls.facts import Fact
from tests.analytics.metrics.asking import SHANGHAI, policy
from tests.analytics.stored import store_facts
from tests.analytics.truth_counts import Limits
from tests.analytics.truth_figures import Bounds, ByHand, Key, calls_by_hand, summed
from tests.lab.compare import is_agent
from tests.lab.matching import match
from tests.telephony.calls.streams import calls_of, captures, events_of, track

pytestmark = pytest.mark.slow

NOVEMBER = month_period(2026, 11, SHANGHAI)
LATER = datetime(2026, 12, 5, tzinfo=UTC)
NAMES = {
    "agent": "exact_talk_minutes talk_inbound_minutes talk_outbound_minutes hold_minutes calls_handled "
    "calls_handled_inbound calls_handled_outbound calls_handled_short own_handled own_handled_within transfers "
    "transfers_failed ring_offered ring_within ring_late ring_no_answer ring_declined ring_caller_gave_up_late "
    "ring_losses ring_caller_gave_up_early ring_answered_elsewhere ring_busy ring_unreachable ring_failed ring_open",
    "queue": "visits visits_open visits_answered visits_answered_within visits_abandoned visits_abandoned_short "
    "visits_timeout visits_overflowed visits_refused average_wait average_abandon_wait",
    "centre": "calls calls_inbound calls_outbound calls_internal inbound_answered inbound_abandoned "
    "inbound_menu_only inbound_voicemail inbound_lost inbound_open outbound_answered callers_rung caller_within "
    "caller_late caller_gave_up_early caller_not_answered caller_never_rang customer_talks short_calls handled "
    "handled_within",
}
GROUPS = {"agent": (Group.AGENT,), "queue": (Group.QUEUE,), "centre": ()}
SUM_OF = {
    "average_wait": ("answered_wait", "visits_answered"),
    "average_abandon_wait": ("abandoned_wait", "visits_abandoned"),
}
"""An average, the name of what it is the average of, and over what."""

RULEBOOK = Limits(short_talk=1.5)
"""Three rings, three minutes and 20 s; talks of the lab are short, so that a short one is shorter here."""

NARROW = Limits(ring=2.76, short_talk=5.7, short_abandon=2.8, handled=8.7, wait=5.0)
"""Limits that divide what the lab's scripts last, each farther from any of them than the phones are exact."""

REASONS = {
    "agent_pool": "the agent stands on the line: his phone neither rings nor answers when the queue's call comes",
    "direct_noanswer": "the caller gives up as the third ring ends, nearer to the limit than the phones are exact",
    "direct_to_mailbox": "the caller leaves the mailbox as near to the limit",
    "forward_302_to_colleague": "what the PBX makes of a phone that sends its call on is its own word",
    "forward_302_to_mobile": "the same",
    "fpbx_follow_me_outside": "whether the phone or the PBX leads to a mobile is no phone's to know",
    "fpbx_ring_group_outside": "the same",
    "three_way_by_code": "whether a call of three was a transfer is not fixed; nor how hold and talk divide in it",
    "park_abandoned": "a parked call was handed on, or was not since nobody took it: both are true",
    "park_time_out_comes_back": "the same",
    "queue_dynamic_login_logout": "a caller refused at the door leaves no queue event with this dialplan",
    "queue_full": "the same",
    "queue_member_removed_while_caller_waits": "a caller whom a queue dropped is no answer or picked up",
    "transfer_attended_cancelled_code": "the music that an agent's code begins and ends is heard by no phone",
    "transfer_attended_feature_code": "the same: hold ends with the dialling or with the transfer",
    "transfer_attended_while_ringing_code": "the same",
}
"""Scenarios in which the truth leaves a figure open, and why."""

FEW = [each for each in captures() if each.name == "plain-22"]
MANY = [each if each in FEW else pytest.param(each, marks=pytest.mark.slow) for each in captures()]
ALL_RULES = pytest.mark.parametrize("limits", [RULEBOOK, NARROW], ids=["rulebook", "narrow"])


def named(folder: object) -> str | None:
    """A capture's name in a test's."""
    return f"{folder.parent.name}/{folder.name}" if isinstance(folder, Path) else None


def rules_of(limits: Limits) -> Policy:
    """A policy with these limits, rings in seconds."""

    def of(seconds: float) -> timedelta:
        return timedelta(seconds=seconds)

    short, abandoned, handled = of(limits.short_talk), of(limits.short_abandon), of(limits.handled)
    version = PolicyVersion(
        ring=RingRule(boundary=Boundary.SECONDS, seconds=of(limits.ring)),
        service_level=ServiceLevel(within=of(limits.wait)),
        limits=policies.Limits(short_talk=short, short_abandon=abandoned, handled_within=handled),
    )
    return policy(version)


@cache
def facts_of(folder: Path) -> list[Fact]:
    """What the tracker tells of a capture."""
    return track(events_of(folder / "ami.jsonl.xz"), wrap_up=10)


@cache
def truth_of(folder: Path, limits: Limits) -> list[tuple[dict[str, object], ByHand]]:
    """Each call of a capture's truth, and its figures counted by hand."""
    return calls_by_hand(json.loads((folder / "truth.json").read_text(encoding="utf-8")), limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Our figures by call, agent or queue, and the whole; by call only where it was asked for."""

    figures: dict[Key, dict[str, Value]]

    def differing(self, hand: ByHand) -> list[str]:
        """Each figure that is not what was counted by hand, in a line."""
        found = []
        for of, who in sorted({key[:2] for key in (*self.figures, *hand.figures)}):
            if of != "agent" or is_agent(who):
                empty = {name: METRICS[name].empty for name in NAMES[of].split()}
                mine = dict(plain_sums(self.figures.get((of, who, ""), empty)))
                found += list(lines(of, who, mine, hand.figures))
        return found


def lines(of: str, who: str, mine: Mapping[str, int], figures: Mapping[Key, Bounds]) -> Iterator[str]:
    """The differences of one agent, one queue or the centre."""
    unasked = {key[2] for key in figures if key[:2] == (of, who)} - set(mine)
    assert not unasked, f"{of} {who}: {', '.join(sorted(unasked))}: counted by hand, not asked for"
    for name, value in mine.items():
        by_hand = figures.get((of, who, name), Bounds())
        if not by_hand.low <= value <= by_hand.high:
            yield f"{of} {who} {name}: found {value}, expected {by_hand.low} to {by_hand.high}"


def plain_sums(values: Mapping[str, Value]) -> Iterator[tuple[str, int]]:
    """Figures with averages turned back into sums."""
    for name, value in values.items():
        if name in SUM_OF:
            summed_name, over = SUM_OF[name]
            count = values[over]
            yield summed_name, int((value or 0) * (count or 0))
        else:
            assert isinstance(value, int)
            yield name, value


def ask(source: Source, limits: Limits) -> Asked:
    """Our figures over the month: by agent, by queue and the whole."""
    figures = {}
    for of, groups in GROUPS.items():
        for row in answer(source, limits, of, groups).rows:
            figures[of, row.key[0] if row.key else "", ""] = row.values
    return Asked(figures=figures)


def ask_by_call(source: Source, limits: Limits) -> dict[str, Asked]:
    """The same of each call."""
    calls: dict[str, Asked] = {}
    for of, groups in GROUPS.items():
        for row in answer(source, limits, of, (*groups, Group.CALL)).rows:
            asked = calls.setdefault(row.key[-1], Asked(figures={}))
            asked.figures[of, row.key[0] if groups else "", ""] = row.values
    return calls


def answer(source: Source, limits: Limits, of: str, groups: tuple[Group, ...]) -> Result:
    """One question of November, as known in December."""
    query = Query(metrics=tuple(NAMES[of].split()), period=NOVEMBER, as_of=LATER, groups=groups)
    return run(query, source, rules_of(limits))


@ALL_RULES
@pytest.mark.parametrize("folder", MANY, ids=named)
def test_every_figure_of_a_real_run_is_what_the_phones_had(folder: Path, limits: Limits) -> None:
    """Agents' minutes, hold, calls, rings and transfers; queues' visits and waits; the centre's calls and callers."""
    hand = summed(truth_of(folder, limits), limits)
    assert ask(FactsInMemory(facts_of(folder)), limits).differing(hand) == []


@ALL_RULES
@pytest.mark.parametrize("folder", MANY, ids=named)
def test_every_call_of_a_real_run_adds_to_the_figures_what_its_phones_had(folder: Path, limits: Limits) -> None:
    """Call by call, so that one call's error is not made good by another's."""
    facts, truth = facts_of(folder), truth_of(folder, limits)
    by_call = ask_by_call(FactsInMemory(facts), limits)
    wrong = []
    for (call, hand), record in zip(truth, match(calls_of(facts), [call for call, _ in truth]), strict=True):
        assert record is not None, call["scenario"]
        asked = by_call.pop(record["call_id"])
        wrong += [f"{call['scenario']}: {each}" for each in asked.differing(hand)]
    assert wrong == []
    assert by_call == {}


@pytest.mark.parametrize("folder", MANY, ids=named)
def test_a_stored_and_rolled_up_run_has_the_same_figures(store: Engine, folder: Path) -> None:
    """From the database's roll-ups, no day of them counted anew, on both databases."""
    limits, rules = NARROW, rules_of(NARROW)
    hand = summed(truth_of(folder, limits), limits)
    store_facts(store, facts_of(folder))
    assert roll_up(store, store, rules, LATER, source_of=lambda connection: figures_of(connection, rules))
    with store.connect() as connection:
        source = figures_of(connection, rules)
        assert all(answer(source, limits, of, groups).from_facts == 0 for of, groups in GROUPS.items())
        assert ask(source, limits).differing(hand) == []


def left_open(folders: Iterable[Path]) -> set[str]:
    """The scenarios in which some figure of these runs is left open."""
    return {name for folder in folders for each in (RULEBOOK, NARROW) for name, _ in opened(folder, each)}


def opened(folder: Path, limits: Limits) -> set[tuple[str, str]]:
    """What the truth of a run leaves open."""
    return summed(truth_of(folder, limits), limits).left_open


def test_where_the_truth_leaves_a_figure_open_there_is_a_reason() -> None:
    """No scenario but those named has any room, and each of those has some."""
    assert left_open(captures()) == set(REASONS)


def test_each_figure_is_put_to_the_test_by_some_run() -> None:
    """Counted by hand with certainty at least once, but for what the lab's phones never do."""
    certain = {
        key[2]
        for folder in captures()
        for limits in (RULEBOOK, NARROW)
        for key, bounds in summed(truth_of(folder, limits), limits).figures.items()
        if bounds.low
    }
    asked = {SUM_OF.get(name, (name,))[0] for names in NAMES.values() for name in names.split()}
    assert asked - certain == {"inbound_open", "ring_failed", "ring_open", "ring_unreachable", "visits_open"}


@pytest.mark.parametrize("scenario", ["direct_answered", "queue_first_agent", "hold_unhold"])
def test_a_call_too_many_is_seen(scenario: str) -> None:
    """Figures of a run are not those of its truth without one call."""
    truth = [each for each in truth_of(FEW[0], NARROW) if each[0]["scenario"] != scenario]
    assert len(truth) < len(truth_of(FEW[0], NARROW))
    assert ask(FactsInMemory(facts_of(FEW[0])), NARROW).differing(summed(truth, NARROW)) != []
