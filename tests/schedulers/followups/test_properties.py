"""Whatever happens to a customer, in any order: the sum is right, somebody owns what is open, and no cap is broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.followups import FulfilledBy, Result
from schedulers.customers.records import DoNotCall
from schedulers.errors import RefusedError
from schedulers.followups.account import Account, Decision, Happened, HeardCall, HeardTalk, Said
from schedulers.followups.acting import approve, close, hand_over, reopen, reschedule
from schedulers.followups.arising import arise
from schedulers.followups.changing import Act, applied
from schedulers.followups.hearing import hear
from schedulers.followups.passing import pass_time
from schedulers.followups.planning import cap_ends, waits_for_agreed_time
from schedulers.followups.records import Change, FollowUp, State, What
from schedulers.followups.rules import Rules
from schedulers.followups.saying import record
from tests.schedulers.followups.worlds import KINDS, MOBILE, at, customer, leave, people, policy_of, rules_of

MISSED = """
[[version.followup]]
kind = "missed"
name_zh = "未接"
name_en = "Missed"
trigger = "missed_call"
due = "30 open minutes"
one_open = "number"
owner = "group"
group = "service"
anyone = true
inbound = true
[[version.followup]]
kind = "by_hand"
name_zh = "定期"
name_en = "By hand"
trigger = "event:report"
due = "by hand"
due_unset = "7 working days"
approvals = 2
group = "service"
owner = "leader"
"""
TOLD = ("event:report", "event:offer", "event:complaint", "promise", "missed", "through", "dialled")
SAID = ("outcome", "elsewhere", "agree")
START = at("2026-11-02 08:00")
AGENTS = ("1001", "1002", "1003", "1000", "9001")


def _rules() -> Rules:
    with TemporaryDirectory() as folder:
        staff = people({"1001": date(2026, 11, 5)}, (leave("1002", date(2026, 11, 4), date(2026, 11, 10)),))
        return rules_of(policy_of(Path(folder), KINDS + MISSED), staff)


RULES = _rules()


@dataclass
class History:
    """An account with all that was decided of it, and the instants at which things happened."""

    rules: Rules
    account: Account = field(default_factory=lambda: Account(customer=customer(consent=True)))
    now: datetime = START
    changes: list[Change] = field(default_factory=list)
    instants: list[datetime] = field(default_factory=list)

    def take(self, decision: Decision) -> None:
        """Apply it; a birth of what is known is none."""
        known = {each.id for each in self.everything}
        self.account = applied(self.account, decision)
        for change in decision.changes:
            if change.what is not What.BORN or change.after.id not in known:
                self.changes.append(change)
        self.instants.append(self.now)

    @property
    def everything(self) -> tuple[FollowUp, ...]:
        """Open and ended."""
        return (*self.account.open, *self.account.ended)


@dataclass(frozen=True)
class Step:
    """One thing that may happen, so many minutes after the last."""

    what: str
    minutes: int
    agent: str
    result: Result
    pick: int
    seconds: float


STEPS = st.builds(
    Step,
    what=st.sampled_from((*TOLD, *SAID, "close", "reopen", "over", "move", "approve", "block", "time")),
    minutes=st.one_of(st.integers(0, 90), st.sampled_from((0, 15, 600, 1440, 4320))),
    agent=st.sampled_from(AGENTS),
    result=st.sampled_from(tuple(Result)),
    pick=st.integers(0, 5),
    seconds=st.sampled_from((3.0, 9.999, 10.0, 240.0)),
)


def _call(step: Step, now: datetime, *, inbound: bool, answered: bool) -> HeardCall:
    length = timedelta(seconds=step.seconds)
    talk = HeardTalk(agent=step.agent, began_at=now - length, length=length)
    result = Result.TALKED if answered else Result.NO_ANSWER if inbound else step.result
    return HeardCall(
        call=f"pbx/{now.isoformat()}",
        number=MOBILE,
        inbound=inbound,
        began_at=now - length,
        ended_at=now,
        waited=length,
        answered=answered,
        result=result,
        talks=(talk,) if answered else (),
        dialled_by=None if inbound else step.agent,
    )


def decided(history: History, step: Step) -> Decision:
    """What the step makes of the account as it stands; RefusedError where it is not permitted."""
    account, now, rules = history.account, history.now, history.rules
    act = Act(what=What.NOTED, at=now, by=step.agent)
    of = account.ended if step.what == "reopen" else account.open
    item = of[step.pick % len(of)] if of else None
    match step.what:
        case "missed" | "through":
            return hear(account, _call(step, now, inbound=True, answered=step.what == "through"), rules)
        case "dialled":
            return hear(account, _call(step, now, inbound=False, answered=step.result is Result.TALKED), rules)
        case "time" | "block":
            return pass_time(account, now, rules)
        case "outcome" | "elsewhere" | "agree" if item:
            return record(account, _said(step, item, now), rules)
        case "close" if item:
            return close(account, item, ("unreachable", "refused", "duplicate")[step.pick % 3], rules, act)
        case "reopen" if item:
            return reopen(account, item, rules, act)
        case "over" if item:
            return hand_over(account, item, step.agent, rules, act)
        case "move" if item:
            return reschedule(account, item, now + timedelta(hours=1 + step.pick), rules, act)
        case "approve" if item:
            return approve(account, item, rules, act)
        case name if name.startswith(("event", "promise")):
            return arise(account, _happened(step, now), rules)
        case _:
            return Decision()


def _happened(step: Step, now: datetime) -> Happened:
    promised = now + timedelta(hours=step.pick) if step.what == "promise" and step.pick else None
    return Happened(trigger=step.what, key=f"e-{step.pick}", at=now, by=step.agent, promised_at=promised)


def _said(step: Step, item: FollowUp, now: datetime) -> Said:
    return Said(
        key=f"said-{now.isoformat()}",
        at=now,
        by=step.agent,
        follow_ups=(item.id,),
        result=step.result,
        elsewhere="mobile" if step.what == "elsewhere" else None,
        call=item.reached_call,
        content=(None, True, False)[step.pick % 3],
        agreed_at=now + timedelta(hours=1 + step.pick) if step.what == "agree" else None,
    )


def lived(steps: list[Step], rules: Rules = RULES) -> History:
    """A history of steps; what is refused changes nothing."""
    history = History(rules=rules)
    for step in steps:
        history.now += timedelta(minutes=step.minutes)
        if step.what == "block":
            until = DoNotCall(reason="asked", since=history.now, until=history.now + timedelta(hours=step.pick))
            history.account = replace(
                history.account, customer=customer(do_not_call=until, consent=step.pick % 2 == 0)
            )
        try:
            history.take(decided(history, step))
        except RefusedError:
            continue
    return history


LIVES = st.lists(STEPS, max_size=30)
PLAIN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def as_of(changes: list[Change], when: datetime) -> dict[str, FollowUp]:
    """Each follow-up as it stood at an instant, by its story."""
    return {change.after.id: change.after for change in changes if change.at <= when}


def sort_of(item: FollowUp, when: datetime) -> str:
    """Which part of the sum a follow-up is in."""
    if item.state is State.DONE:
        return "done late" if item.is_late else "done on time"
    if item.state is State.CLOSED:
        return "closed"
    return "open overdue" if item.is_overdue(when) else "open in time"


@PLAIN
@given(LIVES)
def test_due_is_the_sum_of_done_closed_and_open_at_every_instant(steps: list[Step]) -> None:
    """What was born by then is in exactly one part, and what the part says is in the record."""
    history = lived(steps)
    born = [change for change in history.changes if change.what is What.BORN]
    for when in history.instants:
        stood = as_of(history.changes, when)
        parts = Counter(sort_of(each, when) for each in stood.values())
        assert sum(parts.values()) == len({change.after.id for change in born if change.at <= when})
        for each in stood.values():
            assert (each.state is State.OPEN) == (each.ended_at is None)
            assert (each.state is State.DONE) == (each.fulfilled_at is not None)
            assert (each.state is State.CLOSED) == (each.reason is not None)


@PLAIN
@given(LIVES)
def test_nothing_open_belongs_to_nobody_or_to_a_leaver_once_time_has_passed(steps: list[Step]) -> None:
    """1001 leaves on 5 November and 1002 is off for a week."""
    history = lived(steps)
    history.take(pass_time(history.account, history.now, RULES))
    for each in history.account.open:
        assert RULES.staff.works_here(each.owner, history.now)


@PLAIN
@given(LIVES)
def test_time_passing_twice_changes_nothing_more(steps: list[Step]) -> None:
    """A second time nothing is told, handed over or closed."""
    history = lived(steps)
    history.take(pass_time(history.account, history.now, RULES))
    known = history.account
    history.take(pass_time(history.account, history.now, RULES))
    assert history.account == known


@PLAIN
@given(LIVES, STEPS.filter(lambda step: step.what in TOLD))
def test_a_call_or_an_event_that_is_told_twice_changes_nothing_more(steps: list[Step], last: Step) -> None:
    """The same trigger makes one, whatever happened before."""
    history = lived([*steps, replace(last, minutes=1)])
    known = history.account
    history.take(decided(history, last))
    assert history.account == known


@PLAIN
@given(LIVES, STEPS.filter(lambda step: step.what in SAID))
def test_an_outcome_that_is_told_twice_changes_nothing_more(steps: list[Step], last: Step) -> None:
    """What it ended is not open any more, so that the second one is refused."""
    history = lived(steps)
    history.now += timedelta(minutes=1)
    for item in history.account.open[:1]:
        told = _said(last, item, history.now)
        for number in range(2):
            known = history.account
            try:
                history.take(record(known, told, RULES))
            except RefusedError:
                continue
            assert number == 0 or history.account == known


@PLAIN
@given(LIVES)
def test_revisions_grow_by_one_and_births_are_the_first(steps: list[Step]) -> None:
    """A follow-up's story has no hole and no fork."""
    newest: dict[str, int] = {}
    for change in lived(steps).changes:
        assert change.after.revision == newest.get(change.after.id, 0) + 1
        assert (change.what is What.BORN) == (change.after.revision == 1)
        newest[change.after.id] = change.after.revision


@PLAIN
@given(LIVES)
def test_the_same_history_makes_the_same_follow_ups(steps: list[Step]) -> None:
    """Ids, owners and plans come of what happened alone: other rules objects of the same policy say the same."""
    assert lived(steps).account == lived(steps, Rules(RULES.policy, RULES.staff)).account


@PLAIN
@given(LIVES)
def test_a_planned_call_is_at_a_permitted_instant_and_inside_no_cap(steps: list[Step]) -> None:
    """Or at the time that was agreed with the customer."""
    history = lived(steps)
    account = history.account
    for each in account.open:
        if each.ready_at is None or RULES.kind(each).fulfilled_by is not FulfilledBy.TALK:
            continue
        if waits_for_agreed_time(each):
            assert each.ready_at == each.agreed_at
            continue
        assert RULES.times(each).permits(each.ready_at, account.customer.zone, account.customer.hours)
        assert cap_ends(account.contacts, each, RULES, each.ready_at) == each.ready_at
        assert each.ready_at.tzinfo is UTC


@PLAIN
@given(LIVES)
def test_what_was_tried_is_what_the_attempts_say(steps: list[Step]) -> None:
    """Counted and uncounted agree with the attempts of ours that are on record."""
    history = lived(steps)
    for each in history.everything:
        ours = [tried for tried in history.account.attempts if tried.follow_up == each.id and tried.window]
        assert each.counted == sum(tried.counts for tried in ours)
        assert each.uncounted == sum(not tried.counts for tried in ours)
