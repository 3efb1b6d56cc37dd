"""Scorecards: submitted once and never changed. A correction is a new card that names the one in whose place it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from analytics.closing.objections import window_end
from analytics.errors import QualityError
from analytics.quality.assigning import Inspector
from analytics.quality.automatic import Proposal, Verdict, proposals
from analytics.quality.draws import quality_of
from analytics.quality.models import quality_cards, quality_items
from analytics.quality.records import Card, CardKind, Line, Said, Sample, SampleState, final_of
from analytics.quality.samples import check_may_hear, drop_draft, load_sample, move
from analytics.quality.scoring import Scores, form_digest, form_of, read_form, result_of
from analytics.quality.weeks import parse_week
from analytics.storage.sounds import heard_of_talk
from config.policies import Policy
from config.quality import Automatic, Quality
from telephony.clock import from_microseconds, to_microseconds


def form_for(sample: Sample, policy: Policy) -> Quality:
    """The form of a sample: the one in force when its talk began, else when its week was drawn. Raises QualityError."""
    form = policy.resolve(sample.started_at).quality or quality_of(policy, parse_week(sample.week))
    if form is None:
        raise QualityError(
            f"sample {sample.id}: found no scorecard in force at {sample.started_at.isoformat(timespec='seconds')}, "
            "expected [version.quality] in the policy"
        )
    return form


def proposals_for(connection: Connection, sample: Sample, form: Quality, policy: Policy) -> tuple[Proposal, ...]:
    """What the machine measured of a sample's talk, by what was in force when it began."""
    rules = policy.resolve(sample.started_at).recordings
    return proposals(form.automatic, heard_of_talk(connection, sample.talk_id), rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who marks, by which policy, and when."""

    by: Inspector
    policy: Policy
    now: datetime


def submit(connection: Connection, sample_id: int, scores: Scores, hand: Hand) -> Card:
    """Fix a card. Raises QualityError for marks that are not of the form, his own group's, and one that has a card."""
    sample = load_sample(connection, sample_id)
    check_may_hear(sample, hand.by)
    move(connection, sample, {"state": SampleState.SCORED.value, "inspector": hand.by.login})
    drop_draft(connection, sample_id, hand.by.login)
    return _write(connection, sample, scores, CardKind.MARK, hand)


def correct(connection: Connection, card_id: int, scores: Scores, hand: Hand, *, own_group: bool = False) -> Card:
    """A card in the place of another, by the form of that one. `own_group`: a leader decides an appeal of his group.

    Raises QualityError unless the other one counts now.
    """
    before = load_card(connection, card_id)
    sample = load_sample(connection, before.sample_id)
    if not own_group:
        check_may_hear(sample, hand.by)
    stands = final_of(load_cards(connection, (sample.id,)))
    if stands is None or stands.id != card_id:
        found = f"card {stands.id}" if stands else "none"
        raise QualityError(f"card {card_id}: found {found} in its place, expected the one that counts")
    return _write(connection, sample, scores, CardKind.CORRECTION, hand, before)


def calibrate(connection: Connection, sample_id: int, scores: Scores, hand: Hand) -> Card:
    """A second inspector's card of a scored sample, to compare; the mark stays.

    Raises QualityError where there is nothing to compare with, and for a second card by one inspector.
    """
    sample = load_sample(connection, sample_id)
    check_may_hear(sample, hand.by)
    cards = load_cards(connection, (sample_id,))
    if final_of(cards) is None:
        raise QualityError(f"sample {sample_id}: found no card, expected one to compare with")
    login = hand.by.login
    if login in {each.inspector for each in cards}:
        raise QualityError(f"sample {sample_id}: found a card of {login}, expected another inspector to calibrate")
    drop_draft(connection, sample_id, login)
    return _write(connection, sample, scores, CardKind.CALIBRATION, hand)


def _write(
    connection: Connection,
    sample: Sample,
    scores: Scores,
    kind: CardKind,
    hand: Hand,
    before: Card | None = None,
) -> Card:
    rules = form_for(sample, hand.policy)
    form, now, zone = before.form if before else rules, hand.now, hand.policy.zone
    result = result_of(form, scores)
    proposed = proposals_for(connection, sample, form, hand.policy)
    row = {
        "sample_id": sample.id,
        "kind": kind.value,
        "corrects": before.id if before else None,
        "inspector": hand.by.login,
        "submitted_us": to_microseconds(now),
        "reply_until_us": to_microseconds(window_end(now, rules.reply_days, zone)),
        "appeal_until_us": to_microseconds(window_end(now, rules.appeal_days, zone)),
        "form": form_of(form),
        "form_digest": before.form_digest if before else form_digest(form),
        "policy_digest": hand.policy.digest(),
        "points_c": result.points_c,
        "mark_c": result.mark_c,
        "critical": result.critical,
        "passed": result.passed,
        "summary": scores.summary.strip(),
    }
    key = connection.execute(insert(quality_cards).values(row)).inserted_primary_key
    card_id = int(key[0]) if key else 0
    connection.execute(insert(quality_items), list(_items(card_id, form, scores, proposed)))
    return load_card(connection, card_id)


_EMPTY: Mapping[str, object] = dict.fromkeys(("mark", "weight", "remark", "verdict", "figure", "holds"))


def _items(
    card_id: int, form: Quality, scores: Scores, proposed: Sequence[Proposal]
) -> Iterator[dict[str, object]]:
    empty = {"card_id": card_id, **_EMPTY}
    for each in form.criteria:
        told = {"mark": scores.marks[each.id], "weight": each.weight, "remark": scores.remarks.get(each.id) or None}
        yield {**empty, "kind": "criterion", "item": each.id, **told}
    for name in dict.fromkeys(scores.criticals):
        yield {**empty, "kind": "critical", "item": name}
    for proposal in proposed:
        item = proposal.item.value
        said = {"verdict": proposal.verdict.value, "figure": proposal.figure, "holds": scores.verdicts.get(item)}
        yield {**empty, "kind": "automatic", "item": item, **said}


# -- reading -------------------------------------------------------------------------------------


def load_card(connection: Connection, card_id: int) -> Card:
    """One card. Raises QualityError where there is none."""
    row = connection.execute(select(quality_cards).where(quality_cards.c.id == card_id)).first()
    if row is None:
        raise QualityError(f"card: found none of the id {card_id}, expected one of `quality show`")
    return _with_items(connection, [row])[0]


def load_cards(connection: Connection, sample_ids: Sequence[int]) -> tuple[Card, ...]:
    """The cards of samples, in the order in which they were submitted."""
    wanted = select(quality_cards).where(quality_cards.c.sample_id.in_(sample_ids))
    return _with_items(connection, list(connection.execute(wanted.order_by(quality_cards.c.id))))


def _with_items(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Card, ...]:
    table = quality_items.c
    wanted = select(quality_items).where(table.card_id.in_([row.id for row in rows])).order_by(table.id)
    items: dict[int, list[Row[Any]]] = {}
    for item in connection.execute(wanted):
        items.setdefault(item.card_id, []).append(item)
    return tuple(_card(row, items.get(row.id, [])) for row in rows)


def _card(row: Row[Any], items: Sequence[Row[Any]]) -> Card:
    return Card(
        id=row.id,
        sample_id=row.sample_id,
        kind=CardKind(row.kind),
        corrects=row.corrects,
        inspector=row.inspector,
        submitted_at=from_microseconds(row.submitted_us),
        reply_until=from_microseconds(row.reply_until_us),
        appeal_until=from_microseconds(row.appeal_until_us),
        form=read_form(row.form),
        form_digest=row.form_digest,
        policy_digest=row.policy_digest,
        points_c=row.points_c,
        mark_c=row.mark_c,
        critical=row.critical,
        passed=row.passed,
        summary=row.summary,
        lines=tuple(
            Line(criterion=each.item, mark=each.mark, weight=each.weight, remark=each.remark or "")
            for each in items
            if each.kind == "criterion"
        ),
        criticals=tuple(each.item for each in items if each.kind == "critical"),
        automatic=tuple(
            Said(item=Automatic(each.item), verdict=Verdict(each.verdict), figure=each.figure, holds=each.holds)
            for each in items
            if each.kind == "automatic"
        ),
    )
