"""Says what a centre owes its customers, in Chinese or English: one short paragraph a kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from config.calendars import OpenSpan
from config.festival_names import FESTIVAL_NAMES
from config.followup_words import EN, ZH, FollowUpWords
from config.followups import (
    CHAINED,
    Alarm,
    Cap,
    Due,
    DueKind,
    FollowUpKind,
    Match,
    Mode,
    Promises,
    Step,
    Trigger,
    TriggerKind,
)
from config.promise_grammar import MAJOR

SPOKEN = {"zh": ZH, "en": EN}
UNITS = (("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def explain_promises(promises: Promises, language: str) -> Iterator[str]:
    """What holds for every kind, the groups, then a paragraph a kind; nothing where no kind is owed."""
    if not promises.kinds:
        return
    words = SPOKEN[language]
    contact = promises.contact
    yield words.contact.format(
        windows=_spans(contact.windows, words), caps=words.comma.join(_caps(contact.caps, words))
    )
    for group in promises.groups:
        above = words.above.format(group=group.above) if group.above else ""
        yield words.group.format(group=group.group, leaders=words.comma.join(group.leaders), above=above)
    if promises.duty:
        yield words.duty.format(duty=words.comma.join(promises.duty))
    for kind in promises.kinds:
        yield words.space.join(explain_kind(kind, promises, language))


def explain_kind(kind: FollowUpKind, promises: Promises, language: str) -> Iterator[str]:
    """The sentences of one kind: when, by when, how, who, how often, what ends it."""
    words = SPOKEN[language]
    source = words.source.format(source=kind.source) if kind.source else ""
    yield words.kind.format(name=_name(kind, language), id=kind.id, source=source)
    yield words.arises.format(trigger=explain_trigger(kind.trigger, promises, language))
    yield from _conditions(kind, words)
    yield words.due.format(due=explain_due(kind.due, words))
    yield from _dates(kind, words)
    yield from _times(kind, words)
    yield from _doer(kind, words)
    yield from _fulfilment(kind, words)
    yield from _end(kind, promises, words, language)


def explain_trigger(trigger: Trigger, promises: Promises, language: str) -> str:
    """What makes a follow-up arise, in words."""
    words = SPOKEN[language]
    template = words.named.get(trigger.kind, "") if trigger.name else ""
    before = promises.kind(trigger.name) if trigger.kind in CHAINED else None
    name = _name(before, language) if before else trigger.name
    if trigger.kind is TriggerKind.FESTIVAL:
        festivals = promises.major if trigger.name == MAJOR else (trigger.name,)
        name = words.comma.join(FESTIVAL_NAMES[each][language != "zh"] for each in festivals)
    elif trigger.kind in (TriggerKind.PERIOD, TriggerKind.TOP):
        name = words.periods[trigger.name]
    elif trigger.kind is TriggerKind.OUTCOME:
        name = words.results[trigger.name]
    return (template or words.triggers[trigger.kind]).format(name=name)


def explain_due(due: Due, words: FollowUpWords) -> str:
    """By when, in words."""
    span = _duration(due.span, words) if due.span else ""
    return words.dues[due.kind].format(amount=due.amount, span=span)


def _name(kind: FollowUpKind, language: str) -> str:
    return kind.name_zh if language == "zh" else kind.name_en


def _conditions(kind: FollowUpKind, words: FollowUpWords) -> Iterator[str]:
    if kind.top:
        yield words.top.format(top=kind.top)
    if kind.where:
        yield words.where.format(conditions=words.comma.join(_match(each, words) for each in kind.where))
    if kind.who:
        yield words.who.format(conditions=words.comma.join(_match(each, words) for each in kind.who))
    if kind.one_open:
        yield words.one_open
    if kind.lunar:
        yield words.lunar


def _match(match: Match, words: FollowUpWords) -> str:
    least = f"≥ {match.at_least}{words.measures.get(match.key, '')}"
    asked = f"= {words.either.join(match.values)}" if match.at_least is None else least
    return f"{match.key} {asked}{words.or_missing if match.or_missing else ''}"


def _dates(kind: FollowUpKind, words: FollowUpWords) -> Iterator[str]:
    if kind.due_unset is not None and kind.due.kind is DueKind.BY_HAND:
        yield words.unset.format(due=explain_due(kind.due_unset, words), approvals=kind.approvals)
    if kind.repeat:
        yield words.repeat.format(steps=words.comma.join(_step(step, words) for step in kind.repeat))
    if kind.every:
        yield words.every.format(step=_step(kind.every, words))
    if not kind.first:
        yield words.no_first
    if kind.open_before:
        yield words.open_before.format(span=_duration(kind.open_before, words))
    if not kind.agreed:
        yield words.not_agreed


def _step(step: Step, words: FollowUpWords) -> str:
    return words.step.format(count=step.count, unit=words.units[step.unit.value])


def _times(kind: FollowUpKind, words: FollowUpWords) -> Iterator[str]:
    windows = kind.windows
    if windows.spans:
        yield words.windows.format(spans=_spans(windows.spans, words))
    if windows.near:
        yield words.near.format(clocks=words.either.join(f"{clock:%H:%M}" for clock in windows.near))
    if windows.edges:
        yield words.edges
    if windows.weekdays:
        yield words.on_weekdays.format(days=words.comma.join(words.weekdays[day] for day in windows.weekdays))
    if windows.closed_days:
        yield words.closed_days
    if kind.announce:
        yield words.announce.format(span=_duration(kind.announce, words))


def _doer(kind: FollowUpKind, words: FollowUpWords) -> Iterator[str]:
    group = kind.group or words.his_group
    yield words.level_up if kind.level_up else words.owners[kind.owner].format(group=group)
    if kind.anyone:
        yield words.anyone.format(group=group)
    if kind.skill:
        yield words.skill.format(skill=kind.skill)


def _fulfilment(kind: FollowUpKind, words: FollowUpWords) -> Iterator[str]:
    told = words.in_person if kind.in_person else words.fulfilled[kind.fulfilled_by]
    yield told.format(seconds=kind.min_talk // timedelta(seconds=1))
    if kind.inbound:
        yield words.inbound
    if kind.survey:
        yield words.survey.format(survey=kind.survey)
    if kind.is_by_phone:
        if kind.mode is Mode.PREVIEW:
            yield words.preview
        tries = kind.attempts
        yield words.attempts.format(least=tries.least, most=tries.most, days=tries.days, windows=tries.windows)


def _end(kind: FollowUpKind, promises: Promises, words: FollowUpWords, language: str) -> Iterator[str]:
    known = [reason for each in kind.reasons if (reason := promises.reason(each))]
    if known:
        names = words.comma.join(each.name_zh if language == "zh" else each.name_en for each in known)
        yield words.reasons.format(reasons=names)
    yield words.bases[kind.basis]
    if kind.overdue is not Alarm.NOBODY:
        yield words.overdue.format(who=words.alarms[kind.overdue])
    if kind.at_once is not Alarm.NOBODY:
        yield words.at_once.format(who=words.alarms[kind.at_once])


def _caps(caps: tuple[Cap, ...], words: FollowUpWords) -> Iterator[str]:
    for cap in caps:
        yield words.cap.format(count=cap.count, days=cap.span // timedelta(days=1))
    if not caps:
        yield words.no_cap


def _spans(spans: tuple[OpenSpan, ...], words: FollowUpWords) -> str:
    return words.comma.join(
        f"{span.opens:%H:%M}–{f'{span.closes:%H:%M}' if span.closes else '24:00'}" for span in spans
    )


def _duration(span: timedelta, words: FollowUpWords) -> str:
    """In the greatest unit that divides it; "72 hours" stays hours, since days are counted otherwise."""
    unit, length = next(
        ((unit, length) for unit, length in UNITS if not span % length), ("second", timedelta(seconds=1))
    )
    return words.step.format(count=span // length, unit=words.units[unit])
