"""The worklist: samples as they stand, replaced ones with their reason, notes pinned to an instant, drafts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from analytics.errors import QualityError
from analytics.quality.assigning import Inspector, ToHear, assign, may_hear
from analytics.quality.candidates import heard_before, load_pool
from analytics.quality.drawing import take
from analytics.quality.draws import add_sample, load_draw, open_loads, quality_of, to_hear
from analytics.quality.models import quality_drafts, quality_notes, quality_samples
from analytics.quality.records import Note, Sample, SampleState
from analytics.quality.scoring import MAX_TEXT, Scores
from analytics.quality.urging import put_first
from analytics.quality.weeks import parse_week
from config.policies import Policy
from config.quality import Replacement
from telephony.clock import from_microseconds, to_microseconds


def load_sample(connection: Connection, sample_id: int) -> Sample:
    """One sample. Raises QualityError where there is none."""
    row = connection.execute(select(quality_samples).where(quality_samples.c.id == sample_id)).first()
    if row is None:
        raise QualityError(f"sample: found none of the id {sample_id}, expected one of `quality list`")
    return _sample(row)


def load_samples(
    connection: Connection,
    *,
    ids: Sequence[int] | None = None,
    week: str | None = None,
    month: str | None = None,
    agent: str | None = None,
    inspector: str | None = None,
    state: SampleState | None = None,
) -> tuple[Sample, ...]:
    """Those of some ids, a week, a month, an agent, an inspector, in a state; in the order of their draw."""
    table = quality_samples.c
    wanted = select(quality_samples) if ids is None else select(quality_samples).where(table.id.in_(ids))
    for column, value in (
        (table.week, week), (table.month, month), (table.agent, agent), (table.inspector, inspector),
        (table.state, state and state.value),
    ):  # fmt: skip
        if value is not None:
            wanted = wanted.where(column == value)
    return tuple(map(_sample, connection.execute(wanted.order_by(table.id))))


def check_may_hear(sample: Sample, inspector: Inspector) -> None:
    """Raise QualityError where a sample is of the inspector himself, or of his group."""
    heard = ToHear(talk_id=sample.talk_id, agent=sample.agent, group=sample.group)
    if not may_hear(inspector, heard):
        raise QualityError(
            f"sample {sample.id}: found {inspector.login} of agent {sample.agent}'s group, expected another inspector"
        )


def replace_sample(
    connection: Connection,
    sample_id: int,
    reason: Replacement,
    text: str,
    *,
    by: Inspector,
    inspectors: Sequence[Inspector],
    policy: Policy,
    now: datetime,
) -> Sample | None:
    """Take the next one in the seeded order in its place, of the same agent, month and draw; None where none is left.

    Raises QualityError for a sample that is not open, a reason that the policy does not allow, and his own group's.
    """
    sample = load_sample(connection, sample_id)
    check_may_hear(sample, by)
    _check_reason(sample, reason, policy)
    _mark_replaced(connection, sample, reason, text, by.login, now)
    draw = load_draw(connection, sample.week)
    taken = set(connection.execute(select(quality_samples.c.talk_id)).scalars())
    own = (each for each in load_pool(connection, sample.week, sample.agent) if each.month == sample.month)
    before = heard_before(connection, (sample.month,)).get((sample.month, sample.agent), {})
    found = take(draw.seed or "", [each for each in own if each.talk_id not in taken], 1, before)
    if not found:
        return None
    heard = to_hear(found[0], policy)
    given = assign(draw.seed or "", [heard], inspectors, Counter(open_loads(connection)))[heard.talk_id]
    if sample.inspector == by.login and may_hear(by, heard):
        given = by.login
    new = add_sample(connection, sample.week, found[0], heard.group, given, now, sample.id)
    put_first(connection, [found[0].file_id], now)
    return load_sample(connection, new)


def _check_reason(sample: Sample, reason: Replacement, policy: Policy) -> None:
    quality = quality_of(policy, parse_week(sample.week))
    allowed = quality.replace if quality else ()
    if reason not in allowed:
        expected = ", ".join(allowed) or "none: the policy allows no replacement"
        raise QualityError(f"sample {sample.id}: found the reason {reason.value}, expected one of {expected}")


def _mark_replaced(
    connection: Connection, sample: Sample, reason: Replacement, text: str, by: str, now: datetime
) -> None:
    changed = {
        "state": SampleState.REPLACED.value,
        "reason": reason.value,
        "reason_text": written(text, "reason", empty=True),
        "replaced_by": by,
        "replaced_us": to_microseconds(now),
    }
    move(connection, sample, changed)


def move(connection: Connection, sample: Sample, changed: dict[str, Any]) -> None:
    """Change a sample that is open. Raises QualityError where it is not, or no longer."""
    table = quality_samples.c
    wanted = update(quality_samples).where(table.id == sample.id, table.state == SampleState.OPEN.value)
    if connection.execute(wanted.values(changed)).rowcount == 0:
        now = load_sample(connection, sample.id)
        raise QualityError(f"sample {sample.id}: found it {now.state.value}, expected it open")


def take_over(connection: Connection, sample_id: int, inspector: Inspector) -> Sample:
    """Another inspector listens to it. Raises QualityError for his own group's, and one that is not open."""
    sample = load_sample(connection, sample_id)
    check_may_hear(sample, inspector)
    move(connection, sample, {"inspector": inspector.login})
    return load_sample(connection, sample_id)


def written(text: str, what: str, *, empty: bool = False) -> str:
    """A text that a person gave. Raises QualityError for none where one is needed, and for one that is too long."""
    kept = text.strip()
    if (not kept and not empty) or len(kept) > MAX_TEXT:
        found = f"a text of {len(kept)} letters" if kept else "nothing"
        raise QualityError(f"{what}: found {found}, expected a text of up to {MAX_TEXT} letters")
    return kept


# -- notes ---------------------------------------------------------------------------------------


def add_note(
    connection: Connection,
    sample_id: int,
    at_ms: int,
    text: str,
    *,
    by: str,
    now: datetime,
    criterion: str | None = None,
) -> Note:
    """Pin a note to an instant of the file. Raises QualityError for one of a sample that is not there, or before it."""
    load_sample(connection, sample_id)
    if at_ms < 0:
        raise QualityError(f"note: found the instant {at_ms} ms, expected one of the file, from 0 on")
    row = {
        "sample_id": sample_id,
        "at_ms": at_ms,
        "text": written(text, "note"),
        "criterion": criterion,
        "by_login": by,
        "made_us": to_microseconds(now),
    }
    key = connection.execute(insert(quality_notes).values(row)).inserted_primary_key
    wanted = select(quality_notes).where(quality_notes.c.id == (key[0] if key else 0))
    return _note(connection.execute(wanted).one())


def withdraw_note(connection: Connection, sample_id: int, note_id: int, *, by: str, now: datetime) -> None:
    """Take one's own note back while its sample is open. Raises QualityError where that is not so."""
    table = quality_notes.c
    if load_sample(connection, sample_id).state is not SampleState.OPEN:
        raise QualityError(f"note {note_id}: found its card submitted, expected a sample that is open")
    wanted = update(quality_notes).where(
        table.id == note_id, table.sample_id == sample_id, table.by_login == by, table.withdrawn_us.is_(None)
    )
    if connection.execute(wanted.values(withdrawn_us=to_microseconds(now))).rowcount == 0:
        raise QualityError(f"note {note_id}: found none of {by}'s on sample {sample_id}, expected one's own note")


def load_notes(connection: Connection, sample_ids: Sequence[int]) -> tuple[Note, ...]:
    """The notes of samples that were not taken back, in the order of the file."""
    table = quality_notes.c
    wanted = select(quality_notes).where(table.sample_id.in_(sample_ids), table.withdrawn_us.is_(None))
    return tuple(map(_note, connection.execute(wanted.order_by(table.sample_id, table.at_ms, table.id))))


def _note(row: Row[Any]) -> Note:
    return Note(
        id=row.id, sample_id=row.sample_id, at_ms=row.at_ms, text=row.text, criterion=row.criterion,
        by=row.by_login, made_at=from_microseconds(row.made_us),
    )  # fmt: skip


# -- drafts --------------------------------------------------------------------------------------


def save_draft(connection: Connection, sample_id: int, inspector: str, scores: Scores, now: datetime) -> None:
    """Keep a card that is being filled in; it need not be whole."""
    drop_draft(connection, sample_id, inspector)
    told = json.dumps(asdict(scores), ensure_ascii=False, sort_keys=True)
    row = {"sample_id": sample_id, "inspector": inspector, "scores": told, "saved_us": to_microseconds(now)}
    connection.execute(insert(quality_drafts).values(row))


def drop_draft(connection: Connection, sample_id: int, inspector: str) -> None:
    """Let go of a draft."""
    table = quality_drafts.c
    connection.execute(delete(quality_drafts).where(table.sample_id == sample_id, table.inspector == inspector))


def load_draft(connection: Connection, sample_id: int, inspector: str) -> Scores | None:
    """What an inspector has filled in so far."""
    table = quality_drafts.c
    wanted = select(table.scores).where(table.sample_id == sample_id, table.inspector == inspector)
    text = connection.execute(wanted).scalar()
    if text is None:
        return None
    told = json.loads(text)
    return Scores(**{**told, "criticals": tuple(told["criticals"])})


def _sample(row: Row[Any]) -> Sample:
    return Sample(
        id=row.id,
        week=row.week,
        month=row.month,
        talk_id=row.talk_id,
        call_id=row.call_id,
        file_id=row.file_id,
        agent=row.agent,
        group=row.group_name,
        started_at=from_microseconds(row.started_us),
        length_ms=row.length_ms,
        stratum=row.stratum,
        inspector=row.inspector,
        drawn_at=from_microseconds(row.drawn_us),
        state=SampleState(row.state),
        replaces=row.replaces,
        reason=None if row.reason is None else Replacement(row.reason),
        reason_text=row.reason_text,
        replaced_by=row.replaced_by,
        replaced_at=None if row.replaced_us is None else from_microseconds(row.replaced_us),
    )
