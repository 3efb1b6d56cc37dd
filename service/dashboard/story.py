"""A call's story as the page shows it: the picture, who is credited with what, and the facts. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from service.dashboard import labels, numerals, rows
from service.dashboard.axis import Axis, Tick
from service.dashboard.catalogues import marked
from service.dashboard.credits import Credit, credits_of
from service.dashboard.labels import Label
from service.dashboard.lanes import HEIGHT, Lane, LaneDrawer
from service.dashboard.periods import CallStory
from service.dashboard.rows import Mark
from service.dashboard.words import Words
from telephony.calls.facts import CallFact, TransferFact

_OPEN = Label(marked("In progress"), "acc", "phone-call")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A transfer: a line from the giver's lane to the taker's, and its name."""

    x: str
    y1: int
    y2: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hatch:
    """A stretch in which the PBX was not heard."""

    x: str
    width: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """A transfer as a row."""

    at: str
    kind: str
    by: str
    to: str
    completed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that the page of one call shows."""

    call_id: str
    title: str
    page_title: str  # the same without any number: it stands in the browser's history
    subtitle: str
    disposition: Mark
    sentence: str
    ticks: list[Tick]
    lanes: list[Lane]
    height: int
    handovers: list[Handover]
    gaps: list[Hatch]
    credits: list[Credit]
    passings: list[Passing]
    facts: list[tuple[str, str]]
    known: str
    known_text: str
    open: bool


def tell(story: CallStory, words: Words) -> Story:
    """The story in the reader's language."""
    call = story.record.call
    axis = Axis(start=call.started_at, end=call.ended_at or story.as_of)
    drawer = LaneDrawer(story, axis, words)
    lanes = drawer.draw()
    label = labels.DISPOSITIONS[call.disposition] if call.disposition else _OPEN
    return Story(
        call_id=call.id,
        title=_title(story, words),
        page_title=_title(story, words.masked()),
        subtitle=_subtitle(story, words),
        disposition=rows.mark(words, label),
        sentence=_sentence(story, words),
        ticks=axis.ticks(words),
        lanes=lanes,
        height=len(lanes) * HEIGHT,
        handovers=[h for each in story.record.transfers if (h := _handover(each, drawer, axis, story, words))],
        gaps=_gaps(story, axis, words),
        credits=credits_of(story, words),
        passings=[_passing(each, story, words) for each in story.record.transfers],
        facts=_facts(story, words),
        known=call.known.value,
        known_text=words.gettext(labels.KNOWN[call.known].css),
        open=call.ended_at is None,
    )


def _party(call: CallFact, words: Words) -> str:
    if call.customer is None and not call.customer_withheld:
        return words.number(call.caller)
    return rows.party_text(words, call.customer, withheld=call.customer_withheld)


def _title(story: CallStory, words: Words) -> str:
    call, visits = story.record.call, story.record.visits
    if call.direction.value == "outbound":
        return f"{_caller_inside(story, words)} → {_party(call, words)}"
    target = visits[0].queue if visits else call.did or call.called or numerals.DASH
    return f"{_party(call, words)} → {target}"


def _caller_inside(story: CallStory, words: Words) -> str:
    talks = story.record.talks
    if talks:
        return words.person(*story.agent_of(talks[0].interface, talks[0].device, talks[0].started_at))
    return story.record.call.caller or numerals.DASH


def _subtitle(story: CallStory, words: Words) -> str:
    call = story.record.call
    until = call.ended_at or story.as_of
    length = words.length(numerals.elapsed_ms(call.started_at, until))
    parts = [
        f"{words.moment(call.started_at)} – {words.time(until) if call.ended_at else words.gettext('now')}",
        length,
        words.gettext(labels.DIRECTIONS[call.direction].message),
    ]
    if call.ended_by is not None:
        parts.append(words.gettext(labels.ENDED_BY[call.ended_by]))
    return " · ".join(parts)


def _sentence(story: CallStory, words: Words) -> str:
    """The story for who cannot see the picture."""
    parts = []
    for visit in story.record.visits:
        waited = numerals.seconds(numerals.elapsed_ms(visit.joined_at, visit.left_at or story.as_of))
        parts.append(words.gettext("queue %(s)s s", s=waited))
    for credit in credits_of(story, words):
        rang = [f"{each.seconds} s {each.outcome.text}" for each in credit.rang]
        talk = [] if credit.talk == numerals.DASH else [f"{words.gettext('Talk')} {credit.talk}"]
        parts.append(f"{credit.name} {', '.join(rang + talk)}")
    return "; ".join(parts)


def _handover(
    transfer: TransferFact, drawer: LaneDrawer, axis: Axis, story: CallStory, words: Words
) -> Handover | None:
    if not transfer.completed:
        return None
    giver = drawer.lane_of(_inside(transfer.by, transfer, story)[0])
    taker = drawer.lane_of(_inside(transfer.to, transfer, story)[0])
    if giver is None or taker is None or giver is taker:
        return None
    upper, lower = sorted((giver.top, taker.top))
    text = words.gettext(labels.TRANSFERS[transfer.kind])
    return Handover(x=axis.x(transfer.at), y1=upper + 36, y2=lower + 8, text=text)


def _inside(party: str | None, transfer: TransferFact, story: CallStory) -> tuple[str, str | None]:
    if not party:
        return "", None
    return story.agent_of(party, party, transfer.at)


def _passing(transfer: TransferFact, story: CallStory, words: Words) -> Passing:
    to = _inside(transfer.to, transfer, story)
    return Passing(
        at=words.time(transfer.at),
        kind=words.gettext(labels.TRANSFERS[transfer.kind]),
        by=words.person(*_inside(transfer.by, transfer, story)) or numerals.DASH,
        to=to[1] or words.number(to[0]),
        completed=transfer.completed,
    )


def _typed(words: Words, digits: str) -> str:
    return digits if words.whole_numbers else numerals.mask_digits(digits)


def _gaps(story: CallStory, axis: Axis, words: Words) -> list[Hatch]:
    found = []
    for gap in story.gaps:
        end = gap.end or story.as_of
        if gap.start < axis.end and end > axis.start:
            lost = numerals.seconds(numerals.elapsed_ms(gap.start, end))
            title = words.gettext("not heard for %(s)s s", s=lost)
            found.append(Hatch(x=axis.x(gap.start), width=axis.width(gap.start, end), title=title))
    return found


def _facts(story: CallStory, words: Words) -> list[tuple[str, str]]:
    record = story.record
    call = record.call
    called = words.number(call.called) if call.direction.value == "outbound" else call.did or call.called
    label = labels.DISPOSITIONS[call.disposition] if call.disposition else _OPEN
    found = [
        (words.gettext("Customer"), _party(call, words)),
        (words.gettext("Dialled"), called or numerals.DASH),
        (words.gettext("Disposition"), words.gettext(label.message)),
    ]
    if record.digits:
        found.append((words.gettext("Menu digits"), _typed(words, "".join(d.digit for d in record.digits))))
    if call.cause is not None:
        found.append((words.gettext("Hangup cause"), str(call.cause)))
    files = len(record.recordings)
    if files:
        found.append((words.gettext("Recording"), words.ngettext("%(n)s file", "%(n)s files", files)))
    if call.alias_ids:
        n = len(call.alias_ids)
        found.append((words.gettext("Merged"), words.ngettext("with %(n)s other id", "with %(n)s other ids", n)))
    return found
