"""Customers in words: rows of the register, a card, a history, and what an import would do. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from config.followups import Result
from schedulers.customers.records import Customer, NumberUse
from schedulers.customers.texts import write_birthday, write_hours
from schedulers.followups.records import FollowUp, What
from schedulers.storage.customer_history import Line, Source
from schedulers.storage.customer_writing import What as Changed
from service.customers_showing import told_change
from service.dashboard import labels, numerals
from service.dashboard.campaign_labels import RESULTS
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label
from service.dashboard.promises.coverage_view import kind_name, reason_name
from service.dashboard.promises.customer_source import Card, Register
from service.dashboard.promises.labels import HAPPENED
from service.dashboard.promises.list_view import ItemRow, mark_of, row_of
from service.dashboard.promises.people import Teller, customer_link
from service.dashboard.rows import Mark
from service.dashboard.words import Words
from telephony.calls.facts import Direction, Disposition

USES: dict[NumberUse, Label] = {
    NumberUse.OWN: Label(marked("his own"), "", "phone"),
    NumberUse.SHARED: Label(marked("shared, not called back"), "warn", "users"),
    NumberUse.WRONG: Label(marked("wrong number, not called"), "bad", "phone-off"),
}
CONSENT: dict[bool | None, Label] = {
    True: Label(marked("consented to be contacted"), "good", "circle-check"),
    False: Label(marked("refused to be contacted"), "warn", "circle-x"),
    None: Label(marked("never asked for consent"), "", "circle-help"),
}
CHANGES: dict[Changed, str] = {
    Changed.ADDED: marked("added to the register"),
    Changed.CHANGED: marked("changed"),
    Changed.SPENT: marked("spend told"),
    Changed.MERGED: marked("another customer became a part of this one"),
}
FIELDS: dict[str, str] = {
    "name": marked("name"),
    "numbers": marked("numbers"),
    "branch": marked("branch"),
    "tier": marked("tier"),
    "owner": marked("usual agent"),
    "previous": marked("served last by"),
    "consent": marked("consent"),
    "do_not_call": marked("do not call"),
    "merged": marked("merged"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """A customer as a row of the register."""

    link: str
    id: str
    name: str
    number: str
    branch: str
    tier: str
    owner: str
    open: int
    blocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """One of his numbers."""

    number: str
    label: str
    use: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the history."""

    at: str
    icon: str
    css: str
    what: str
    details: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A customer's page."""

    title: str
    initial: str
    facts: tuple[tuple[str, str], ...]
    numbers: tuple[NumberRow, ...]
    consent: Mark
    blocked: str  # why and until when he must not be called; '' where he may be
    owner: str
    owner_id: str
    aliases: tuple[str, ...]
    owed: tuple[ItemRow, ...]
    entries: tuple[Entry, ...]
    agents: list[tuple[str, str]]


def register_rows(teller: Teller, found: Register) -> list[CustomerRow]:
    """The rows of the register."""
    return [_row(teller, found, each) for each in found.customers]


def _row(teller: Teller, found: Register, each: Customer) -> CustomerRow:
    best = next((number.written for number in each.callable_numbers()), None)
    blocked = each.do_not_call is not None and each.do_not_call.holds(found.now)
    return CustomerRow(
        link=customer_link(each.id, found.owed.get(each.id, "")),
        id=teller.id_of(each.id),
        name=teller.name(each) or numerals.DASH,
        number=teller.number(best),
        branch=each.branch or numerals.DASH,
        tier=each.tier or numerals.DASH,
        owner=teller.agent(each.owner or ""),
        open=found.open.get(each.id, 0),
        blocked=blocked,
    )


def card_view(teller: Teller, card: Card) -> CardView:
    """The whole page."""
    words, each = teller.words, card.customer
    title = teller.name(each) or teller.id_of(each.id)
    return CardView(
        title=title,
        initial=title[:1],
        facts=tuple(_facts(teller, card)),
        numbers=tuple(
            NumberRow(number=teller.number(one.written), label=one.label, use=mark_of(words, USES[one.use]))
            for one in each.numbers
        ),
        consent=mark_of(words, CONSENT[each.consent]),
        blocked=_blocked(teller, card),
        owner=teller.agent(each.owner or ""),
        owner_id=each.owner or "",
        aliases=tuple(teller.id_of(one) for one in card.aliases),
        owed=tuple(_owed_row(teller, card, one) for one in card.open),
        entries=tuple(_entry(teller, card, line) for line in card.history),
        agents=[(one, f"{teller.agent(one)} {one}") for one in card.agents],
    )


def _owed_row(teller: Teller, card: Card, one: FollowUp) -> ItemRow:
    row = row_of(teller, card.rules, card.now, one, card.customer)
    return row if card.his is None or one.id in card.his else replace(row, link="")


def _facts(teller: Teller, card: Card) -> Iterator[tuple[str, str]]:
    words, each = teller.words, card.customer
    told = (
        (words.gettext("Number"), teller.id_of(each.id)),
        (words.gettext("Branch"), each.branch),
        (words.gettext("Tier"), each.tier),
        (words.gettext("Sort"), each.sort),
        (words.gettext("Dialect"), each.dialect),
        (words.gettext("Language"), each.language),
        (words.gettext("Birthday"), write_birthday(each.birthday) if each.birthday else None),
        (words.gettext("Hours"), write_hours(each.hours)),
        (words.gettext("Zone"), each.zone.key if each.zone else None),
        (words.gettext("Served last by"), teller.agent(each.previous) if each.previous else None),
        (words.gettext("Customer since"), words.day(each.since, year=True) if each.since else None),
        (words.gettext("No customer from"), words.day(each.until, year=True) if each.until else None),
        *((name, numerals.count(value)) for name, value in each.figures),
    )
    yield from ((name, value) for name, value in told if value)
    if card.spend:
        yield words.gettext("Spent in all"), f"{sum(card.spend.values()) / 100:,.2f}"


def _blocked(teller: Teller, card: Card) -> str:
    blocked, words = card.customer.do_not_call, teller.words
    if blocked is None or not blocked.holds(card.now):
        return ""
    reason = teller.text(blocked.reason) or words.gettext("no reason told")
    if blocked.until is None:
        return words.gettext("Do not call, for good: %(reason)s", reason=reason)
    until = words.moment(blocked.until)[:-3]
    return words.gettext("Do not call until %(at)s: %(reason)s", at=until, reason=reason)


# -- the history -----------------------------------------------------------------------------------------


def _entry(teller: Teller, card: Card, line: Line) -> Entry:
    icon, css, what, details, link = _TELL[line.source](teller, card, line)
    by = teller.words.gettext("the system") if line.by == "system" else teller.agent(line.by or "")
    shown = [*details, teller.text(line.note), by if line.by else ""]
    return Entry(
        at=teller.words.moment(line.at)[:-3],
        icon=icon,
        css=css,
        what=what,
        details=tuple(each for each in shown if each),
        link=link,
    )


Told = tuple[str, str, str, list[str], str]
"""Icon, colour, words, details, link."""


def _call(teller: Teller, card: Card, line: Line) -> Told:
    words = teller.words
    label = labels.DIRECTIONS[Direction(line.what)]
    details = []
    if line.ended:
        details.append(words.gettext(labels.DISPOSITIONS[Disposition(line.ended)].message))
    if line.talk_ms is not None:
        details.append(words.gettext("talk %(length)s", length=words.length(line.talk_ms)))
    return label.icon, "", words.gettext(label.message), details, f"/calls/{line.id}"


def _owed(teller: Teller, card: Card, line: Line) -> Told:
    words, label = teller.words, HAPPENED[What(line.what)]
    name = kind_name(words, card.rules, line.kind or "")
    details = [words.gettext(label.message)]
    if line.ended and line.what == "closed":
        details.append(reason_name(words, card.rules, line.ended))
    link = f"/followups/{line.id}" if card.his is None or line.id in card.his else ""
    return label.icon, label.css, name, details, link


def _campaign(teller: Teller, card: Card, line: Line) -> Told:
    words = teller.words
    what = words.gettext("Attempt of a campaign") if line.id else words.gettext("Click to call")
    details = [words.gettext(RESULTS[Result(line.ended)])] if line.ended else []
    return "phone-outgoing", "", what, details, f"/campaigns/{line.id}" if line.id else ""


def _register(teller: Teller, card: Card, line: Line) -> Told:
    words = teller.words
    details = list(_changes(teller, line)) if line.change else []
    return "pen-line", "", words.gettext(CHANGES[Changed(line.what)]), details, ""


_TELL = {
    Source.CALL: _call,
    Source.FOLLOW_UP: _owed,
    Source.CAMPAIGN: _campaign,
    Source.REGISTER: _register,
}


def _changes(teller: Teller, line: Line) -> Iterator[str]:
    """What was changed, before and after; and from which row of which file."""
    if line.change is None:
        return
    told = told_change(line.change, masked=not teller.open)
    for name, pair in told["fields"].items():
        field = teller.words.gettext(FIELDS[name]) if name in FIELDS else name
        if name == "name" and not teller.open:
            yield field
        else:
            yield f"{field}: {_value(teller.words, pair['before'])} → {_value(teller.words, pair['after'])}"
    if told["file"]:
        yield f"{told['file']} {told['row'] or ''}".strip()


def _value(words: Words, value: Any) -> str:
    """A field as it was or is."""
    if value is None:
        return numerals.DASH
    if isinstance(value, bool):
        return words.gettext("yes") if value else words.gettext("no")
    if isinstance(value, list):
        return ", ".join(
            str(each.get("written", each)) if isinstance(each, Mapping) else str(each) for each in value
        )
    if isinstance(value, Mapping):
        return str(value.get("reason") or value.get("id") or words.gettext("yes"))
    return str(value)
