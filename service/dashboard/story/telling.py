"""A call's story as the page shows it: the picture, who is credited with what, and the facts. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from service.dashboard import labels, numerals, rows
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label
from service.dashboard.periods import CallStory
from service.dashboard.rows import Mark
from service.dashboard.story.cast import Cast, HandOver, Shown
from service.dashboard.story.claims import SOURCES, sources_of
from service.dashboard.story.credits import Credit, credits_of, reasons_of
from service.dashboard.story.knowing import knowing
from service.dashboard.story.picture import Drawer, Picture
from service.dashboard.story.sentence import sentence
from service.dashboard.words import Words
from telephony.calls.facts import Direction

OPEN = Label(marked("In progress"), "acc", "phone-call")


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
    """All that the page of one call shows. `plain_title` is the title with every number masked."""

    call_id: str
    link: str
    title: str
    plain_title: str
    subtitle: str
    disposition: Mark
    sentence: str
    picture: Picture
    credits: list[Credit]
    sources: list[str]
    reasons: list[str]
    passings: list[Passing]
    facts: list[tuple[str, str]]
    known: str
    knowing: list[str]
    open: bool


def tell(story: CallStory, words: Words, shown: Shown = numerals.mask) -> Story:
    """The story in the reader's language; `shown` writes numbers as he may see them."""
    call, cast = story.record.call, Cast(story, words, shown)
    given = credits_of(cast)
    label = labels.DISPOSITIONS[call.disposition] if call.disposition else OPEN
    return Story(
        call_id=call.id,
        link=rows.call_link(call.id),
        title=_title(cast),
        plain_title=_title(Cast(story, words, numerals.mask)),
        subtitle=_subtitle(cast),
        disposition=rows.mark(words, label),
        sentence=sentence(cast),
        picture=Drawer(cast).draw(),
        credits=given,
        sources=[SOURCES[each] for each in sources_of(cast)],
        reasons=reasons_of(given),
        passings=[_passing(cast, each) for each in cast.hand_overs()],
        facts=_facts(cast),
        known=call.known.value,
        knowing=knowing(cast),
        open=call.ended_at is None,
    )


def _title(cast: Cast) -> str:
    call, visits = cast.story.record.call, cast.story.record.visits
    dialler = cast.dialler()
    caller = dialler.name if dialler else call.caller or numerals.DASH
    if call.direction is Direction.OUTBOUND:
        return f"{caller} → {cast.customer()}"
    if call.direction is Direction.INTERNAL:
        return f"{caller} → {cast.name_of(call.called, call.started_at)}"
    return f"{cast.customer()} → {visits[0].queue if visits else call.did or call.called or numerals.DASH}"


def _subtitle(cast: Cast) -> str:
    call, words = cast.story.record.call, cast.words
    length = words.length(numerals.elapsed_ms(call.started_at, cast.end))
    parts = [
        f"{words.moment(call.started_at)} – {words.time(call.ended_at) if call.ended_at else words.gettext('now')}",
        length,
        words.gettext(labels.DIRECTIONS[call.direction].message),
    ]
    if call.ended_by is not None:
        parts.append(words.gettext(labels.ENDED_BY[call.ended_by]))
    return " · ".join(parts)


def _passing(cast: Cast, each: HandOver) -> Passing:
    fact, words = each.fact, cast.words
    giver = next((person.name for person in cast.people() if person.key == each.giver), None)
    return Passing(
        at=words.time(fact.at),
        kind=words.gettext(labels.TRANSFERS[fact.kind]),
        by=giver or (numerals.DASH if fact.by is None else cast.name_of(fact.by, fact.at)),
        to=cast.name_of(fact.to, fact.at),
        completed=fact.completed,
    )


def _facts(cast: Cast) -> list[tuple[str, str]]:
    record, words = cast.story.record, cast.words
    call = record.call
    outbound = call.direction is Direction.OUTBOUND
    called = cast.shown(call.called) if outbound else call.did or call.called
    label = labels.DISPOSITIONS[call.disposition] if call.disposition else OPEN
    dialler = cast.dialler()
    inside = call.direction is Direction.INTERNAL and dialler is not None
    found = [
        (words.gettext("Caller"), dialler.name)
        if inside and dialler
        else (words.gettext("Customer"), cast.customer()),
        (words.gettext("Dialled"), called or numerals.DASH),
        (words.gettext("Disposition"), words.gettext(label.message)),
    ]
    if record.digits:
        found.append((words.gettext("Menu digits"), numerals.mask_digits("".join(d.digit for d in record.digits))))
    if call.cause is not None:
        found.append((words.gettext("Hangup cause"), str(call.cause)))
    files = len(record.recordings)
    if files:
        found.append((words.gettext("Recording"), words.ngettext("%(n)s file", "%(n)s files", files)))
    if call.alias_ids:
        n = len(call.alias_ids)
        found.append((words.gettext("Merged"), words.ngettext("with %(n)s other id", "with %(n)s other ids", n)))
    return found
