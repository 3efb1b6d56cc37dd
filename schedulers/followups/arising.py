"""How follow-ups arise: a trigger meets the kinds of the policy in force at its instant. Pure.

The same trigger arriving again names the same follow-up (`id_of`), so that it makes one. A trigger that makes none says
why. Further occurrences (`repeat`, `every`, memberships, periods, birthdays, festivals) are a `Series`: the
next one arises when its time comes, counted from the trigger.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

from config.due_times import due_at
from config.followups import DueKind, FollowUpKind, TriggerKind
from config.recurrence import period_of
from schedulers.customers.records import NumberUse
from schedulers.followups.account import Account, Decision, Happened, Series
from schedulers.followups.changing import Act, born, changed, nothing
from schedulers.followups.occurrences import ENROLLED, Occurrence, enrolled, first_series, next_of, occurrence
from schedulers.followups.owning import Wanted, first_owner, leader_of
from schedulers.followups.records import FollowUp, What, id_of, noted
from schedulers.followups.rules import GONE, Rules
from schedulers.followups.stopping import not_wanted

NEVER = datetime(9999, 12, 1, tzinfo=UTC)
"""The due time of what the centre can never do: it does not open again."""
LAST_MISSED = "last_missed_at"
"""The attribute of a callback that tells when its number was missed last, if it was more than once."""


def arise(account: Account, happened: Happened, rules: Rules) -> Decision:
    """What a trigger makes: for each kind that it is meant for a follow-up, its series, or why nothing."""
    version = rules.version_at(happened.at)
    meant = [kind for kind in version.promises.kinds if str(kind.trigger) == happened.trigger]
    decision = Decision()
    for kind in meant:
        decision += _of_kind(kind, version.start, account, happened, rules)
    return decision


def enrol(account: Account, at: datetime, rules: Rules, known: frozenset[str] = frozenset()) -> Decision:
    """The series that a customer is in by being one, for the kinds that are not `known`."""
    version = rules.version_at(at)
    if not account.customer.is_registered:
        return Decision()  # known by a number alone: nothing is owed to him for being a customer
    kinds = (each for each in version.promises.kinds if each.trigger.kind in ENROLLED and each.id not in known)
    found = (enrolled(kind, version.start, account.customer, at, rules) for kind in kinds)
    return Decision(series=tuple(each for each in found if each is not None))


def recur(account: Account, series: Series, rules: Rules) -> Decision:
    """The follow-up of a series' next occurrence, whose time has come, and the series after it.

    What recurs with the customer goes by the version in force; what a trigger began by that of the trigger.
    """
    version = series.version
    kind = rules.kind_by(version, series.kind)
    if kind.trigger.kind in ENROLLED and series.next_at is not None:
        version = rules.version_at(series.next_at).start
        kind = rules.kind_by(version, series.kind)
    found = occurrence(kind, series, rules) if kind is not GONE else None
    if found is None:
        return Decision(series=(replace(series, next_at=None),))
    happened = Happened(
        trigger=str(kind.trigger),
        key=series.key,
        at=found.starts_at,
        about=series.about,
        by=series.by,
        occurrence=series.next,
    )
    why = _unmeant(kind, account, happened)
    made = (
        nothing(kind.id, happened.key, happened.at, why)
        if why
        else _made(kind, version, account, happened, rules, found)
    )
    following = replace(next_of(kind, series, account.customer, rules), version=version)
    return made + Decision(series=(following,))


def _of_kind(
    kind: FollowUpKind,
    version: datetime | None,
    account: Account,
    happened: Happened,
    rules: Rules,
) -> Decision:
    joined = _joined(kind, account, happened, rules)
    if joined is not None:
        return joined
    why = _unmeant(kind, account, happened) or _goes_on(kind, account, happened)
    if why:
        return nothing(kind.id, happened.key, happened.at, why)
    series = first_series(kind, version, account.customer, happened, rules)
    made = (
        _made(kind, version, account, happened, rules, None)
        if kind.first
        else nothing(kind.id, happened.key, happened.at, "later")
    )
    return made + Decision(series=(series,) if series else ())


def _joined(kind: FollowUpKind, account: Account, happened: Happened, rules: Rules) -> Decision | None:
    """With `one_open`: the number's open follow-up of this kind takes the trigger in; one of this day is enough."""
    if kind.one_open != "number" or happened.number is None:
        return None
    act = Act(what=What.JOINED, at=happened.at, note=happened.key)
    for each in account.open:
        if each.kind == kind.id and each.number == happened.number:
            return _joining(each, account, rules, act)
    identity = id_of(kind.id, key_of(kind, happened, rules))
    if any(each.id == identity for each in account.ended):
        return nothing(kind.id, happened.key, happened.at, "once_a_day")
    return None


def _joining(follow_up: FollowUp, account: Account, rules: Rules, act: Act) -> Decision:
    """One more trigger of an open follow-up; one that is no later than the last is that one again."""
    last = dict(follow_up.about).get(LAST_MISSED, follow_up.born_at.isoformat())
    if act.at <= datetime.fromisoformat(str(last)):
        return Decision()
    about = noted(follow_up.about, **{LAST_MISSED: act.at.isoformat()})
    joined = Decision(changes=(changed(follow_up, account, rules, act, about=about),))
    return joined + nothing(follow_up.kind, act.note, act.at, "joined")


def _unmeant(kind: FollowUpKind, account: Account, happened: Happened) -> str | None:
    """Why a trigger makes no follow-up of a kind that it names; None where it makes one."""
    customer, about = account.customer, dict(happened.about)
    if not all(match.holds(about.get(match.key)) for match in kind.where):
        return "not_meant"
    if not all(match.holds(customer.attribute(match.key)) for match in kind.who):
        return "not_meant"
    shared = {each.number for each in customer.numbers if each.use is NumberUse.SHARED}
    is_shared = happened.number in shared and kind.trigger.kind is TriggerKind.MISSED_CALL
    return not_wanted(kind, customer, happened.at) or ("shared" if is_shared else None)


def _goes_on(kind: FollowUpKind, account: Account, happened: Happened) -> str | None:
    """Whether what arose of a former end, which was undone, is open still: then it is what this end asks for."""
    before = happened.after
    if before is None or happened.key == before.id:
        return None
    is_there = any(each.kind == kind.id and each.after == before.id for each in account.open)
    return "goes_on" if is_there else None


def _made(
    kind: FollowUpKind,
    version: datetime | None,
    account: Account,
    happened: Happened,
    rules: Rules,
    found: Occurrence | None,
) -> Decision:
    key = key_of(kind, happened, rules)
    identity = id_of(kind.id, key, happened.occurrence)
    due = _due(kind, happened, rules, found)
    opens = found.opens_at if found else happened.at
    follow_up = FollowUp(
        id=identity,
        kind=kind.id,
        version=version,
        customer=account.customer.id,
        key=key,
        occurrence=happened.occurrence,
        case=happened.case or identity,
        after=happened.after.id if happened.after else None,
        level=happened.after.level + kind.level_up if happened.after else 0,
        about=happened.about,
        number=happened.number,
        born_at=happened.at if found is None else min(opens, happened.at),
        open_at=opens,
        due_at=due,
        promised_at=due,
        agreed_at=happened.promised_at if kind.due.kind is DueKind.PROMISED else None,
        owner="",
        group=kind.group or _group(account, happened, rules),
        skill=happened.skill or kind.skill,
    )
    owned = replace(follow_up, owner=_owner(follow_up, kind, account, happened, rules))
    act = Act(what=What.BORN, at=follow_up.born_at, note=happened.key, by=happened.by or "system")
    return Decision(changes=(born(owned, account, rules, act),))


def key_of(kind: FollowUpKind, happened: Happened, rules: Rules) -> str:
    """What names a trigger for good. With `one_open` it is the number and the centre's day: one a day."""
    if kind.one_open == "number" and happened.number is not None:
        return f"{happened.number}:{rules.day_of(happened.at).isoformat()}"
    return happened.key


def _due(kind: FollowUpKind, happened: Happened, rules: Rules, found: Occurrence | None) -> datetime:
    asked = kind.due_unset if kind.due.kind is DueKind.BY_HAND and kind.due_unset else kind.due
    at = found.due_from if found else happened.at
    period_end = found.period_end if found else _period_end(kind, happened, rules)
    due = due_at(asked, rules.openings, at, promised_at=happened.promised_at, period_end=period_end)
    if due is not None and asked.kind is DueKind.PROMISED and happened.promised_at is not None:
        due += rules.version_at(happened.at).promises.contact.punctual
    return NEVER if due is None else due


def _period_end(kind: FollowUpKind, happened: Happened, rules: Rules) -> datetime | None:
    """The end of the calendar period in which something arose that is owed within it; None for other kinds."""
    if kind.trigger.kind not in {TriggerKind.TOP, TriggerKind.PERIOD}:
        return None
    day = happened.at.astimezone(rules.zone).date()
    return datetime.combine(period_of(day, kind.trigger.name)[1], time(), tzinfo=rules.zone)


def _group(account: Account, happened: Happened, rules: Rules) -> str | None:
    """The group of who was asked, or of the customer's named agent; that of the follow-up it continues."""
    if happened.after is not None and happened.after.group is not None:
        return happened.after.group
    named = account.customer.owner or happened.by
    return rules.staff.group_of(named, happened.at) if named else None


def _owner(follow_up: FollowUp, kind: FollowUpKind, account: Account, happened: Happened, rules: Rules) -> str:
    promises = rules.promises(follow_up)
    if kind.level_up and happened.after is not None:
        return leader_of(follow_up.group, happened.at, promises, rules, up=follow_up.level - 1)
    wanted = Wanted(
        group=follow_up.group,
        skill=follow_up.skill,
        start=follow_up.born_at,
        end=max(follow_up.born_at, follow_up.due_at),
        seed=follow_up.id,
    )
    return first_owner(kind, account.customer, happened.by, wanted, promises, rules)
