"""Follow-ups as rows: of a work list, and of what is behind a figure. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schedulers.customers.records import Customer
from schedulers.followups.records import FollowUp, State
from schedulers.followups.rules import Rules
from schedulers.storage.coverage import Standing
from service.dashboard import numerals
from service.dashboard.campaign_labels import RESULTS
from service.dashboard.labels import Label
from service.dashboard.promises.coverage_view import kind_name, reason_name
from service.dashboard.promises.labels import LISTS, MEANING, OBSTACLES, STANDINGS
from service.dashboard.promises.late_view import late_by
from service.dashboard.promises.people import Teller, customer_link
from service.dashboard.promises.source import Behind, Listed, Owed
from service.dashboard.rows import Mark
from service.dashboard.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One follow-up as a row."""

    id: str
    link: str
    kind: str
    who: str
    customer: str  # where his page is; '' where there is none
    branch: str
    due: str
    late: str  # how late it is, '' where it is not
    agreed: bool
    state: Mark
    note: str
    next: str  # when it may be tried next
    owner: str
    initial: str
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A work list that may be chosen, with its length."""

    key: str
    label: str
    count: int
    meaning: str
    chosen: bool


def mark_of(words: Words, label: Label) -> Mark:
    """A label in words."""
    return Mark(text=words.gettext(label.message), css=label.css, icon=label.icon)


def clock_of(words: Words, at: datetime | None) -> str:
    """An instant in a table, by the centre's clock: 11-20 15:42; with the year where it is not this one's."""
    return numerals.DASH if at is None else f"{words.local(at):%m-%d %H:%M}"


def tabs_of(words: Words, found: Listed, chosen: str) -> list[Tab]:
    """The lists, each with its length."""
    return [
        Tab(
            key=key,
            label=words.gettext(label),
            count=found.counts.get(key, 0),
            meaning=words.gettext(MEANING[key]),
            chosen=key == chosen,
        )
        for key, label in LISTS.items()
    ]


def list_rows(teller: Teller, found: Listed) -> list[ItemRow]:
    """The rows of a work list."""
    return [row_of(teller, found.rules, found.now, each, customer) for each, customer in found.items]


def row_of(teller: Teller, rules: Rules, now: datetime, each: FollowUp, customer: Customer | None) -> ItemRow:
    """An open follow-up as it stands now; one that is over, as it ended."""
    words, late = teller.words, each.is_overdue(now)
    return ItemRow(
        id=each.id,
        link=f"/followups/{each.id}",
        kind=kind_name(words, rules, each.kind),
        who=teller.customer(customer, each),
        customer=customer_link(each.customer, each.id) if customer else "",
        branch=(customer.branch or "") if customer else "",
        due=clock_of(words, each.due_at),
        late=late_by(words, each.due_at, now) if late else "",
        agreed=each.agreed_at is not None,
        state=mark_of(words, STANDINGS[standing_of(each, now)]),
        note=_note(words, rules, each),
        next=_next(words, each, now),
        owner=teller.agent(each.owner),
        initial=teller.initial(each.owner),
        attempts=each.counted,
    )


def standing_of(each: FollowUp, at: datetime) -> Standing:
    """How a follow-up stands at an instant."""
    if each.is_open:
        return Standing.OPEN_OVERDUE if each.is_overdue(at) else Standing.OPEN_IN_TIME
    if each.state is State.CLOSED:
        return Standing.CLOSED
    return Standing.DONE_LATE if each.is_late else Standing.DONE_ON_TIME


def _next(words: Words, each: FollowUp, now: datetime) -> str:
    if not each.is_open or each.ready_at is None:
        return numerals.DASH
    return words.gettext("now") if each.ready_at <= now else clock_of(words, each.ready_at)


def _note(words: Words, rules: Rules, each: FollowUp) -> str:
    """What stands in its way, what waits, or how the last try ended."""
    if each.reason is not None:
        return reason_name(words, rules, each.reason)
    if each.obstacle is not None:
        return words.gettext(OBSTACLES[each.obstacle])
    if each.reached_call is not None:
        return words.gettext("reached, waits for the outcome")
    if each.wanted_at is not None:
        return words.gettext("a date waits for approval")
    if each.agreed_at is not None:
        return words.gettext("a time was agreed")
    return words.gettext(RESULTS[each.tried]) if each.tried else ""


def behind_rows(teller: Teller, found: Behind) -> list[ItemRow]:
    """The rows behind a figure, each as it stood then."""
    return [_stood_row(teller, found, each) for each in found.items]


def _stood_row(teller: Teller, found: Behind, owed: Owed) -> ItemRow:
    words, stood, rules = teller.words, owed.stood, found.rules
    overdue = stood.standing is Standing.OPEN_OVERDUE
    late_at = found.as_of if overdue else stood.fulfilled_at
    return ItemRow(
        id=stood.id,
        link=f"/followups/{stood.id}",
        kind=kind_name(words, rules, stood.kind),
        who=teller.customer(owed.customer, owed.item),
        customer=customer_link(owed.customer.id, stood.id) if owed.customer else "",
        branch=(owed.customer.branch or "") if owed.customer else "",
        due=clock_of(words, stood.due_at),
        late=late_by(words, stood.due_at, late_at) if late_at and late_at > stood.due_at else "",
        agreed=False,
        state=mark_of(words, STANDINGS[stood.standing]),
        note=reason_name(words, rules, stood.reason) if stood.reason else "",
        next=clock_of(words, stood.fulfilled_at),
        owner=teller.agent(stood.owner),
        initial=teller.initial(stood.owner),
        attempts=stood.counted,
    )
