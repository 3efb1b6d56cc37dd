"""What is about to be done to follow-ups, and what became of it, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from config.contact_times import Shut
from config.followups import SYSTEM_REASONS
from schedulers.errors import RefusedError
from schedulers.said_times import read_time
from service.dashboard.catalogues import marked
from service.dashboard.promises import deeds
from service.dashboard.promises.coverage_view import reason_name
from service.dashboard.promises.done import Done
from service.dashboard.promises.labels import DEEDS
from service.dashboard.promises.list_view import ItemRow, list_rows
from service.dashboard.promises.people import Teller
from service.dashboard.promises.permitted import Barred
from service.dashboard.promises.source import Listed
from service.dashboard.words import Words

SHUT: dict[Shut, str] = {
    Shut.HOLIDAY: marked("the centre is closed that day"),
    Shut.QUIET: marked("quiet time"),
    Shut.WINDOW: marked("outside permitted hours"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskView:
    """The question before something is done."""

    what: str
    verb: str
    question: str
    rows: list[ItemRow]
    agents: list[tuple[str, str]]
    reasons: list[tuple[str, str]]
    form: Mapping[str, str]
    understood: str  # the time as it was understood
    warning: str  # what stands against it
    next: str  # the next permitted time, as a form has it
    next_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneView:
    """What became of it."""

    title: str
    done: int
    rows: list[ItemRow]
    refused: list[tuple[str, str]]  # whom it was about, why not
    can_undo: bool


def ask_view(teller: Teller, found: Listed, form: Mapping[str, str], barred: Barred | None) -> AskView:
    """The question, with the count in it."""
    words, what = teller.words, form.get("what", "")
    verb = words.gettext(DEEDS[what].message) if what in DEEDS else what
    count = len(found.items)
    at = _time(form, found)
    return AskView(
        what=what,
        verb=verb,
        question=_question(words, what, count),
        rows=list_rows(teller, found),
        agents=[(each, f"{teller.agent(each)} {each}".strip()) for each in found.agents],
        reasons=reasons_of(words, found),
        form=form,
        understood=words.moment(at) if at else "",
        warning=_warning(words, barred, count),
        next=f"{words.local(barred.next):%Y-%m-%d %H:%M}" if barred and barred.next else "",
        next_text=words.moment(barred.next)[:-3] if barred and barred.next else "",
    )


def _question(words: Words, what: str, count: int) -> str:
    match what:
        case deeds.HAND_OVER:
            return words.ngettext("Hand over %(n)s follow-up?", "Hand over %(n)s follow-ups?", count)
        case deeds.RESCHEDULE:
            return words.ngettext("Reschedule %(n)s follow-up?", "Reschedule %(n)s follow-ups?", count)
        case deeds.AGREE:
            return words.gettext("Which time was agreed with the customer?")
        case deeds.CLOSE:
            return words.ngettext("Close %(n)s follow-up?", "Close %(n)s follow-ups?", count)
        case deeds.REOPEN:
            return words.ngettext("Open %(n)s follow-up again?", "Open %(n)s follow-ups again?", count)
        case deeds.APPROVE:
            return words.gettext("Approve the date that waits?")
    return words.gettext("Add a note?")


def reasons_of(words: Words, found: Listed) -> list[tuple[str, str]]:
    """The reasons that the kinds of all of them permit; those that every kind permits come last."""
    kinds = [found.rules.kind(each) for each, _ in found.items]
    own = [each for each in (kinds[0].reasons if kinds else ()) if all(each in kind.reasons for kind in kinds)]
    ids = dict.fromkeys((*own, *sorted(SYSTEM_REASONS)))
    return [(each, reason_name(words, found.rules, each)) for each in ids]


def _time(form: Mapping[str, str], found: Listed) -> datetime | None:
    try:
        return read_time(form.get("when", ""), found.now, found.rules.zone)
    except RefusedError:
        return None


def _warning(words: Words, barred: Barred | None, count: int) -> str:
    if barred is None:
        return ""
    why = words.gettext("it is a day off") if barred.day_off else words.gettext(SHUT[barred.why])
    return words.gettext(
        "At that time %(some)s of %(all)s may not be called: %(why)s.", some=barred.count, all=count, why=why
    )


def done_view(teller: Teller, done: Done, found: Listed) -> DoneView:
    """What became of each, refusals first."""
    words = teller.words
    rows = {each.id: each for each in list_rows(teller, found)}
    refused = [(_named(rows.get(each.id), each.id), each.refused) for each in done.became if each.refused]
    good = [rows[each.id] for each in done.became if each.refused is None and each.id in rows]
    return DoneView(
        title=_title(words, done),
        done=done.count,
        rows=good,
        refused=[(who, teller.text(why)) for who, why in refused],
        can_undo=bool(done.undo),
    )


def _named(row: ItemRow | None, identity: str) -> str:
    return f"{row.who} · {row.kind}" if row else identity


def _title(words: Words, done: Done) -> str:
    some, whole = f"{done.count:,}", f"{len(done.became):,}"
    if done.undone:
        return words.gettext("%(some)s of %(all)s as they were before", some=some, all=whole)
    match done.deed.what:
        case deeds.HAND_OVER:
            return words.gettext("%(some)s of %(all)s handed over", some=some, all=whole)
        case deeds.RESCHEDULE:
            return words.gettext("%(some)s of %(all)s rescheduled", some=some, all=whole)
        case deeds.CLOSE:
            return words.gettext("%(some)s of %(all)s closed", some=some, all=whole)
        case deeds.REOPEN:
            return words.gettext("%(some)s of %(all)s open again", some=some, all=whole)
    return words.gettext("%(some)s of %(all)s done", some=some, all=whole)
