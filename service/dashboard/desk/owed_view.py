"""What an agent owes, as lines with a button each; and one looked at before the call. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from schedulers.customers.records import Customer
from schedulers.followups.records import FollowUp, Obstacle
from service.dashboard.desk.caller_view import (
    PastLine,
    Reading,
    about_of,
    late_of,
    obstacle_of,
    past_line,
    tries_of,
)
from service.dashboard.desk.labels import ASKS, LISTS, NOTHING_OWED
from service.dashboard.desk.shapes import OwedList, Owing, Preview
from service.dashboard.desk.times import short, when
from service.desk.shapes import number_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """One line. `why_not`: why it cannot be dialled now, '' where it can. `talk`: a call that waits for its outcome."""

    id: str
    time: str
    late: str
    who: str
    what: str
    number: str
    why_not: str
    obstacle: str
    talk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwingView:
    """A list and its neighbours: (key, name, how many, whether it is shown)."""

    which: str
    tabs: tuple[tuple[str, str, int, bool], ...]
    lines: tuple[DueLine, ...]
    total: int
    nothing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """A record before the call."""

    line: DueLine
    title: str
    initial: str
    tags: tuple[str, ...]
    facts: tuple[str, ...]
    script: str
    past: tuple[PastLine, ...]


def owing_view(reading: Reading, owing: Owing, dials_not: str) -> OwingView:
    """A work list."""
    words = reading.words
    tabs = ((each, words.gettext(LISTS[each]), owing.counts.get(each.value, 0)) for each in OwedList)
    return OwingView(
        which=owing.which.value,
        tabs=tuple((each.value, name, n, each is owing.which) for each, name, n in tabs),
        lines=tuple(due_line(reading, each, owing.customers.get(each.customer), dials_not) for each in owing.items),
        total=owing.counts.get(owing.which.value, 0),
        nothing=words.gettext(NOTHING_OWED[owing.which]),
    )


def due_line(reading: Reading, item: FollowUp, customer: Customer | None, dials_not: str) -> DueLine:
    """One follow-up as a line."""
    kind = reading.rules.kind(item)
    number = number_of(item, customer)
    said = (reading.named(kind.name_zh, kind.name_en), reading.text(about_of(item)), tries_of(reading, item))
    return DueLine(
        id=item.id,
        time=short(reading.words, item.agreed_at or item.due_at, reading.now),
        late=late_of(reading, item),
        who=_who(reading, customer, number),
        what=" · ".join(each for each in said if each),
        number=reading.number(number),
        why_not=_why_not(reading, item, number, dials_not),
        obstacle=obstacle_of(reading, item),
        talk=item.reached_call or "",
    )


def _who(reading: Reading, customer: Customer | None, number: str | None) -> str:
    if customer is not None and customer.is_registered:
        return customer.name or customer.id
    return reading.number(number)


def _why_not(reading: Reading, item: FollowUp, number: str | None, dials_not: str) -> str:
    words = reading.words
    if dials_not:
        return words.gettext("No call can be placed from here: no PBX has [pbx.NAME.dialling] in the settings.")
    if item.reached_call is not None:
        return words.gettext("A talk waits for its outcome: record it first.")
    if number is None or item.obstacle is Obstacle.NO_NUMBER:
        return words.gettext("There is no number of his own to call.")
    if not reading.rules.kind(item).is_by_phone:
        return words.gettext(ASKS[reading.rules.kind(item).fulfilled_by])
    if item.ready_at is None or item.ready_at > reading.now:
        if item.ready_at is None:
            return words.gettext("No permitted time is in sight.")
        return words.gettext("He may be called from %(at)s.", at=when(words, item.ready_at, reading.now))
    return ""


def preview_view(reading: Reading, preview: Preview, dials_not: str) -> PreviewView:
    """What an agent reads before he dials."""
    item, customer, words = preview.follow_up, preview.customer, reading.words
    kind = reading.rules.kind(item)
    line = due_line(reading, item, customer, dials_not)
    facts = [line.number]
    if customer is not None and customer.is_registered:
        facts += [customer.branch or "", words.gettext("customer no. %(id)s", id=customer.id)]
    due = when(words, item.agreed_at or item.due_at, reading.now)
    facts.append(
        words.gettext("agreed for %(at)s", at=due) if item.agreed_at else words.gettext("due %(at)s", at=due)
    )
    tags = [each for each in (customer.tier, customer.dialect) if each] if customer else []
    return PreviewView(
        line=line,
        title=line.who,
        initial=line.who[:1],
        tags=tuple(tags),
        facts=tuple(each for each in facts if each),
        script=reading.named(kind.script_zh, kind.script_en),
        past=tuple(past_line(reading, each) for each in preview.history),
    )
