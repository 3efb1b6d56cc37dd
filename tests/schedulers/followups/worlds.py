"""Centres for the tests of follow-ups: a small policy in a few lines, the shipped ones, people, and accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from analytics.metrics.periods import start_of_day
from analytics.people.records import Agent, Certificate, Leave, People, Stretch
from config.followups import Result
from config.policies import Policy
from config.policy_loader import load_policy
from schedulers.customers.records import Customer, Number
from schedulers.followups.account import Account, Decision, Happened, HeardCall, HeardTalk, Said, Series
from schedulers.followups.acting import Act
from schedulers.followups.arising import arise, enrol, recur
from schedulers.followups.changing import applied
from schedulers.followups.hearing import hear
from schedulers.followups.passing import pass_time
from schedulers.followups.records import FollowUp, What
from schedulers.followups.rules import Rules
from schedulers.followups.saying import record
from schedulers.staff import PeopleStaff

ZONE = ZoneInfo("Asia/Shanghai")
MOBILE = "+8613800138000"
HEAD = """
name = "small"
zone = "Asia/Shanghai"
country = "CN"
[[hours]]
mon = ["08:30-12:00", "13:30-17:30"]
tue = ["08:30-12:00", "13:30-17:30"]
wed = ["08:30-12:00", "13:30-17:30"]
thu = ["08:30-12:00", "13:30-17:30"]
fri = ["08:30-12:00", "13:30-17:30"]
[holidays]
country = "CN"
[[version]]
[version.contact]
duty = ["9001"]
[[version.group]]
group = "service"
leaders = ["1000"]
above = "management"
[[version.group]]
group = "management"
leaders = ["9000"]
"""

KINDS = """
[[version.followup]]
kind = "care"
name_zh = "关怀"
name_en = "Care"
trigger = "event:report"
due = "2 days"
group = "service"
survey = "mark"
[[version.followup]]
kind = "again"
name_zh = "再次"
name_en = "Again"
trigger = "unsatisfied:care"
due = "1 day"
group = "service"
level_up = true
[[version.followup]]
kind = "answer"
name_zh = "答复"
name_en = "Answer"
trigger = "promise"
due = "as promised"
group = "service"
owner = "first_asked"
inbound = true
[[version.followup]]
kind = "offer"
name_zh = "优惠"
name_en = "Offer"
trigger = "event:offer"
due = "2 days"
basis = "consent"
group = "service"
agreed = false
[[version.followup]]
kind = "unit"
name_zh = "定单位"
name_en = "Unit named"
trigger = "event:complaint"
due = "60 minutes"
fulfilled_by = "mark"
group = "service"
[[version.survey]]
id = "mark"
[[version.survey.question]]
id = "mark"
text_zh = "几分？"
text_en = "How many marks?"
scale = 5
content_from = 4
"""


def at(text: str, zone: ZoneInfo = ZONE) -> datetime:
    """`2026-11-02 10:00` by the centre's clock, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def policy_of(folder: Path, kinds: str, head: str = HEAD) -> Policy:
    """A policy of these kinds, read as any other."""
    path = folder / "small.toml"
    path.write_text(head + kinds, encoding="utf-8")
    return load_policy(path)


def people(left: dict[str, date] | None = None, leaves: tuple[Leave, ...] = ()) -> People:
    """Agents 1001 to 1003 of the group `service` with its leader 1000; 1003 speaks Sichuanese; 9000, 9001 above."""
    numbers = ("1000", "1001", "1002", "1003", "9000", "9001")
    groups = {each: "service" if each < "9" else "management" for each in numbers}
    return People(
        agents=tuple(Agent(agent=each, left=(left or {}).get(each)) for each in numbers),
        groups=tuple(Stretch(key=each, value=group) for each, group in groups.items()),
        certificates=(Certificate(agent="1003", code="sichuan", obtained=date(2020, 1, 1)),),
        leaves=leaves,
    )


def leave(agent: str, first: date, last: date) -> Leave:
    """Whole days off, both inside."""
    start, end = (start_of_day(each, ZONE) for each in (first, last + timedelta(days=1)))
    return Leave(agent=agent, start_us=start, end_us=end)


def rules_of(policy: Policy, everybody: People | None = None) -> Rules:
    """The rules by which the small centre decides."""
    return Rules(policy, PeopleStaff(people() if everybody is None else everybody, policy.zone))


@cache
def centre(name: str) -> Rules:
    """A shipped policy as it is. 1001 leads the management and has duty, 1002 leads `service` where there is one
    above; 1003 to 1005 are its agents, and 1005 speaks Sichuanese."""
    numbers = ("1001", "1002", "1003", "1004", "1005")
    everybody = People(
        agents=tuple(Agent(agent=each) for each in numbers),
        groups=tuple(Stretch(key=each, value="service" if each > "1001" else "management") for each in numbers),
        certificates=(Certificate(agent="1005", code="sichuan", obtained=date(2020, 1, 1)),),
    )
    return rules_of(load_policy(name), everybody)


def clock(when: datetime | None, zone: ZoneInfo = ZONE) -> str:
    """An instant by the centre's clock, to the second and cut there: `2026-11-02 10:00:00`."""
    return "" if when is None else when.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def customer(**other: object) -> Customer:
    """A customer with one mobile number, whose named agent is 1001."""
    plain = Customer(id="C-1", name="客户一", numbers=(Number(number=MOBILE, written="13800138000"),), owner="1001")
    return replace(plain, **other)  # type: ignore[arg-type]


class Page:
    """A customer's account to which one thing after the other happens."""

    def __init__(self, rules: Rules, who: Customer | None = None) -> None:
        self.rules = rules
        self.account = Account(customer=who or customer())
        self.decisions: list[Decision] = []
        self.series: dict[tuple[str, str], Series] = {}

    def take(self, decision: Decision) -> Decision:
        """Apply a decision, as a store would."""
        self.account = applied(self.account, decision)
        self.decisions.append(decision)
        self.series |= {(each.kind, each.key): each for each in decision.series}
        return decision

    def arise(self, trigger: str, when: str, key: str = "e-1", **other: object) -> Decision:
        """Something happens."""
        return self.take(arise(self.account, happened(trigger, when, key, **other), self.rules))

    def hear(self, call: HeardCall) -> Decision:
        """A call is over."""
        return self.take(hear(self.account, call, self.rules))

    def say(self, what: Said) -> Decision:
        """An agent records an outcome."""
        return self.take(record(self.account, what, self.rules))

    def enrol(self, when: str) -> Decision:
        """He becomes known as a customer."""
        return self.take(enrol(self.account, at(when), self.rules))

    def until(self, when: str) -> None:
        """Occurrences arise as their times come, up to an instant; then time has passed."""
        while due := [s for s in self.series.values() if s.next_at is not None and s.next_at <= at(when)]:
            for each in due:
                self.take(recur(self.account, each, self.rules))
        self.take(pass_time(self.account, at(when), self.rules))

    def reached(self, when: str, kind: str, by: str = "1003", **other: object) -> FollowUp:
        """He is called, spoken with for a minute, and the agent says so ten minutes later."""
        item = self.item(kind)
        call = outbound(when, agent=by, serves=(item.id,))
        self.hear(call)
        later = call.began_at + timedelta(minutes=10)
        self.say(
            Said(
                key=f"said {when}",
                at=later,
                by=by,
                follow_ups=(item.id,),
                result=Result.TALKED,
                call=call.call,
                **other,  # type: ignore[arg-type]
            )
        )
        return self.item(kind)

    def marked(self, when: str, kind: str, by: str = "1002") -> FollowUp:
        """A person records the act that a kind asks for."""
        item = self.item(kind)
        self.say(replace(said(when, item), by=by, key=f"{kind} {when}"))
        return self.item(kind)

    def whys(self) -> list[str]:
        """Why triggers made nothing, in their order."""
        return [each.why for decision in self.decisions for each in decision.uncreated]

    def story(self) -> list[What]:
        """All changes, in their order."""
        return [change.what for decision in self.decisions for change in decision.changes]

    @property
    def items(self) -> tuple[FollowUp, ...]:
        """All that is known, in the order of birth."""
        return tuple(sorted((*self.account.open, *self.account.ended), key=lambda each: (each.born_at, each.id)))

    def item(self, kind: str | None = None) -> FollowUp:
        """The only follow-up (of a kind)."""
        (found,) = [each for each in self.items if kind is None or each.kind == kind]
        return found


def happened(trigger: str, when: str, key: str = "e-1", **other: object) -> Happened:
    """A trigger at an hour of the centre's clock."""
    return Happened(trigger=trigger, key=key, at=at(when), **other)  # type: ignore[arg-type]


def outbound(
    when: str, result: Result = Result.TALKED, seconds: float = 60, agent: str = "1001", **other: object
) -> HeardCall:
    """A call that an agent dialled."""
    began = at(when)
    talk = HeardTalk(agent=agent, began_at=began + timedelta(seconds=8), length=timedelta(seconds=seconds))
    talked = result is Result.TALKED
    call = HeardCall(
        call=f"pbx/{when}",
        number=MOBILE,
        inbound=False,
        began_at=began,
        ended_at=began + timedelta(seconds=10 + seconds * talked),
        answered=talked,
        result=result,
        talks=(talk,) if talked else (),
        dialled_by=agent,
    )
    return replace(call, **other)  # type: ignore[arg-type]


def inbound(when: str, *, answered: bool, waited: float = 30, agent: str = "1002", **other: object) -> HeardCall:
    """A call that the customer made, answered by an agent or by nobody."""
    began = at(when)
    talk = HeardTalk(agent=agent, began_at=began + timedelta(seconds=waited), length=timedelta(seconds=60))
    call = HeardCall(
        call=f"pbx/{when}",
        number=MOBILE,
        inbound=True,
        began_at=began,
        ended_at=began + timedelta(seconds=waited + 60 * answered),
        waited=timedelta(seconds=waited),
        answered=answered,
        result=Result.TALKED if answered else Result.NO_ANSWER,
        talks=(talk,) if answered else (),
    )
    return replace(call, **other)  # type: ignore[arg-type]


def said(when: str, item: FollowUp, result: Result = Result.TALKED, **other: object) -> Said:
    """What agent 1001 records."""
    plain = Said(key=f"said-{when}", at=at(when), by="1001", follow_ups=(item.id,), result=result)
    return replace(plain, **other)  # type: ignore[arg-type]


def act(when: str, by: str = "1002", what: What = What.NOTED) -> Act:
    """An act of a person at an hour of the centre's clock."""
    return Act(what=what, at=at(when), by=by)


def page_of(name: str, **who: object) -> Page:
    """A customer of a shipped centre whose named agent is 1003."""
    return Page(centre(name), customer(**{"owner": "1003", **who}))


def dues(page: Page, kind: str) -> list[str]:
    """The due days of the follow-ups of a kind, in their order."""
    return sorted(clock(each.due_at)[:10] for each in page.items if each.kind == kind)
