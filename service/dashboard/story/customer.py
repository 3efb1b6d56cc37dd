"""What the customer lived through, as stretches of his lane; and what was recorded. Pure."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from service.dashboard import numerals
from service.dashboard.story.agents import WITH_CUSTOMER, hold_stretch, in_seconds, seconds
from service.dashboard.story.cast import CUSTOMER, RECORDING, Cast
from service.dashboard.story.stretches import Look, Stretch
from telephony.calls.facts import (
    Direction,
    Disposition,
    Interval,
    OfferingSource,
    RecordingFact,
    TalkFact,
    TransferKind,
)


def customer_stretches(cast: Cast) -> list[Stretch]:
    """From the call's start to the customer's own end: what he heard, and with whom he talked."""
    record = cast.story.record
    end = min(record.call.customer_left_at or cast.end, cast.end)
    talks = [each for each in record.talks if each.kind in WITH_CUSTOMER]
    found = [*_before_and_between(cast, talks, end), *_parked(cast, talks, end), *_outside(cast, talks, end)]
    found += _with(cast, talks, end)
    return [each for each in found if each.start < end or each.start == record.call.started_at]


def _before_and_between(cast: Cast, talks: list[TalkFact], end: datetime) -> list[Stretch]:
    """Menu, queue and ringing, in the stretches in which he talked with nobody."""
    record, words = cast.story.record, cast.words
    found = [_stay(cast, end)]
    for visit in record.visits:
        left = min(visit.left_at or end, end)
        found.append(_quiet(cast, visit.joined_at, left, Look.WAIT, words.gettext("waits in %(q)s", q=visit.queue),
                            words.gettext("waiting")))  # fmt: skip
    for start, stop in _ringing_spans(cast, end):
        found.append(_quiet(cast, start, stop, Look.RING, words.gettext("hears it ring"), words.gettext("ringing")))
    return [each for each in found if each.start <= each.end]


def _stay(cast: Cast, end: datetime) -> Stretch:
    """The ground of his lane: on the line, or being dialled, until something else begins."""
    record, words = cast.story.record, cast.words
    call = record.call
    if call.direction is Direction.OUTBOUND:
        return _quiet(cast, _dialled_at(cast), end, Look.STAY, words.gettext("is dialled"), "")
    in_menu = record.digits or call.disposition is Disposition.PICKED_UP
    menu = words.gettext("in the menu") if in_menu else words.gettext("on the line")
    return _quiet(cast, call.started_at, end, Look.STAY, menu, words.gettext("menu") if record.digits else "")


def _dialled_at(cast: Cast) -> datetime:
    """When he was dialled: where the agent's own phone was rung first, not before that was answered."""
    record = cast.story.record
    own = [each.ended_at for each in record.offerings if each.source is OfferingSource.ORIGINATE and each.ended_at]
    return max(own, default=record.call.started_at)


def _outside(cast: Cast, talks: list[TalkFact], end: datetime) -> list[Stretch]:
    """From a hand-over to a number outside until he talks with an agent again."""
    found = []
    for each in cast.hand_overs():
        if each.taker is None and each.fact.completed and each.fact.to is not None:
            back = min([talk.started_at for talk in talks if talk.started_at > each.fact.at], default=end)
            label = cast.words.gettext("outside line %(to)s", to=cast.name_of(each.fact.to, each.fact.at))
            found.append(_quiet(cast, each.fact.at, min(back, end), Look.COLLEAGUE, label, ""))
    return [each for each in found if each.start <= each.end]


def _quiet(cast: Cast, start: datetime, end: datetime, look: Look, what: str, short: str) -> Stretch:
    inside = tuple(dict.fromkeys(each for each in (what, short) if each))
    shown = what if look is Look.STAY else f"{what} {in_seconds(cast, seconds(start, end))}"
    return Stretch(lane=CUSTOMER, start=start, end=end, look=look, what=shown, inside=inside)


def _ringing_spans(cast: Cast, end: datetime) -> list[tuple[datetime, datetime]]:
    """When any phone rang for him outside a queue: those that overlap are one."""
    spans = sorted(
        (each.ring_at, min(each.ended_at or cast.story.as_of, end))
        for each in cast.story.record.offerings
        if each.queue is None and not each.consult and each.source is not OfferingSource.ORIGINATE
    )
    found: list[tuple[datetime, datetime]] = []
    for start, stop in spans:
        if stop <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], stop))
        else:
            found.append((start, stop))
    return found


def _parked(cast: Cast, talks: list[TalkFact], end: datetime) -> list[Stretch]:
    """From the parking to the next talk."""
    found = []
    for transfer in cast.story.record.transfers:
        if transfer.kind is TransferKind.PARK:
            back = min([each.started_at for each in talks if each.started_at > transfer.at], default=end)
            label = cast.words.gettext("parked")
            found.append(_quiet(cast, transfer.at, min(back, end), Look.PARK, label, label))
    return [each for each in found if each.start <= each.end]


def _with(cast: Cast, talks: list[TalkFact], end: datetime) -> list[Stretch]:
    """Talk with one or several at once, and the holds that kept him from all of them."""
    cuts = sorted({at for each in talks for at in (each.started_at, min(each.ended_at or end, end))})
    found: list[Stretch] = []
    for start, stop in pairwise(cuts):
        here = [each for each in talks if each.started_at <= start and stop <= (each.ended_at or end)]
        if here:
            found.append(_together(cast, here, start, stop))
    merged: list[Stretch] = []
    for each in found:
        if merged and merged[-1].end == each.start and merged[-1].inside == each.inside:
            each = _joined(merged.pop(), each)
        merged.append(each)
    return merged + _holds(cast, talks, end)


def _together(cast: Cast, here: list[TalkFact], start: datetime, stop: datetime) -> Stretch:
    who = ("、" if cast.words.chinese else ", ").join(dict.fromkeys(cast.of(each).name for each in here))
    label = cast.words.gettext("with %(who)s", who=who)
    return Stretch(lane=CUSTOMER, start=start, end=stop, look=Look.TALK, what=label, inside=(label, who))


def _joined(first: Stretch, second: Stretch) -> Stretch:
    return Stretch(
        lane=first.lane, start=first.start, end=second.end, look=first.look, what=first.what, inside=first.inside
    )


def _holds(cast: Cast, talks: list[TalkFact], end: datetime) -> list[Stretch]:
    found = []
    for talk in talks:
        for hold in talk.holds:
            until = min(hold.end or talk.ended_at or end, end)
            others = [each for each in talks if each is not talk and _talks_in(each, hold, until)]
            if hold.start < until and not others:
                found.append(hold_stretch(cast, CUSTOMER, hold.start, until))
    return found


def _talks_in(talk: TalkFact, hold: Interval, until: datetime) -> bool:
    return talk.started_at < until and (talk.ended_at or until) > hold.start


# -- recordings ---------------------------------------------------------------------------------


def recording_stretches(cast: Cast) -> list[Stretch]:
    """Each file from the instant at which it was begun; to the call's end where its length is not known."""
    return [_file(cast, n, each) for n, each in enumerate(cast.story.record.recordings, start=1)]


def _file(cast: Cast, n: int, fact: RecordingFact) -> Stretch:
    words, length_ms = cast.words, cast.story.lengths.get(fact.id)
    end = cast.end if length_ms is None else min(fact.at + length_ms * MS, cast.end)
    length = (
        words.gettext("length not known") if length_ms is None else in_seconds(cast, numerals.seconds(length_ms))
    )
    what = words.gettext("recording %(n)s: %(length)s", n=n, length=length)
    start = min(max(fact.at, cast.story.record.call.started_at), cast.end)
    return Stretch(lane=RECORDING, start=start, end=max(end, start), look=Look.FILE, what=what)


MS = datetime.resolution * 1000
