"""What an agent records of a call, as one form: outcome, service code, content, what comes next, what is settled by it.

    record(desk, form, seen, by="王娜娜")       # all of it in one transaction, or nothing and every mistake at once

Notes of the call, outcomes of what was owed, a promise, an agreed time, a closing reason, answers to a survey and the
event that an outcome tells go through the functions of the commands and the API. Every mistake names its field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from analytics.errors import NoteError
from analytics.storage.notes import NoteField, note_call
from config.followups import FollowUpKind, TriggerKind
from config.outcomes import CallOutcome
from schedulers.book import Also
from schedulers.errors import RefusedError
from schedulers.followups.account import Happened, Said
from schedulers.followups.records import Change
from service.desk.call_records import CallEntry, add_entry, entries_of
from service.desk.callers import Caller
from service.desk.desk import Desk
from service.desk.outcomes import Outcome, checked
from telephony.calls.facts import CallFact

PROMISE, AGREE, CLOSE = "promise", "agree", "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that was read well (`service.desk.form_reading`). `number` is one that was asked of a withheld caller."""

    outcome: CallOutcome
    content: str
    code: str | None = None
    promise: FollowUpKind | None = None
    agreed: bool = False
    close: str | None = None
    at: datetime | None = None  # the time that was promised or agreed
    skill: str | None = None
    settles: tuple[str, ...] = ()
    satisfied: bool | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    place: int = 0  # how many records of this call the form knew of

    @property
    def next_step(self) -> str:
        """As the record keeps it."""
        if self.promise is not None:
            return f"{PROMISE}:{self.promise.trigger.name}"
        return AGREE if self.agreed else f"{CLOSE}:{self.close}" if self.close else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Of which call, by whom, with whom, when."""

    call: CallFact
    agent: str
    by: str
    caller: Caller
    at: datetime


def record(desk: Desk, form: Form, spoken: Spoken, also: Also) -> tuple[Change, ...]:
    """Keep it; what changed of what is owed. `also` is done in the same transaction.

    Raises RefusedError, and then nothing is changed: also where the form was saved meanwhile in another window.
    """
    key = f"desk:{spoken.call.id}:{spoken.agent}:{form.place}"

    def keep(connection: Connection, changes: Sequence[Change]) -> None:
        _require_place(connection, form, spoken)
        _note(connection, form, spoken)
        add_entry(connection, _entry(form, spoken))
        also(connection, changes)

    said, party = _said(desk, form, spoken, key), spoken.caller.party
    happened = _happened(form, spoken, key, promised=said is not None)
    if party is None or (said is None and not happened):
        with desk.engine.begin() as connection:
            keep(connection, ())
        return ()
    book = desk.book

    def both(connection: Connection, changes: Sequence[Change]) -> None:
        book.also(connection, changes)
        keep(connection, changes)

    return replace(book, also=both).told(party, said, happened)


def _require_place(connection: Connection, form: Form, spoken: Spoken) -> None:
    kept = len(entries_of(connection, spoken.call.id, spoken.agent))
    if kept != form.place:
        raise RefusedError("form", "a record of this call that was saved meanwhile", "it to be read first")


def _note(connection: Connection, form: Form, spoken: Spoken) -> None:
    """The call's own notes, each change with its trace."""
    said = {
        NoteField.OUTCOME: form.outcome.id,
        NoteField.SILENT: form.outcome.is_silent or None,
        NoteField.CODE: form.code,
    }
    for name, value in said.items():
        if value is not None or form.place:
            try:
                note_call(connection, spoken.call.id, name, value, by=spoken.by, at=spoken.at)
            except NoteError as error:
                raise RefusedError("call", "one that is not stored yet", "it to be so in a moment") from error


def _entry(form: Form, spoken: Spoken) -> CallEntry:
    party = spoken.caller.party
    return CallEntry(
        call_id=spoken.call.id,
        agent=spoken.agent,
        at=spoken.at,
        by=spoken.by,
        customer=party.id if party else None,
        outcome=form.outcome.id,
        code=form.code,
        content=form.content,
        next_step=form.next_step,
        next_at=form.at,
        follow_ups=form.settles,
    )


def _said(desk: Desk, form: Form, spoken: Spoken, key: str) -> Said | None:
    """What is said of the follow-ups that the call was about; None where it was about none."""
    if not form.settles:
        return None
    promise = form.promise.trigger.name if form.promise else None
    outcome = Outcome(
        follow_ups=form.settles,
        by=spoken.agent,
        at=spoken.at,
        result=form.outcome.result,
        key=key,
        content=form.satisfied,
        answers=form.answers,
        agreed_at=form.at if form.agreed else None,
        promise=promise,
        promise_at=form.at if form.promise else None,
        promise_skill=form.skill if form.promise else None,
        close=form.close,
        call=spoken.call.id,
        note=form.content,
    )
    return checked(desk, outcome)[1]


def _happened(form: Form, spoken: Spoken, key: str, *, promised: bool) -> list[Happened]:
    """Further triggers: a promise that no outcome carries, and the event that was told of."""
    found: list[Happened] = []
    if form.promise is not None and not promised:
        found.append(
            Happened(
                trigger=str(form.promise.trigger),
                key=key,
                at=spoken.at,
                by=spoken.agent,
                number=spoken.caller.number,
                promised_at=form.at,
                skill=form.skill,
            )
        )
    if form.outcome.event:
        found.append(
            Happened(
                trigger=f"{TriggerKind.EVENT.value}:{form.outcome.event}",
                key=f"event:call:{spoken.call.id}",
                at=spoken.at,
                by=spoken.agent,
                about=form.outcome.about,
            )
        )
    return found
