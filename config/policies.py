"""What a centre has promised, as frozen objects: a policy and its effective-dated versions.

A figure uses the version in force when its call or offering *began*: `policy.resolve(call.started_at)`.
Every field has a default, so `PolicyVersion()` is the plain Chinese centre of policies/default.toml.
Read from TOML by `config.policy_loader`; the sentences are written by `config.explain`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from config.attendance import BreakLimits, Prorate
from config.calendars import Hours, WeeklyHours, hours_on
from config.closings import Closings
from config.digests import UNDIGESTED, digest_of
from config.errors import ConfigMisuseError
from config.followups import Promises
from config.marks import Marks, marks_of
from config.minutes import MinuteKind, MinuteRule, Rounding
from config.national import FIRST_YEAR, LAST_YEAR, national_year
from config.openings import Openings
from config.outcomes import CallOutcome
from config.people import AgentPeriod, DevicePeriod, Line, QueueRule, Tier, TierCounts, in_force
from config.quality import Quality
from config.recordings import RecordingRules
from config.retention import Retention
from config.rings import CADENCES, Boundary, Cadence, RingRule, TrunkCadence

__all__ = [
    "CADENCES",
    "AgentPeriod",
    "Boundary",
    "BreakLimits",
    "Cadence",
    "Closings",
    "DevicePeriod",
    "Hours",
    "Limits",
    "Line",
    "MinuteKind",
    "MinuteRule",
    "NumberLists",
    "Policy",
    "PolicyVersion",
    "Prorate",
    "QueueRule",
    "RingRule",
    "Rounding",
    "ServiceLevel",
    "ServiceLevelFormula",
    "Tier",
    "TierCounts",
    "TrunkCadence",
    "WeeklyHours",
]


class ServiceLevelFormula(StrEnum):
    """How a service level is made; N is the policy's seconds, inclusive. The name is always shown with it.

    ICMI's five, in ICMI's order, our default, and the two that `queue show` prints.
    """

    ANSWERED_LESS_SHORT = "answered_less_short"  # answered ≤ N ÷ (answered + abandoned − short abandoned)
    ICMI_1 = "icmi_1"  # (answered ≤ N + abandoned ≤ N) ÷ (answered + abandoned)
    ICMI_2 = "icmi_2"  # answered ≤ N ÷ answered
    ICMI_3 = "icmi_3"  # answered ≤ N ÷ (answered + abandoned)
    ICMI_4 = "icmi_4"  # answered ≤ N ÷ (answered + abandoned > N)
    ICMI_5 = "icmi_5"  # (answered ≤ N + short abandoned) ÷ (answered + abandoned)
    ASTERISK_SL = "asterisk_sl"  # as icmi_2: answered ≤ N ÷ answered
    ASTERISK_SL2 = "asterisk_sl2"  # as icmi_1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel:
    """The wait that counts as good service, the formula by which it is shown, and what staffing is to reach."""

    within: timedelta = timedelta(seconds=20)
    formula: ServiceLevelFormula = ServiceLevelFormula.ANSWERED_LESS_SHORT
    target: int = 80  # per cent of the callers; suggested agents reach it
    occupancy: int = 85  # per cent of the time; suggested agents are no busier


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Edges in time by which calls are told apart."""

    short_talk: timedelta = timedelta(seconds=5)  # a talk below it is a short call
    short_abandon: timedelta = timedelta(seconds=5)  # a wait below it, given up, is a short abandon
    wrap_up: timedelta = timedelta()  # after a call; the queue's own wrapuptime if that is longer
    handled_within: timedelta = timedelta(seconds=180)  # first human answer to end; equality is in time
    first_contact: timedelta = timedelta(hours=24)  # a customer who calls again within it was not served at once


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLists:
    """Numbers that are known to the centre; each entry is a number or an fnmatch pattern (`400*`)."""

    test: tuple[str, ...] = ()  # our own trials: kept out of metrics and callbacks
    nuisance: tuple[str, ...] = ()  # kept out of metrics and callbacks
    switchboards: tuple[str, ...] = ()  # many people stand behind them: cannot be called back
    short_codes: tuple[str, ...] = ()  # 95588, 12345: no subscriber's number

    def is_left_out(self, *forms: str | None) -> bool:
        """Whether a number, in any of these forms (as heard, E.164), stays out of metrics and callbacks."""
        return _listed(self.test + self.nuisance, forms)

    def is_shared(self, *forms: str | None) -> bool:
        """Whether a number is a switchboard's or a short code: not one person's, and no callback."""
        return _listed(self.switchboards + self.short_codes, forms)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """The rules in force from `start` until the next version's start. `start` is None in the first."""

    start: datetime | None = None
    ring: RingRule = field(default_factory=RingRule)
    minutes: MinuteRule = field(default_factory=MinuteRule)
    service_level: ServiceLevel = ServiceLevel()
    limits: Limits = Limits()
    numbers: NumberLists = NumberLists()
    service_codes: tuple[str, ...] = ()  # in their order; names, not numbers
    breaks: BreakLimits = field(default_factory=BreakLimits)
    prorate: Prorate = Prorate.NONE
    recordings: RecordingRules = field(default_factory=RecordingRules)
    tiers: tuple[Tier, ...] = ()
    lines: tuple[Line, ...] = ()
    queues: tuple[QueueRule, ...] = ()
    # What is owed or may be recorded changes no figure of calls: roll-ups must outlive a new kind of follow-up.
    promises: Promises = field(default_factory=Promises, metadata=UNDIGESTED)
    outcomes: tuple[CallOutcome, ...] = field(default=(), metadata=UNDIGESTED)
    marks: Marks = field(default_factory=Marks, metadata=UNDIGESTED)
    quality: Quality | None = field(default=None, metadata=UNDIGESTED)  # None: nothing is sampled
    retention: Retention = field(default_factory=Retention, metadata=UNDIGESTED)

    def limit(self, trunk: str | None = None) -> timedelta:
        """The ring time that is already late, for a call by this trunk's peer."""
        return self.ring.limit(trunk)

    def within(self, ring: timedelta, trunk: str | None = None) -> bool:
        """Whether a phone was answered in time. Equality is late."""
        return self.ring.within(ring, trunk)

    def tier(self, tier_id: str | None) -> Tier | None:
        """The tier of this id."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)

    def line_of(self, did: str | None) -> Line | None:
        """The line that a dialled number belongs to: the one of exactly it, else the first pattern's."""
        if did is None:
            return None
        exact = next((line for line in self.lines if line.did == did), None)
        return exact or next((line for line in self.lines if fnmatchcase(did, line.did)), None)

    def queue_rule(self, queue: str | None) -> QueueRule | None:
        """What the policy says of a queue, by its name on the PBX."""
        return next((rule for rule in self.queues if rule.queue == queue), None)

    def marks_of(self, queue: str | None = None) -> Marks:
        """When the board warns: of the whole centre, or of one queue by its name on the PBX."""
        rule = self.queue_rule(queue)
        return marks_of(self.marks, rule.marks if rule else None, self.service_level.target)

    def queue_name(self, queue: str) -> str:
        """What people call a queue: the policy's name for it, else the PBX's."""
        rule = self.queue_rule(queue)
        return (rule.name if rule else None) or queue

    def code_of(self, did: str | None, queue: str | None) -> str | None:
        """The service code of a call: its line's, else its queue's."""
        line, rule = self.line_of(did), self.queue_rule(queue)
        return (line.code if line else None) or (rule.code if rule else None)

    def branch_of(self, did: str | None, queue: str | None) -> str | None:
        """The branch of a call: its line's, else its queue's."""
        line, rule = self.line_of(did), self.queue_rule(queue)
        return (line.branch if line else None) or (rule.branch if rule else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All that one centre has promised, at any time. Made by `load_policy`, which checks it whole.

    `versions` are in the order of their start and the first has none, so that every instant has one.
    """

    name: str
    zone: ZoneInfo
    country: str  # ISO 3166, two letters
    title_zh: str = ""
    title_en: str = ""
    versions: tuple[PolicyVersion, ...] = (PolicyVersion(),)
    agents: tuple[AgentPeriod, ...] = ()
    devices: tuple[DevicePeriod, ...] = ()
    hours: tuple[WeeklyHours, ...] = ()
    closings: Closings = field(default_factory=Closings)
    day_start: time = time(0)  # when the centre's business day begins, by its own clock
    openings: Openings = field(init=False, repr=False, compare=False)
    _digest: str = field(default="", init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "openings", Openings(self.hours, self.closings, self.zone))

    def resolve(self, at: datetime) -> PolicyVersion:
        """The version in force at an instant: when the call or offering began.

        Raises ConfigMisuseError if `at` has no zone.
        """
        _require_aware(at)
        begun = [version for version in self.versions if version.start is None or version.start <= at]
        return begun[-1]

    def agent_of(self, interface: str, at: datetime) -> str | None:
        """The agent whom this interface belonged to at an instant."""
        _require_aware(at)
        rows = (row.agent for row in self.devices if row.interface == interface and in_force(row, at))
        return next(rows, None)

    def agent_at(self, agent: str, at: datetime) -> AgentPeriod | None:
        """The agent's name, tier and group at an instant."""
        _require_aware(at)
        return next((row for row in self.agents if row.agent == agent and in_force(row, at)), None)

    def tier_at(self, agent: str, at: datetime) -> Tier | None:
        """The agent's tier at an instant, with the quota in force then."""
        row = self.agent_at(agent, at)
        return self.resolve(at).tier(row.tier) if row else None

    def is_open(self, at: datetime) -> bool | None:
        """Whether the centre was open; None where the policy gives no hours for that day."""
        _require_aware(at)
        given = hours_on(self.hours, at.astimezone(self.zone).date())
        return self.openings.at(at) is Hours.IN if given else None

    def hours_at(self, at: datetime) -> Hours:
        """Whether an instant is in hours, out of hours or in a closing.

        Where the policy gives no hours, all that is no holiday is in hours. Asked for many instants,
        `hours_at_us` is the faster.
        """
        _require_aware(at)
        return self.openings.at(at)

    def hours_at_us(self, us: int) -> Hours:
        """As `hours_at`, for an instant in microseconds since 1970, UTC."""
        return self.openings.at_us(us)

    def digest(self) -> str:
        """Sixteen hex digits of all that can change a figure; other rules give others, in every process.

        The nation's closings are in it, so that newly announced ones give another.
        """
        if not self._digest:
            # Asked for by every question; frozen means that it never changes.
            object.__setattr__(self, "_digest", self._digested())
        return self._digest

    def _digested(self) -> str:
        country = self.closings.country
        years = range(FIRST_YEAR, LAST_YEAR + 1) if country else ()
        national = tuple(national_year(country or "", year) for year in years)
        rules = (self.versions, self.agents, self.devices, self.hours, self.closings)
        return digest_of(*rules, self.day_start, self.zone, self.country, national)


def _require_aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise ConfigMisuseError(f"policy: found the naive time {at.isoformat()}, expected an aware one")


def _listed(patterns: tuple[str, ...], forms: tuple[str | None, ...]) -> bool:
    return any(form is not None and fnmatchcase(form, each) for form in forms for each in patterns)
