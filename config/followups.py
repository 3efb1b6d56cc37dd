"""What a centre owes its customers: kinds of follow-ups 跟进 and revisits 回访, as frozen objects.

One small idea carries every rulebook. A *follow-up* is something owed to one customer. A kind says what makes it
arise (`trigger`), by when it is owed (`due`), when the customer may be disturbed, who does it, how often it is tried,
what fulfils it and with what reasons it may be closed unfulfilled. A complaint is a chain: one kind's end is the next
one's trigger. Read from TOML by `config.followup_reading`; what must hold is in `config.followup_checks`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum

from config.calendars import OpenSpan


class TriggerKind(StrEnum):
    """What makes a follow-up arise; written `trigger = "kind"` or `"kind:name"`."""

    MISSED_CALL = "missed_call"  # a caller whom nobody answered
    PROMISE = "promise"  # an agent promised it on the phone; `promise:NAME` tells several sorts apart
    OUTCOME = "outcome"  # `outcome:RESULT`: what an agent recorded of a talk that fulfils nothing else
    EVENT = "event"  # `event:NAME`: something happened outside: an order, a report, a visit
    CAMPAIGN = "campaign"  # chosen for a campaign by a list or a query; `campaign:NAME` tells several sorts apart
    MEMBER = "member"  # being a customer: recurs from the day on which he became one
    PERIOD = "period"  # `period:week|month|quarter|year`: owed once in each that he was a customer on its first day
    TOP = "top"  # `top:month|quarter`: in the period after one in which he was among the best of his branch
    BIRTHDAY = "birthday"
    FESTIVAL = "festival"  # `festival:NAME`, or `festival:major` for all that the policy calls major
    DONE = "done"  # `done:KIND`: that follow-up was fulfilled, and the customer is content
    CLOSED = "closed"  # `closed:KIND`: it was closed unfulfilled
    UNSATISFIED = "unsatisfied"  # `unsatisfied:KIND`: it was fulfilled, and he is not content


CHAINED = frozenset({TriggerKind.DONE, TriggerKind.CLOSED, TriggerKind.UNSATISFIED})
"""Triggers that are another follow-up's end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What makes a follow-up arise. `name` is the event, result, period, festival or kind; '' where none is."""

    kind: TriggerKind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.name}" if self.name else self.kind.value


class DueKind(StrEnum):
    """How a due time is counted, always from the trigger."""

    ELAPSED = "elapsed"  # "5 minutes", "72 hours": by the clock, whether the centre is open or not
    OPEN = "open"  # "30 open minutes", "2 open hours": only while the centre is open
    DAYS = "days"  # "3 days": closing of the third calendar day after receipt
    WORKING_DAYS = "working_days"  # "2 working days": closing of the second working day after receipt
    ON_THE_DAY = "on_the_day"  # "on the day": that local day and no other
    IN_THE_PERIOD = "in_the_period"  # "in the period": until the calendar period ends
    PROMISED = "promised"  # "as promised": the time that was told to the customer
    BY_HAND = "by_hand"  # "by hand": a date that people set; until then `due_unset` counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """By when a follow-up is owed. `amount` counts days; `span` is a duration; either is unused by other kinds."""

    kind: DueKind
    amount: int = 0
    span: timedelta = timedelta()


class Every(StrEnum):
    """A unit of recurrence, by the calendar: a month without that day uses its last day."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A distance from the trigger: "6 months" is Step(count=6, unit=MONTH)."""

    count: int
    unit: Every


class FulfilledBy(StrEnum):
    """What fulfils a follow-up."""

    TALK = "talk"  # a human talk of `min_talk` with any of the customer's numbers, and an outcome `reached`
    CONTACT = "contact"  # a contact that was logged: face to face, WeChat, or such a talk
    MESSAGE = "message"  # a message that was sent
    MARK = "mark"  # an act that a person records: unit named, answer written, decision made


IN_PERSON = frozenset({"visit", "in_person", "拜访", "上门", "面谈"})
"""Contacts made elsewhere that are face to face: the caps, which are of calls and messages, do not count them."""


class Mode(StrEnum):
    """How a call of this kind is placed."""

    PREVIEW = "preview"  # the record is reviewed first, then the agent dials: every revisit
    DIRECT = "direct"  # the agent may be connected at once


class OwnerRule(StrEnum):
    """Who owns a follow-up when it arises."""

    NAMED = "named"  # the customer's named agent, else who was asked first
    FIRST_ASKED = "first_asked"  # 首问负责: who spoke with him, else his named agent
    GROUP = "group"  # spread over those of the group who are on duty
    LEADER = "leader"  # the group's leader


class Alarm(StrEnum):
    """Who is told when a follow-up becomes overdue, or at once."""

    NOBODY = "nobody"
    OWNER = "owner"
    LEADER = "leader"  # of the owner's group
    DUTY = "duty"  # the duty leader 值班领导


class Result(StrEnum):
    """How one try at a contact ended: what telephony or the agent said of it."""

    TALKED = "talked"  # a human of the customer's side answered and there was a talk
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REJECTED = "rejected"
    VOICEMAIL = "voicemail"  # a mailbox or answering machine: an attempt, no talk
    THIRD_PERSON = "third_person"  # somebody else answered
    WRONG_NUMBER = "wrong_number"
    INDETERMINATE = "indeterminate"  # the end is not known; counts, and is never tried again by itself
    FAILED = "failed"  # the customer's network was not reached: trunk, no route
    AGENT_MISSED = "agent_missed"  # our own agent did not take his leg
    SILENT = "silent"  # nothing was heard on the outbound line


NOT_COUNTED = frozenset({Result.FAILED, Result.AGENT_MISSED, Result.SILENT})
"""Tries that did not reach the customer's network (or nothing was heard): spaced, with a bound of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """How often and how far apart a contact is tried (C11: 3 to 5; the bounds of the others are ours).

    Closing as unreachable needs `least` counted attempts on `days` local days and in `windows` parts of the day;
    at `most` it must be closed or handed to a person. `uncounted` bounds those that did not reach the network.
    """

    least: int = 3
    most: int = 5
    uncounted: int = 5
    days: int = 2
    windows: int = 2
    spacing: tuple[tuple[Result, timedelta], ...] = ()  # where the policy says other than SPACING

    def space(self, result: Result) -> timedelta:
        """The rest after an attempt that ended so."""
        return dict(self.spacing).get(result, SPACING[result])


SPACING: dict[Result, timedelta] = {
    Result.TALKED: timedelta(hours=4),  # spoken with, but not fulfilled
    Result.NO_ANSWER: timedelta(hours=2),
    Result.BUSY: timedelta(minutes=15),
    Result.REJECTED: timedelta(hours=4),
    Result.VOICEMAIL: timedelta(hours=3),
    Result.THIRD_PERSON: timedelta(hours=2),
    Result.WRONG_NUMBER: timedelta(),
    Result.INDETERMINATE: timedelta(hours=2),
    Result.FAILED: timedelta(minutes=10),
    Result.AGENT_MISSED: timedelta(minutes=2),
    Result.SILENT: timedelta(minutes=10),
}
"""Ours: the rulebooks say how often, not how far apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A condition on an attribute of the trigger or of the customer: one of `values`, or a number `at_least`.

    With `or_missing` it holds also where nothing is known of the attribute.
    """

    key: str
    values: tuple[str, ...] = ()
    at_least: int | None = None
    or_missing: bool = False

    def holds(self, about: object) -> bool:
        """Whether a value fulfils it: a text, a whole number, or None for nothing known."""
        if about is None:
            return self.or_missing
        if self.at_least is not None:
            return isinstance(about, int) and about >= self.at_least
        return str(about) in self.values


ATTRIBUTES = ("id", "sort", "branch", "tier", "owner", "dialect", "language")
"""What `who` may ask of a customer, besides his figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """When a customer may be called, by his own clock, within the centre's opening hours.

    `spans` bound the day (() is no bound); `near` are clock times within half an hour of which it must be; `edges`
    keeps clear of half an hour on each side of the start of work, both ends of the noon break and the end of work, by
    the customer's hours where they are known, else by the centre's. `closed_days`: also on days on which the
    centre is closed, within `spans`.
    """

    spans: tuple[OpenSpan, ...] = ()
    near: tuple[time, ...] = ()
    edges: bool = False
    weekdays: tuple[int, ...] = ()  # Monday is 0; () is every day
    closed_days: bool = False


NEAR = timedelta(minutes=30)
EDGE = timedelta(minutes=30)
"""domain.md §4: near an hour is ± 30 minutes, quiet 30 minutes on each side; open at the far end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a survey. `scale` is the best of the marks from 1 on; None where it is answered in words."""

    id: str
    text_zh: str
    text_en: str
    scale: int | None = None
    content_from: int | None = None  # a mark from which on the customer is content


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Questions that are asked together. No percentage is shown of fewer answers than `least`."""

    id: str
    questions: tuple[Question, ...]
    least: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason with which a follow-up may be closed unfulfilled."""

    id: str
    name_zh: str
    name_en: str


REASONS = (
    Reason(id="unreachable", name_zh="多次未联系上", name_en="unreachable after the attempts that the policy asks"),
    Reason(id="wrong_contact", name_zh="联系方式有误", name_en="wrong contact data"),
    Reason(id="not_interested", name_zh="无意向", name_en="not interested"),
    Reason(id="refused", name_zh="客户拒绝", name_en="the customer refuses"),
    Reason(id="do_not_call", name_zh="客户要求勿扰", name_en="the customer asked not to be called"),
    Reason(id="no_consent", name_zh="未同意联系", name_en="no basis of contact"),
    Reason(id="withdrawn", name_zh="事项已撤销", name_en="what it was about was withdrawn"),
    Reason(id="duplicate", name_zh="重复", name_en="owed twice"),
    Reason(id="customer_left", name_zh="已非客户", name_en="no customer any more"),
    Reason(id="handed_on", name_zh="已转书面处理", name_en="handed on in writing"),
)
"""What every policy has; a policy may add its own, and a kind names those that it permits."""

SYSTEM_REASONS = frozenset({"do_not_call", "no_consent", "withdrawn", "customer_left", "duplicate"})
"""Reasons that every kind permits: nobody may be made to call a customer who must not be called."""


class Basis(StrEnum):
    """Why the customer may be contacted at all."""

    SERVICE = "service"  # he asked for it, or it is part of what he bought
    CONSENT = "consent"  # only with his consent: greetings, offers


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpKind:
    """One sort of promise. `open_before` is how long before its due time a recurring one may be worked on."""

    id: str
    name_zh: str
    name_en: str
    trigger: Trigger
    due: Due
    due_unset: Due | None = None  # with `due = "by hand"`: what counts until a date is set
    approvals: int = 0  # how many other persons a date set by hand needs
    repeat: tuple[Step, ...] = ()  # further ones at these distances from the trigger
    every: Step | None = None  # and so on without end, from the trigger
    first: bool = True  # whether there is one at the trigger itself, besides `repeat` and `every`
    open_before: timedelta = timedelta()
    top: int = 0  # with `top:`: how many of each branch
    lunar: bool = False  # birthdays by the lunar calendar where the customer's is known so
    where: tuple[Match, ...] = ()  # of the trigger's attributes
    who: tuple[Match, ...] = ()  # of the customer's attributes
    windows: Windows = Windows()
    owner: OwnerRule = OwnerRule.NAMED
    group: str | None = None
    skill: str | None = None
    anyone: bool = False  # anyone of the group may do it, not its owner alone
    attempts: Attempts = Attempts()
    mode: Mode = Mode.PREVIEW
    fulfilled_by: FulfilledBy = FulfilledBy.TALK
    in_person: bool = False  # with `contact`: face to face only; it is no call, and no cap holds for it
    min_talk: timedelta = timedelta(seconds=10)
    inbound: bool = False  # whether a talk that the customer began fulfils it
    agreed: bool = True  # whether a time agreed with the customer replaces the due time
    one_open: str = (
        ""  # "number": a trigger joins that number's open one, and at most one a day of the centre arises
    )
    survey: str | None = None
    script_zh: str = ""
    script_en: str = ""
    reasons: tuple[str, ...] = ("unreachable", "wrong_contact", "refused")
    basis: Basis = Basis.SERVICE
    overdue: Alarm = Alarm.LEADER
    at_once: Alarm = Alarm.NOBODY  # who is told the moment it arises
    announce: timedelta | None = None  # the customer is told by message so long before the visit
    level_up: bool = False  # belongs to the leader above the one who did the follow-up that it continues
    source: str = ""  # the rulebook's centre, or "ours"

    @property
    def is_by_phone(self) -> bool:
        """Whether the customer is called for it, so that the caps hold."""
        by_contact = self.fulfilled_by is FulfilledBy.CONTACT and not self.in_person
        return by_contact or self.fulfilled_by is FulfilledBy.TALK


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """No more than `count` contacts with one customer in a rolling `span`, whatever they are about."""

    count: int
    span: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRules:
    """What holds for every kind: never outside `windows`, never more often than `caps`.

    `nudge`: so long before an agreed time its owner is reminded; unacknowledged after `nudge_leader` his leader.
    `punctual`: a contact that begins so long after an agreed time is still in time (ours: nobody rings to the second).
    """

    windows: tuple[OpenSpan, ...] = (OpenSpan(opens=time(8), closes=time(21)),)
    caps: tuple[Cap, ...] = (Cap(count=2, span=timedelta(days=1)),)
    nudge: timedelta = timedelta(minutes=10)
    nudge_leader: timedelta = timedelta(minutes=5)
    punctual: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of agents: its leaders, the one in charge first, and the group above it."""

    group: str
    leaders: tuple[str, ...]
    above: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """All of a version that is about follow-ups."""

    kinds: tuple[FollowUpKind, ...] = ()
    surveys: tuple[Survey, ...] = ()
    reasons: tuple[Reason, ...] = ()  # the policy's own, besides REASONS
    contact: ContactRules = field(default_factory=ContactRules)
    groups: tuple[Group, ...] = ()
    duty: tuple[str, ...] = ()  # duty leaders, the one in charge first
    major: tuple[str, ...] = ()  # festivals that `festival:major` means

    def kind(self, kind_id: str) -> FollowUpKind | None:
        """The kind of this id."""
        return next((kind for kind in self.kinds if kind.id == kind_id), None)

    def survey(self, survey_id: str | None) -> Survey | None:
        """The survey of this id."""
        return next((survey for survey in self.surveys if survey.id == survey_id), None)

    def group(self, name: str | None) -> Group | None:
        """The group of this name."""
        return next((group for group in self.groups if group.group == name), None)

    def reason(self, reason_id: str) -> Reason | None:
        """The reason of this id, the policy's own or one of all."""
        return next((each for each in (*self.reasons, *REASONS) if each.id == reason_id), None)
