"""What agents, queues and the menu did in a call, as stretches of its picture. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.dashboard import labels, numerals
from service.dashboard.story.cast import MENU, Cast
from service.dashboard.story.stretches import Look, Stretch
from telephony.calls.facts import (
    OfferingFact,
    OfferingOutcome,
    OfferingSource,
    QueueVisitFact,
    TalkFact,
    TalkKind,
    TransferFact,
    TransferKind,
    VisitEnd,
)
from telephony.calls.record import ring_time, talk_time
from telephony.clock import milliseconds

BLAMED = (OfferingOutcome.NO_ANSWER, OfferingOutcome.DECLINED)
WITH_CUSTOMER = (TalkKind.CUSTOMER, TalkKind.CONFERENCE)
CONSULTED = timedelta(minutes=10)


def seconds(start: datetime, end: datetime) -> str:
    """4.2"""
    return numerals.seconds(numerals.elapsed_ms(start, end))


def in_seconds(cast: Cast, shown: str) -> str:
    """4.2 s, in the reader's language."""
    return cast.words.gettext("%(s)s s", s=shown)


def queue_lane(visit: QueueVisitFact) -> str:
    """The key of a queue visit's lane."""
    return f"queue:{visit.id}"


def visit_stretch(cast: Cast, visit: QueueVisitFact) -> Stretch:
    """One stay in a queue, and how it ended."""
    words = cast.words
    left = visit.left_at or cast.story.as_of
    waited = seconds(visit.joined_at, left)
    how = words.gettext(labels.VISIT_ENDS[visit.ended]) if visit.ended else words.gettext("waits")
    answered = visit.ended is VisitEnd.ANSWERED
    return Stretch(
        lane=queue_lane(visit), start=visit.joined_at, end=left, look=Look.WAIT,
        what=words.gettext("%(queue)s: waited, %(how)s", queue=visit.queue, how=how),
        inside=(words.gettext("queue %(s)s s", s=waited), in_seconds(cast, waited)), beside=(how,),
        firm=visit.ended not in (None, VisitEnd.ANSWERED), dot=answered,
    )  # fmt: skip


def menu_stretch(cast: Cast) -> Stretch | None:
    """The menu, where the caller pressed keys in one."""
    record, words = cast.story.record, cast.words
    if not record.digits:
        return None
    start = record.call.picked_up_at or record.call.started_at
    begun = [each.joined_at for each in record.visits] + [each.offered_at for each in record.offerings]
    last = record.digits[-1].at
    end = min([each for each in begun if each >= last], default=cast.end)
    pressed = "".join(each.digit for each in record.digits)
    keys = words.gettext("pressed %(keys)s", keys=numerals.mask_digits(pressed))
    named = " → ".join(dict.fromkeys(each.menu for each in record.digits if each.menu))
    return Stretch(
        lane=MENU, start=min(start, last), end=end, look=Look.MENU,
        what=words.gettext("menu %(menu)s: %(keys)s", menu=named, keys=keys), beside=(f"{named}: {keys}", keys),
    )  # fmt: skip


def dialling_stretches(cast: Cast) -> list[Stretch]:
    """Who began the call: from its start until his own phone rang, or he talked."""
    dialler, call = cast.dialler(), cast.story.record.call
    if dialler is None:
        return []
    record = cast.story.record
    own = [each.started_at for each in record.talks if cast.of(each).key == dialler.key]
    own += [each.offered_at for each in record.offerings if cast.of(each).key == dialler.key]
    end = max(min(own, default=cast.end), call.started_at)
    dials = cast.words.gettext("dials")
    return [Stretch(lane=dialler.key, start=call.started_at, end=end, look=Look.STAY, what=dials, inside=(dials,))]


def ring_stretch(cast: Cast, offering: OfferingFact) -> Stretch:
    """One ringing of one phone: how long, why, and what became of it."""
    words, end = cast.words, offering.ended_at or cast.story.as_of
    ring = numerals.seconds(milliseconds(ring_time(offering, end)))
    said, short = _ringing(cast, offering, ring)
    answered, blamed = offering.outcome is OfferingOutcome.ANSWERED, offering.outcome in BLAMED
    return Stretch(
        lane=cast.of(offering).key, start=min(offering.ring_at, end), end=end, look=Look.RING,
        what=words.gettext("ringing: %(what)s", what=said), inside=(short,) if answered else (),
        beside=(said, short), after=not answered, firm=blamed,
    )  # fmt: skip


def _ringing(cast: Cast, offering: OfferingFact, ring: str) -> tuple[str, str]:
    """The words beside a ringing, long and short."""
    words = cast.words
    if offering.outcome is None:
        plain = words.gettext("%(s)s s, ringing", s=ring)
    else:
        how = words.gettext(labels.OUTCOMES[offering.outcome].message)
        plain = words.gettext("%(s)s s, %(how)s", s=ring, how=how if words.chinese else how.lower())
    why = _why(cast, offering)
    joint = "，" if words.chinese else ", "
    return (f"{why}{joint}{plain}" if why else plain), plain


def _why(cast: Cast, offering: OfferingFact) -> str:
    """By which hand-over a phone rang, where it was one."""
    words = cast.words
    if offering.source is OfferingSource.PICKUP:
        return words.gettext(labels.TRANSFERS[TransferKind.PICKUP])
    if offering.source is OfferingSource.ORIGINATE:
        return words.gettext("own phone first")
    behind = _hand_over_of(cast, offering)
    if behind is not None:
        return words.gettext(labels.TRANSFERS[behind.kind])
    return words.gettext("consulted") if offering.consult else ""


def _hand_over_of(cast: Cast, offering: OfferingFact) -> TransferFact | None:
    mine = cast.of(offering).key
    for each in cast.hand_overs():
        early = each.fact.at - CONSULTED <= offering.offered_at <= each.fact.at + timedelta(seconds=5)
        if each.taker == mine and early and each.fact.kind is not TransferKind.PICKUP:
            return each.fact
    return None


TALKS = {
    TalkKind.CUSTOMER: Look.TALK,
    TalkKind.CONFERENCE: Look.TALK,
    TalkKind.CONSULT: Look.CONSULT,
    TalkKind.INTERNAL: Look.COLLEAGUE,
    TalkKind.MONITOR: Look.MONITOR,
}


def talk_stretches(cast: Cast, talk: TalkFact) -> list[Stretch]:
    """One stretch of talk, and the holds in it."""
    lane, until = cast.of(talk).key, talk.ended_at or cast.story.as_of
    said, short = _talking(cast, talk, numerals.seconds(milliseconds(talk_time(talk, until))))
    found = [
        Stretch(lane=lane, start=talk.started_at, end=until, look=TALKS[talk.kind], what=said, inside=(said, short))
    ]
    return found + [hold_stretch(cast, lane, each.start, min(each.end or until, until)) for each in talk.holds]


def hold_stretch(cast: Cast, lane: str, start: datetime, end: datetime) -> Stretch:
    """Hold, by either side."""
    held = cast.words.gettext("hold %(s)s s", s=seconds(start, end))
    return Stretch(
        lane=lane,
        start=start,
        end=end,
        look=Look.HOLD,
        what=held,
        inside=(held, in_seconds(cast, seconds(start, end))),
    )


def _talking(cast: Cast, talk: TalkFact, spoke: str) -> tuple[str, str]:
    words, short = cast.words, in_seconds(cast, spoke)
    match talk.kind:
        case TalkKind.CUSTOMER:
            return words.gettext("talk %(s)s s", s=spoke), short
        case TalkKind.CONFERENCE:
            return words.gettext("conference %(s)s s", s=spoke), short
        case TalkKind.CONSULT:
            return words.gettext("consulting %(s)s s", s=spoke), short
        case TalkKind.MONITOR:
            return words.gettext("listening in %(s)s s", s=spoke), short
        case TalkKind.INTERNAL:
            return words.gettext("colleague %(s)s s", s=spoke), short
