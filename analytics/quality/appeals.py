"""What an agent says to a card within his days: a reply for the record, or an appeal that another person decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from analytics.errors import QualityError
from analytics.quality.assigning import Inspector
from analytics.quality.cards import Hand, correct, load_card, load_cards
from analytics.quality.models import quality_decisions, quality_replies
from analytics.quality.records import AppealState, Card, Reply, ReplyKind, final_of
from analytics.quality.samples import load_sample, written
from analytics.quality.scoring import Scores
from telephony.clock import from_microseconds, to_microseconds


def answer(
    connection: Connection, card_id: int, kind: ReplyKind, text: str, *, agent: str, by: str, now: datetime
) -> Reply:
    """Reply to a card, or appeal against it. Raises QualityError for another agent's, a second one, and too late."""
    card = load_card(connection, card_id)
    _check_card(connection, card, kind, agent)
    until = card.appeal_until if kind is ReplyKind.APPEAL else card.reply_until
    if now >= until:
        found, expected = (each.isoformat(timespec="seconds") for each in (now, until))
        raise QualityError(f"card {card_id}: found the {kind.value} at {found}, expected it before {expected}")
    if any(each.kind is kind for each in load_replies(connection, (card_id,))):
        raise QualityError(f"card {card_id}: found its {kind.value} already, expected one at most")
    row = {
        "card_id": card_id,
        "kind": kind.value,
        "agent": agent,
        "by_login": by,
        "text": written(text, kind.value),
        "made_us": to_microseconds(now),
    }
    key = connection.execute(insert(quality_replies).values(row)).inserted_primary_key
    return load_reply(connection, int(key[0]) if key else 0)


def _check_card(connection: Connection, card: Card, kind: ReplyKind, agent: str) -> None:
    sample = load_sample(connection, card.sample_id)
    if sample.agent != agent:
        raise QualityError(f"card {card.id}: found agent {agent}, expected {sample.agent}, whose card it is")
    stands = final_of(load_cards(connection, (sample.id,)))
    if stands is None or stands.id != card.id:
        raise QualityError(f"card {card.id}: found another one in its place, expected the {kind.value} to that one")


def decide(connection: Connection, appeal_id: int, reason: str, scores: Scores | None, hand: Hand) -> Reply:
    """Uphold an appeal with the card in the first one's place, or reject it (`scores` None), with a reason.

    Raises QualityError where it is decided already, or who decides gave the mark or is the agent.
    """
    appeal = load_reply(connection, appeal_id)
    card = load_card(connection, appeal.card_id)
    _check_decider(appeal, card, hand.by)
    told = written(reason, "reason")
    new = None
    if scores is not None:
        new = correct(connection, card.id, scores, hand, own_group=True)
    row = {
        "appeal_id": appeal_id,
        "upheld": new is not None,
        "reason": told,
        "card_id": new.id if new else None,
        "by_login": hand.by.login,
        "made_us": to_microseconds(hand.now),
    }
    connection.execute(insert(quality_decisions).values(row))
    return load_reply(connection, appeal_id)


def _check_decider(appeal: Reply, card: Card, by: Inspector) -> None:
    if appeal.kind is not ReplyKind.APPEAL:
        raise QualityError(f"appeal {appeal.id}: found a reply, expected an appeal")
    if appeal.state is not AppealState.OPEN:
        raise QualityError(f"appeal {appeal.id}: found it {appeal.state}, expected it open")
    if by.login == card.inspector:
        raise QualityError(f"appeal {appeal.id}: found {by.login}, who gave the mark, expected another person")
    if by.agent == appeal.agent or by.login == appeal.by:
        raise QualityError(f"appeal {appeal.id}: found {by.login}, whose card it is, expected another person")


def load_reply(connection: Connection, reply_id: int) -> Reply:
    """One reply or appeal. Raises QualityError where there is none."""
    row = connection.execute(_joined().where(quality_replies.c.id == reply_id)).first()
    if row is None:
        raise QualityError(f"appeal: found none of the id {reply_id}, expected one of `quality show`")
    return _reply(row)


def load_replies(connection: Connection, card_ids: Sequence[int]) -> tuple[Reply, ...]:
    """What was said to cards, in its order."""
    wanted = _joined().where(quality_replies.c.card_id.in_(card_ids))
    return tuple(map(_reply, connection.execute(wanted.order_by(quality_replies.c.id))))


def open_appeals(connection: Connection) -> tuple[Reply, ...]:
    """Every appeal that waits for a decision, oldest first."""
    table = quality_replies.c
    wanted = _joined().where(table.kind == ReplyKind.APPEAL.value, quality_decisions.c.id.is_(None))
    return tuple(map(_reply, connection.execute(wanted.order_by(table.id))))


def _joined() -> Any:
    decisions = quality_decisions.c
    return select(
        quality_replies,
        decisions.upheld,
        decisions.reason,
        decisions.card_id.label("decided_card"),
        decisions.by_login.label("decided_by"),
        decisions.made_us.label("decided_us"),
    ).outerjoin(quality_decisions, decisions.appeal_id == quality_replies.c.id)


def _reply(row: Row[Any]) -> Reply:
    return Reply(
        id=row.id,
        card_id=row.card_id,
        kind=ReplyKind(row.kind),
        agent=row.agent,
        by=row.by_login,
        text=row.text,
        made_at=from_microseconds(row.made_us),
        state=_state(row) if row.kind == ReplyKind.APPEAL.value else None,
        decided_by=row.decided_by,
        decided_at=None if row.decided_us is None else from_microseconds(row.decided_us),
        decision=row.reason,
        decided_card=row.decided_card,
    )


def _state(row: Row[Any]) -> AppealState:
    if row.upheld is None:
        return AppealState.OPEN
    return AppealState.UPHELD if row.upheld else AppealState.REJECTED
