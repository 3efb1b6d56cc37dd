"""The whole call in sentences, in the order of time: for who cannot see the picture, or has no time to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.dashboard import labels, numerals
from service.dashboard.story.agents import seconds
from service.dashboard.story.cast import Cast
from telephony.calls.facts import (
    Direction,
    Disposition,
    OfferingFact,
    OfferingOutcome,
    QueueVisitFact,
    TalkFact,
    TalkKind,
    TransferFact,
    TransferKind,
)
from telephony.calls.record import hold_time, ring_time, talk_time
from telephony.clock import milliseconds

_EDGE = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9*])(?=[\u4e00-\u9fff])")
"""Between Chinese and digits or Latin stands a space."""

_HEARD = timedelta(milliseconds=50)
"""Shorter talks are channels that change bridges: they count, and nobody would tell them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One sentence, and where it stands: of one instant, what began it before what followed from it."""

    at: datetime
    rank: int
    text: str


def sentence(cast: Cast) -> str:
    """All that happened; each sentence ends with its own full stop."""
    found = [*_clauses(cast)]
    told = [each.text for each in sorted(found, key=lambda one: (one.at, one.rank))]
    if cast.words.chinese:
        return _EDGE.sub(" ", "".join([_beginning(cast), *told, _end(cast)]))
    return " ".join([_beginning(cast), *told, _end(cast)])


def _clauses(cast: Cast) -> Iterator[Clause]:
    record = cast.story.record
    if record.digits:
        pressed = numerals.mask_digits("".join(each.digit for each in record.digits))
        yield Clause(
            at=record.digits[0].at, rank=0, text=cast.words.gettext("The caller pressed %(keys)s.", keys=pressed)
        )
    for visit in record.visits:
        yield Clause(at=visit.joined_at, rank=1, text=_waited(cast, visit))
    for offering in record.offerings:
        yield Clause(at=offering.offered_at, rank=2, text=_rang(cast, offering))
    for transfer in record.transfers:
        yield Clause(at=transfer.at, rank=3, text=_handed(cast, transfer))
    seen: set[tuple[TalkKind, datetime]] = set()
    for talk in record.talks:
        both = talk.kind in (TalkKind.CONSULT, TalkKind.INTERNAL)
        told = both and (talk.kind, talk.started_at) in seen  # the colleague's side of the same talk
        if told or (talk.ended_at or cast.story.as_of) - talk.started_at < _HEARD:
            continue
        seen.add((talk.kind, talk.started_at))
        yield Clause(at=talk.started_at, rank=4, text=_talked(cast, talk))


def _beginning(cast: Cast) -> str:
    call, words = cast.story.record.call, cast.words
    at, who = words.time(call.started_at), cast.customer()
    dialler = cast.dialler()
    match call.direction:
        case Direction.INBOUND:
            did = call.did or call.called or numerals.DASH
            return words.gettext("At %(at)s %(who)s called %(number)s.", at=at, who=who, number=did)
        case Direction.OUTBOUND:
            agent = dialler.name if dialler else call.caller or numerals.DASH
            return words.gettext("At %(at)s %(who)s called %(number)s.", at=at, who=agent, number=who)
        case Direction.INTERNAL:
            agent = dialler.name if dialler else call.caller or numerals.DASH
            called = cast.name_of(call.called, call.started_at)
            return words.gettext("At %(at)s %(who)s called %(number)s.", at=at, who=agent, number=called)


def _waited(cast: Cast, visit: QueueVisitFact) -> str:
    words = cast.words
    waited = seconds(visit.joined_at, visit.left_at or cast.story.as_of)
    if visit.ended is None:
        return words.gettext("The caller waits in %(queue)s for %(s)s s so far.", queue=visit.queue, s=waited)
    how = words.gettext(labels.VISIT_ENDS[visit.ended])
    return words.gettext("The caller waited %(s)s s in %(queue)s: %(how)s.", s=waited, queue=visit.queue, how=how)


def _rang(cast: Cast, offering: OfferingFact) -> str:
    words, end = cast.words, offering.ended_at or cast.story.as_of
    values = {"who": cast.of(offering).name, "s": numerals.seconds(milliseconds(ring_time(offering, end)))}
    match offering.outcome:
        case None:
            return words.gettext("%(who)s’s phone rings for %(s)s s so far.", **values)
        case OfferingOutcome.ANSWERED:
            return words.gettext("%(who)s picked up after %(s)s s.", **values)
        case OfferingOutcome.NO_ANSWER:
            return words.gettext("%(who)s’s phone rang %(s)s s and was not answered.", **values)
        case OfferingOutcome.DECLINED:
            return words.gettext("%(who)s declined after %(s)s s of ringing.", **values)
        case OfferingOutcome.ANSWERED_ELSEWHERE:
            return words.gettext("%(who)s’s phone rang %(s)s s, until it was answered elsewhere.", **values)
        case OfferingOutcome.CALLER_GAVE_UP:
            return words.gettext("%(who)s’s phone rang %(s)s s, until the caller gave up.", **values)
        case OfferingOutcome.BUSY:
            return words.gettext("%(who)s’s phone was busy.", **values)
        case OfferingOutcome.UNREACHABLE:
            return words.gettext("%(who)s’s phone could not be reached.", **values)
        case OfferingOutcome.FAILED:
            return words.gettext("%(who)s’s phone could not be rung.", **values)


def _talked(cast: Cast, talk: TalkFact) -> str:
    words, until = cast.words, talk.ended_at or cast.story.as_of
    other = _colleague(cast, talk)
    held = milliseconds(hold_time(talk, until))
    values = {
        "who": cast.of(talk).name, "other": other, "s": numerals.seconds(milliseconds(talk_time(talk, until))),
        "hold": numerals.seconds(held),
    }  # fmt: skip
    match talk.kind:
        case TalkKind.CUSTOMER if held:
            return words.gettext("%(who)s and the customer talked %(s)s s, with %(hold)s s on hold.", **values)
        case TalkKind.CUSTOMER:
            return words.gettext("%(who)s and the customer talked %(s)s s.", **values)
        case TalkKind.CONFERENCE:
            return words.gettext("%(who)s talked %(s)s s in a conference with the customer.", **values)
        case TalkKind.CONSULT:
            return words.gettext("%(who)s consulted %(other)s for %(s)s s.", **values)
        case TalkKind.INTERNAL:
            return words.gettext("%(who)s and %(other)s talked %(s)s s.", **values)
        case TalkKind.MONITOR:
            return words.gettext("%(who)s listened in for %(s)s s.", **values)


def _colleague(cast: Cast, talk: TalkFact) -> str:
    """The other side of a talk between agents: by name of the device, else by who talked at the same time."""
    named = [cast.name_of(each, talk.started_at) for each in talk.others if "/" in each]
    mine, until = cast.of(talk).key, talk.ended_at or cast.story.as_of
    beside = [
        cast.of(each).name
        for each in cast.story.record.talks
        if each.kind is talk.kind and cast.of(each).key != mine and talk.started_at <= each.started_at < until
    ]
    return (named or beside or [numerals.DASH])[0]


def _handed(cast: Cast, transfer: TransferFact) -> str:
    words = cast.words
    values = {
        "by": cast.name_of(transfer.by, transfer.at), "to": cast.name_of(transfer.to, transfer.at),
        "kind": words.gettext(labels.TRANSFERS[transfer.kind]),
    }  # fmt: skip
    match transfer.kind:
        case TransferKind.PICKUP:
            return words.gettext("%(by)s picked the call up at a colleague’s phone.", **values)
        case TransferKind.PARK if transfer.completed:
            return words.gettext("%(by)s parked the call; it was taken back.", **values)
        case TransferKind.PARK:
            return words.gettext("%(by)s parked the call; nobody took it back.", **values)
        case TransferKind.FORWARD:
            return words.gettext("%(by)s’s phone forwarded to %(to)s.", **values)
        case TransferKind.REDIRECT:
            return words.gettext("The call was redirected to %(to)s.", **values)
        case _ if transfer.completed:
            return words.gettext("%(by)s handed the call to %(to)s (%(kind)s).", **values)
        case _:
            return words.gettext("%(by)s sent the call to %(to)s (%(kind)s), and it was not taken.", **values)


def _end(cast: Cast) -> str:
    call, words = cast.story.record.call, cast.words
    if call.ended_at is None:
        return words.gettext("The call goes on.")
    at = words.time(call.ended_at)
    if call.disposition is Disposition.INDETERMINATE:
        return words.gettext("Its end was not heard; it was last heard of at %(at)s.", at=at)
    how = words.gettext(labels.DISPOSITIONS[call.disposition].message) if call.disposition else ""
    by = words.gettext(labels.ENDED_BY[call.ended_by]) if call.ended_by else ""
    shown = [each for each in (how if words.chinese else how.lower(), by) if each]
    joint = "，" if words.chinese else ", "
    return words.gettext("Over at %(at)s: %(how)s.", at=at, how=joint.join(shown))
