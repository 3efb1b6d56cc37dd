"""The policy in sentences, what differs between its versions, and the days of a month by it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from config.calendars import OpenSpan
from config.explain import explain_calendar, explain_start, explain_version
from config.explain_days import unannounced
from config.explain_words import EN, ZH
from config.policies import Policy
from service.dashboard import numerals
from service.dashboard.promises.calendar_days import weeks_of
from service.dashboard.promises.calendar_view import festival_of
from service.dashboard.words import Words

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionTab:
    """A version that may be chosen; `number` counts from 1."""

    number: int
    label: str
    in_force: bool
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A sentence of a version, and whether the version before it had none such."""

    text: str
    title: str  # what it is about, where it names itself: 【…】
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDay:
    """A day by the policy."""

    label: str
    css: str
    spans: str
    off: bool
    make_up: bool
    today: bool
    festival: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookRow:
    """What a kind would come to in a month."""

    kind: str
    arising: int
    done: int
    late: int
    closed: int
    open: int
    unmeetable: int
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """The page."""

    name: str
    title: str
    versions: list[VersionTab]
    start: str
    rules: list[Rule]
    gone: list[str]  # sentences of the version before that hold no more
    calendar: list[list[str]]
    warnings: list[str]
    days: list[PolicyDay]


def in_force(policy: Policy, now: datetime) -> int:
    """The number of the version in force, from 1 on."""
    return policy.versions.index(policy.resolve(now)) + 1


def policy_view(words: Words, policy: Policy, number: int, month: date, now: datetime) -> PolicyView:
    """One version of it, and a month."""
    version, language = policy.versions[number - 1], words.language
    sentences = list(explain_version(version, language))
    before = list(explain_version(policy.versions[number - 2], language)) if number > 1 else []
    today = now.astimezone(policy.zone).date()
    return PolicyView(
        name=policy.name,
        title=policy.title_zh if words.chinese else policy.title_en,
        versions=_tabs(policy, number, now, language),
        start=explain_start(policy, version, language).rstrip("：:"),
        rules=[_rule(each, is_new=number > 1 and each not in before) for each in sentences],
        gone=[each for each in before if each not in sentences],
        calendar=explain_calendar(policy, language),
        warnings=unannounced(policy, ZH if words.chinese else EN, today),
        days=_days(words, policy, month, today),
    )


def _rule(sentence: str, *, is_new: bool) -> Rule:
    for opens, closes in (("【", "】"), ("[", "]")):
        if sentence.startswith(opens) and closes in sentence:
            title, _, rest = sentence[1:].partition(closes)
            return Rule(text=rest.strip(), title=title, is_new=is_new)
    return Rule(text=sentence, title="", is_new=is_new)


def _tabs(policy: Policy, number: int, now: datetime, language: str) -> list[VersionTab]:
    current = in_force(policy, now)
    return [
        VersionTab(
            number=place,
            label=explain_start(policy, version, language).rstrip("：:"),
            in_force=place == current,
            chosen=place == number,
        )
        for place, version in enumerate(policy.versions, 1)
    ]


def _days(words: Words, policy: Policy, month: date, today: date) -> list[PolicyDay]:
    first, end = weeks_of(month)
    days = [first + each * DAY for each in range((end - first).days)]
    return [_day(words, policy, day, month, today) for day in days]


def _day(words: Words, policy: Policy, day: date, month: date, today: date) -> PolicyDay:
    plan = policy.openings.plan(day)
    other = (day.year, day.month) != (month.year, month.month)
    css = (("rest", not plan.is_working), ("today", day == today), ("other", other))
    return PolicyDay(
        label=str(day.day),
        css=" ".join(name for name, holds in css if holds),
        spans=" ".join(map(_span, plan.spans)) if plan.spans else "",
        off=not plan.is_working,
        make_up=plan.is_working and policy.openings.is_make_up(day),
        today=day == today,
        festival=festival_of(words, day),
    )


def _span(span: OpenSpan) -> str:
    return f"{span.opens:%H:%M}–{f'{span.closes:%H:%M}' if span.closes else '24:00'}"


def outlook_rows(words: Words, policy: Policy, told: Mapping[str, Any]) -> list[OutlookRow]:
    """What each kind would come to."""
    kinds = {kind.id: kind for version in policy.versions for kind in version.promises.kinds}

    def name(kind: str) -> str:
        found = kinds.get(kind)
        return kind if found is None else found.name_zh if words.chinese else found.name_en

    return [
        OutlookRow(
            kind=name(each["kind"]),
            arising=each["arising"],
            done=each["done"],
            late=each["late"],
            closed=sum(each["closed"].values()),
            open=each["open"] + each["overdue"],
            unmeetable=each["cannot_be_met"],
            attempts=each["attempts"],
        )
        for each in told["kinds"]
    ]


def group_rows(told: Mapping[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """What it would cost each group: calls, a day, the most of a day, hours."""
    return [
        (
            each["group"],
            numerals.count(each["calls"]),
            numerals.DASH if each["calls_a_day"] is None else f"{each['calls_a_day']:.1f}",
            numerals.count(each["most_calls_a_day"]),
            f"{each['agent_hours']:,.1f}",
        )
        for each in told["groups"]
    ]
