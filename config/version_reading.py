"""Reads one [[version]] of a policy: rings, minutes, limits, breaks, quota, recordings, numbers, tiers."""

from __future__ import annotations

from datetime import timedelta, tzinfo

from config.attendance import MEAL_REASONS, BreakLimits, Prorate
from config.dates import instant_of
from config.followup_reading import read_promises
from config.mark_reading import read_marks, read_queue_marks
from config.minutes import MinuteKind, MinuteRule, Rounding
from config.outcome_reading import read_outcome
from config.people import Line, QueueRule, Tier, TierCounts
from config.policies import Limits, NumberLists, PolicyVersion, ServiceLevel, ServiceLevelFormula
from config.quality_reading import read_quality
from config.reading import Table, to_span
from config.recording_reading import read_recordings
from config.retention_reading import read_retention
from config.rings import CADENCES, Boundary, Cadence, RingRule, TrunkCadence
from config.showing import one_of, shown

EXPECTED_DID = "a dialled number as a text, * for any digits, ? for one"
MAX_TONE_SECONDS = 60
MAX_QUOTA = 44_640  # minutes of a month of 31 days
MAX_TARGET = 99  # per cent; no number of agents answers everybody in time
_DID = r"\+?[0-9?*]{1,20}"
_NUMBER = r"\+?[0-9*#?\[\]!-]{1,32}"


def read_version(table: Table, zone: tzinfo) -> PolicyVersion:
    """One version; whatever it does not say has its default, not what the version before it said."""
    version = PolicyVersion(
        start=instant_of(table, "from", zone),
        ring=_read_ring(table.table("ring")),
        minutes=_read_minutes(table.table("minutes")),
        service_level=_read_service_level(table.table("service_level")),
        limits=_read_limits(table.table("limits")),
        numbers=read_numbers(table.table("numbers")),
        breaks=_read_breaks(table.table("breaks")),
        prorate=_read_prorate(table.table("quota")),
        recordings=read_recordings(table.table("recordings")),
        service_codes=table.texts("service_codes", expected="a list of service codes as texts"),
        tiers=tuple(_read_tier(each) for each in table.tables("tier")),
        lines=tuple(_read_line(each) for each in table.tables("line")),
        queues=tuple(_read_queue(each) for each in table.tables("queue")),
        promises=read_promises(table),
        outcomes=tuple(read_outcome(each) for each in table.tables("outcome")),
        marks=read_marks(table.table("marks")),
        quality=read_quality(table.table("quality")),
        retention=read_retention(table.table("retention")),
    )
    table.done()
    return version


def _read_ring(table: Table) -> RingRule:
    boundary = table.choice("boundary", Boundary.NEXT_RING)
    rule = RingRule(
        cadence=_cadence(table),
        rings=table.integer("rings", 3, low=1, high=20),
        boundary=boundary,
        seconds=_boundary_seconds(table, boundary),
        trunks=tuple(_read_trunk(each) for each in table.tables("trunk")),
    )
    table.done()
    return rule


def _boundary_seconds(table: Table, boundary: Boundary) -> timedelta | None:
    """The edge in seconds, which the boundary `seconds` needs and the others must not have."""
    seconds = table.seconds("seconds", timedelta(), low=1, high=600)
    if boundary is Boundary.SECONDS:
        if not table.has("seconds"):
            table.note("seconds", "nothing", 'seconds, since boundary is "seconds"')
        return seconds
    if table.has("seconds") and seconds and not table.bad("boundary"):
        table.note("seconds", "seconds beside another boundary", 'boundary = "seconds", or no seconds')
    return None


def _read_trunk(table: Table) -> TrunkCadence:
    if not (table.has("cadence") or table.has("pattern")):
        table.note("cadence", "nothing", f"{one_of(CADENCES)}, or a pattern")
    trunk = TrunkCadence(
        match=table.required("match", expected="a trunk's name or pattern"), cadence=_cadence(table)
    )
    table.done()
    return trunk


def _cadence(table: Table) -> Cadence:
    """A cadence by its country, or as seconds on, off, on, off …"""
    name = table.checked("cadence", "cn", CADENCES.__contains__, one_of(CADENCES))
    value = table.raw("pattern")
    if value is None:
        return CADENCES[name]
    if table.has("cadence"):
        table.note("pattern", "cadence beside it", "one of the two")
        return CADENCES[name]
    spans = [to_span(each, 0, MAX_TONE_SECONDS) for each in value] if isinstance(value, list) else []
    known = tuple(span for span in spans if span)
    if not known or len(known) != len(spans) or len(known) % 2:
        table.note("pattern", shown(value), f"seconds on, off, on, off …, each above 0, up to {MAX_TONE_SECONDS}")
        return CADENCES[name]
    return Cadence(pattern=known)


def _read_minutes(table: Table) -> MinuteRule:
    names = table.texts("counts", expected=f"a list of {one_of(MinuteKind)}")
    known = {kind.value: kind for kind in MinuteKind}
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        table.note("counts", shown(unknown), one_of(known))
    elif table.has("counts") and "talk" not in names and not table.bad("counts"):
        table.note("counts", "a list without talk", "talk, and what is added to it")
    rule = MinuteRule(
        counts=frozenset(known[name] for name in names if name in known) | {MinuteKind.TALK},
        rounding=table.choice("rounding", Rounding.EXACT),
    )
    table.done()
    return rule


def _read_service_level(table: Table) -> ServiceLevel:
    plain = ServiceLevel()
    level = ServiceLevel(
        within=table.seconds("seconds", plain.within, low=1, high=3600),
        formula=table.choice("formula", ServiceLevelFormula.ANSWERED_LESS_SHORT),
        target=table.integer("target", plain.target, low=1, high=MAX_TARGET),
        occupancy=table.integer("occupancy", plain.occupancy, low=1, high=100),
    )
    table.done()
    return level


def _read_limits(table: Table) -> Limits:
    plain = Limits()
    limits = Limits(
        short_talk=table.seconds("short_talk", plain.short_talk, high=60),
        short_abandon=table.seconds("short_abandon", plain.short_abandon, high=60),
        wrap_up=table.seconds("wrap_up", plain.wrap_up, high=3600),
        handled_within=table.seconds("handled_within", plain.handled_within, low=1),
        first_contact=_hours(table, "first_contact_hours", plain.first_contact),
    )
    table.done()
    return limits


def _hours(table: Table, key: str, default: timedelta) -> timedelta:
    return timedelta(hours=table.integer(key, default // timedelta(hours=1), low=1, high=168))


def _read_breaks(table: Table) -> BreakLimits:
    plain = BreakLimits()
    reasons = table.texts("meal_reasons", expected="a list of reasons as the PBX tells them")
    limits = BreakLimits(
        away=table.seconds("away", plain.away),
        meal=table.seconds("meal", plain.meal),
        meal_reasons=reasons if table.has("meal_reasons") else MEAL_REASONS,
        allowed=_read_allowed(table.table("allowed")),
    )
    table.done()
    return limits


def _read_allowed(table: Table) -> dict[str, timedelta]:
    """[version.breaks.allowed]: reasons of a pause as the PBX tells them, and seconds."""
    allowed: dict[str, timedelta] = {}
    for reason in table.names():
        if not reason.strip() or reason.strip().casefold() in {each.casefold() for each in allowed}:
            table.note(reason, "it twice, or blank", "each reason once, in small or capital letters")
        allowed[reason.strip()] = table.seconds(reason, timedelta())
    table.done()
    return allowed


def _read_prorate(table: Table) -> Prorate:
    prorate = table.choice("prorate", Prorate.NONE)
    table.done()
    return prorate


def read_numbers(table: Table) -> NumberLists:
    """[version.numbers]: lists of numbers and patterns."""

    def listed(key: str) -> tuple[str, ...]:
        return table.texts(key, expected="a list of numbers as texts, * for any digits", pattern=_NUMBER)

    numbers = NumberLists(
        test=listed("test"),
        nuisance=listed("nuisance"),
        switchboards=listed("switchboards"),
        short_codes=listed("short_codes"),
    )
    table.done()
    return numbers


def _read_tier(table: Table) -> Tier:
    tier = Tier(
        id=table.required("id", expected="a name of small letters, digits and _", pattern=r"[a-z0-9_]+"),
        name_zh=table.required("name_zh"),
        name_en=table.required("name_en"),
        counts=table.choice("counts", TierCounts.MINUTES),
        floor_minutes=_quota(table, "floor"),
        target_minutes=_quota(table, "target"),
        codes=table.texts("codes", expected="a list of service codes as texts"),
        certified=table.texts("certified", expected="a list of service codes") if table.has("certified") else None,
        certificates=table.texts("certificates", expected="a list of certificates' codes"),
    )
    table.done()
    return tier


def _quota(table: Table, key: str) -> int | None:
    minutes = table.integer(key, 0, low=0, high=MAX_QUOTA)
    return minutes if table.has(key) else None


def _read_line(table: Table) -> Line:
    line = Line(
        did=table.required("did", expected=EXPECTED_DID, pattern=_DID),
        name=table.required("name"),
        code=table.optional("code", expected="a service code as a text"),
        skill=table.optional("skill"),
        branch=table.optional("branch"),
    )
    table.done()
    return line


def _read_queue(table: Table) -> QueueRule:
    rule = QueueRule(
        queue=table.required("queue", expected="a queue's name on the PBX"),
        name=table.optional("name"),
        code=table.optional("code", expected="a service code as a text"),
        branch=table.optional("branch"),
        marks=read_queue_marks(table.table("marks")),
    )
    table.done()
    return rule
