"""The caller's card: who it is, what he is owed, what was before. Numbers are masked without the right. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from config.outcomes import OUTCOMES
from schedulers.customers.records import Customer
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from service.auth.rights import Right, Visitor
from service.dashboard import labels, numerals, rows
from service.dashboard.desk.labels import APART, ASKS, ENDS, KNOWN, OBSTACLES, RESULTS
from service.dashboard.desk.shapes import Hand
from service.dashboard.desk.times import span, stamp, when
from service.dashboard.words import Words
from service.desk.callers import Known, Owed
from service.desk.history import Past, PastCall
from service.desk.masking import masked_text
from telephony.calls.facts import Direction, Disposition

NameOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who reads, in which words, when; and how the policy's own words are told."""

    words: Words
    visitor: Visitor
    now: datetime
    rules: Rules
    name_of: NameOf

    def number(self, number: str | None) -> str:
        """A number, as far as the reader may see it."""
        if number is None:
            return numerals.DASH
        return number if Right.NUMBERS in self.visitor.rights else numerals.mask(number)

    def text(self, text: str) -> str:
        """Words, in which somebody may have written a number."""
        return text if Right.NUMBERS in self.visitor.rights else masked_text(text)

    def person(self, agent: str) -> str:
        """An agent by his name."""
        return self.words.person(agent, self.name_of(agent))

    def named(self, zh: str, en: str) -> str:
        """What the policy names in both languages."""
        return zh if self.words.chinese else en

    def outcome(self, id_: str | None) -> str:
        """What was recorded, by its name where the policy, or every policy, has it."""
        own = self.rules.version_at(self.now).outcomes
        found = next((each for each in (*own, *OUTCOMES) if each.id == id_), None)
        return self.named(found.name_zh, found.name_en) if found else id_ or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedLine:
    """One open follow-up of the customer."""

    id: str
    kind: str
    about: str
    when: str
    late: str  # '' in time
    asks: str
    owner: str
    may_settle: bool
    why_not: str
    settled: bool  # ticked


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLine:
    """One line of the timeline."""

    at: str
    icon: str
    icon_text: str
    text: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerView:
    """The card. `choose` are (id, name, words) of several customers."""

    known: str
    title: str
    initial: str
    number: str
    masked: bool
    tags: tuple[tuple[str, str, str], ...]  # class, icon, words
    facts: tuple[str, ...]
    warnings: tuple[str, ...]
    choose: tuple[tuple[str, str, str], ...]
    owed: tuple[OwedLine, ...]
    past: tuple[PastLine, ...]
    customer_link: str


def caller_view(reading: Reading, hand: Hand, ticked: Mapping[str, str]) -> CallerView:
    """The card of a call; `ticked` are the fields of the form as they were typed."""
    caller = hand.caller
    customer = caller.customer if caller.customer and caller.customer.is_registered else None
    title = _title(reading, hand, customer)
    return CallerView(
        known=caller.known.value,
        title=title,
        initial="?" if customer is None else rows.initial_of(title),
        number=reading.number(caller.number),
        masked=caller.number is not None and Right.NUMBERS not in reading.visitor.rights,
        tags=tuple(_tags(reading, customer)) if customer else (),
        facts=tuple(_facts(reading, hand, customer)),
        warnings=tuple(_warnings(reading, customer)) if customer else (),
        choose=tuple(_choice(each) for each in caller.among)
        if caller.known in (Known.SEVERAL, Known.SHARED) and len(caller.among) > 1
        else (),
        owed=tuple(_owed(reading, each, ticked) for each in caller.owed),
        past=tuple(past_line(reading, each) for each in hand.history),
        customer_link=f"/customers/{quote(customer.id)}"
        if customer and Right.CUSTOMERS in reading.visitor.rights
        else "",
    )


def _title(reading: Reading, hand: Hand, customer: Customer | None) -> str:
    if customer is not None:
        return customer.name or customer.id
    return reading.words.gettext(KNOWN[hand.caller.known] or KNOWN[Known.UNKNOWN])


def _tags(reading: Reading, customer: Customer) -> list[tuple[str, str, str]]:
    found = [("acc", "", customer.tier)] if customer.tier else []
    if customer.dialect or customer.language:
        said = [each for each in (customer.dialect, customer.language) if each]
        found.append(("", "languages", ("、" if reading.words.chinese else ", ").join(said)))
    return found


def _facts(reading: Reading, hand: Hand, customer: Customer | None) -> list[str]:
    words, found = reading.words, []
    if customer is not None:
        owner = customer.owner and words.gettext("usual agent %(name)s", name=reading.person(customer.owner))
        found = [customer.branch or "", owner or "", words.gettext("customer no. %(id)s", id=customer.id)]
    else:
        earlier = sum(isinstance(each, PastCall) for each in hand.history)
        found = [
            hand.call.caller_name or "",
            words.ngettext("%(n)s earlier call", "%(n)s earlier calls", earlier)
            if earlier
            else words.gettext("calls for the first time"),
        ]
    line = words.gettext("dialled %(line)s", line=hand.line) if hand.line else ""
    queue = words.gettext("queue %(queue)s", queue=hand.queue) if hand.queue else ""
    return [reading.text(each) for each in (*found, line, queue) if each]


def _warnings(reading: Reading, customer: Customer) -> list[str]:
    words, found = reading.words, []
    wish = customer.do_not_call
    if wish is not None and wish.holds(reading.now):
        until = words.gettext("until %(at)s", at=when(words, wish.until, reading.now)) if wish.until else ""
        said = " · ".join(each for each in (reading.text(wish.reason), until) if each)
        found.append(words.gettext("Must not be called: %(why)s", why=said or words.gettext("his own wish")))
    if customer.consent is False:
        found.append(words.gettext("Has not consented to be contacted without a matter of his own"))
    return found


def _choice(customer: Customer) -> tuple[str, str, str]:
    told = " · ".join(each for each in (customer.branch, customer.tier) if each)
    return customer.id, customer.name or customer.id, told


def _owed(reading: Reading, each: Owed, ticked: Mapping[str, str]) -> OwedLine:
    words, item = reading.words, each.follow_up
    is_his = item.owner and reading.words.gettext("of %(name)s", name=reading.person(item.owner))
    return OwedLine(
        id=item.id,
        kind=reading.named(each.kind.name_zh, each.kind.name_en),
        about=reading.text(about_of(item)),
        when=words.gettext("agreed for %(at)s", at=when(words, item.agreed_at, reading.now))
        if item.agreed_at
        else words.gettext("due %(at)s", at=when(words, item.due_at, reading.now)),
        late=late_of(reading, item),
        asks=words.gettext(ASKS[each.kind.fulfilled_by]),
        owner=is_his or "",
        may_settle=each.apart is None,
        why_not=words.gettext(APART[each.apart]) if each.apart else "",
        settled=bool(ticked.get(f"settle.{item.id}")),
    )


def about_of(item: FollowUp) -> str:
    """What it is about, as whoever told of it said; what the service itself notes of it is left out."""
    inner = ("times_reopened", "claimed_reached_at", "last_missed_at")
    return " · ".join(str(value) for name, value in item.about if name not in inner)


def late_of(reading: Reading, item: FollowUp) -> str:
    """By how much it is late; '' where it is not."""
    if not item.is_overdue(reading.now):
        return ""
    return reading.words.gettext("%(span)s late", span=span(reading.words, reading.now - item.due_at))


def obstacle_of(reading: Reading, item: FollowUp) -> str:
    """What stands in its way."""
    return reading.words.gettext(OBSTACLES[item.obstacle]) if item.obstacle else ""


def tries_of(reading: Reading, item: FollowUp) -> str:
    """How often it was tried, and what came of the last one."""
    if item.tried is None:
        return ""
    words, tries = reading.words, item.counted + item.uncounted
    return words.gettext("try %(n)s, last: %(result)s", n=tries + 1, result=words.gettext(RESULTS[item.tried]))


_MISSED = (
    Disposition.ABANDONED,
    Disposition.NO_ANSWER,
    Disposition.BUSY,
    Disposition.FAILED,
    Disposition.CANCELLED,
)


def past_line(reading: Reading, past: Past) -> PastLine:
    """One line of what was before."""
    words = reading.words
    if isinstance(past, PastCall):
        return _past_call(reading, past)
    item = past.follow_up
    kind, end = reading.rules.kind(item), ENDS[item.state]
    reason = reading.rules.promises(item).reason(item.reason) if item.reason else None
    told = [reading.named(kind.name_zh, kind.name_en), words.gettext(end.message)]
    told += [reading.named(reason.name_zh, reason.name_en)] if reason else []
    if item.content is not None:
        told.append(words.gettext("satisfied") if item.content else words.gettext("not satisfied"))
    return PastLine(
        at=stamp(words, past.at, reading.now),
        icon=end.icon,
        icon_text=words.gettext("Follow-up"),
        text=" · ".join(told),
        who=reading.person(item.owner),
    )


def _past_call(reading: Reading, past: PastCall) -> PastLine:
    words, entry = reading.words, past.entry
    missed = past.disposition in _MISSED
    direction = labels.DIRECTIONS[past.direction]
    icon = "phone-missed" if missed and past.direction is Direction.INBOUND else direction.icon
    outcome = reading.outcome(entry.outcome if entry else past.outcome)
    fallback = labels.DISPOSITIONS[past.disposition].message if past.disposition else direction.message
    said = [outcome or words.gettext(fallback)]
    if entry is not None:
        said.append(reading.text(entry.content))
    who = reading.person(past.agent) if past.agent else ""
    length = numerals.clock(past.talk_ms) if past.talk_ms else ""
    return PastLine(
        at=stamp(words, past.at, reading.now),
        icon=icon,
        icon_text=words.gettext(direction.message),
        text=("：" if words.chinese else ": ").join(said),
        who=(("，" if words.chinese else ", ").join(each for each in (who, length) if each)),
    )
