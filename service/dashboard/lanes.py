"""The lanes of a call's story: who, and what they did when, as bars on the axis. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.dashboard import labels, numerals
from service.dashboard.axis import Axis, Room, text_width
from service.dashboard.periods import CallStory
from service.dashboard.words import Words
from telephony.calls.facts import (
    OfferingFact,
    OfferingOutcome,
    QueueVisitFact,
    TalkFact,
    TalkKind,
    TransferFact,
    VisitEnd,
)
from telephony.calls.record import ring_time, talk_time
from telephony.clock import milliseconds

HEIGHT = 42
_BAR_TOP = 10
_MARGIN = 8.0
_MOST_BELLS = 40
BLAMED = (OfferingOutcome.NO_ANSWER, OfferingOutcome.DECLINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stretch: its place, its looks, and the sentence shown when pointed at."""

    x: str
    width: str
    css: str  # a class of the style sheet, or '' where `fill` is a pattern
    fill: str  # a pattern's id, or ''
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Words in a lane."""

    x: str
    dx: int
    text: str
    css: str
    anchor: str = "start"


@dataclass(slots=True, kw_only=True)
class Lane:
    """One party or queue. `key` is the agent's id, '' for others."""

    key: str
    name: str
    sub: str
    top: int = 0
    bars: list[Bar] = field(default_factory=list)
    bells: list[Bar] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)  # red lines: a ringing that nobody answered
    dots: list[str] = field(default_factory=list)  # a queue was left for an agent
    notes: list[Note] = field(default_factory=list)
    room: Room = field(default_factory=Room)

    @property
    def bar_y(self) -> int:
        """Where the bars of this lane begin."""
        return self.top + _BAR_TOP

    @property
    def text_y(self) -> int:
        """The line on which its words stand."""
        return self.top + 25


class LaneDrawer:
    """Draws the parts of one call into its lanes."""

    def __init__(self, story: CallStory, axis: Axis, words: Words) -> None:
        self._story = story
        self._axis = axis
        self._words = words
        self.lanes: list[Lane] = []

    def draw(self) -> list[Lane]:
        """The lanes from top to bottom: customer, queues, agents in the order of their first ring."""
        record = self._story.record
        self._customer()
        for visit in record.visits:
            self._visit(visit)
        parts: list[tuple[datetime, Callable[[], None]]] = [
            *((o.offered_at, lambda o=o: self._offering(o)) for o in record.offerings),
            *((t.started_at, lambda t=t: self._talk(t)) for t in record.talks),
        ]
        for _, draw in sorted(parts, key=lambda part: part[0]):
            draw()
        for transfer in record.transfers:
            self._passed_on(transfer)
        for n, lane in enumerate(self.lanes):
            lane.top = n * HEIGHT
        return self.lanes

    def lane_of(self, agent: str) -> Lane | None:
        """The lane of an agent's id."""
        return next((lane for lane in self.lanes if lane.key == agent and agent), None)

    # -- lanes ---------------------------------------------------------------------------

    def _new(self, name: str, sub: str, key: str = "") -> Lane:
        lane = Lane(key=key, name=name, sub=sub)
        self.lanes.append(lane)
        return lane

    def _agent_lane(self, interface: str, device: str, at: datetime) -> Lane:
        agent, name = self._story.agent_of(interface, device, at)
        found = self.lane_of(agent)
        return found or self._new(self._words.person(agent, name), agent if name else device, agent)

    # -- the customer --------------------------------------------------------------------

    def _customer(self) -> None:
        record, words = self._story.record, self._words
        call = record.call
        party = call.customer or call.caller
        shown = words.gettext("withheld") if call.customer_withheld else words.number(party)
        lane = self._new(words.gettext("Customer") if call.customer else words.gettext("Caller"), shown)
        end = call.customer_left_at or call.ended_at or self._story.as_of
        first = min([v.joined_at for v in record.visits] + [t.started_at for t in record.talks] + [end])
        before = words.gettext("before the queue") if record.visits else words.gettext("before an answer")
        self._bar(lane, call.started_at, end, "f-track", label="")
        self._label(lane, before, call.started_at, first, "ink2")
        for visit in record.visits:
            left = visit.left_at or end
            self._label(lane, words.gettext("waiting"), visit.joined_at, left, "ink2")
        for talk in record.talks:
            if talk.kind in (TalkKind.CUSTOMER, TalkKind.CONFERENCE):
                self._with_agent(lane, talk, end)

    def _with_agent(self, lane: Lane, talk: TalkFact, end: datetime) -> None:
        agent, name = self._story.agent_of(talk.interface, talk.device, talk.started_at)
        who = self._words.person(agent, name)
        label = self._words.gettext("with %(who)s", who=who)
        self._talk_bars(lane, talk, min(talk.ended_at or end, end), "f-acc", label, "on")

    # -- queues --------------------------------------------------------------------------

    def _visit(self, visit: QueueVisitFact) -> None:
        words = self._words
        lane = self._new(visit.queue, words.gettext("queue"))
        left = visit.left_at or self._story.as_of
        waited = numerals.seconds(milliseconds(left - visit.joined_at))
        label = words.gettext("queue %(s)s s", s=waited)
        self._bar(lane, visit.joined_at, left, "f-track", label=label, css="ink2")
        if visit.ended is None:
            return
        how = words.gettext(labels.VISIT_ENDS[visit.ended])
        if visit.ended is VisitEnd.ANSWERED:
            lane.dots.append(self._axis.x(left))
        self._beside(lane, how, left, "ink2" if visit.ended is VisitEnd.ANSWERED else "bad b")

    # -- agents --------------------------------------------------------------------------

    def _offering(self, offering: OfferingFact) -> None:
        lane = self._agent_lane(offering.interface, offering.device, offering.offered_at)
        end = offering.ended_at or self._story.as_of
        ring = ring_time(offering, end)
        text = self._outcome(offering, ring)
        self._bar(lane, offering.ring_at, end, "f-warnsoft", label="", title=text)
        self._bells(lane, offering, end)
        if offering.outcome is OfferingOutcome.ANSWERED:
            if not self._before(lane, text, offering.ring_at):
                self._inside(lane, text, offering, end)
        elif offering.outcome in BLAMED:
            lane.stops.append(self._axis.x(end))
            self._beside(lane, text, end, "bad b")
        else:
            self._beside(lane, text, end, "ink2")

    def _outcome(self, offering: OfferingFact, ring: timedelta) -> str:
        words, shown = self._words, numerals.seconds(milliseconds(ring))
        if offering.outcome is None:
            return words.gettext("%(s)s s, ringing", s=shown)
        how = words.gettext(labels.OUTCOMES[offering.outcome].message)
        return words.gettext("%(s)s s, %(how)s", s=shown, how=how if words.chinese else how.lower())

    def _passed_on(self, transfer: TransferFact) -> None:
        """Whoever hands a call on is credited with nothing after."""
        if transfer.by is None or not transfer.completed:
            return
        lane = self.lane_of(self._story.agent_of(transfer.by, transfer.by, transfer.at)[0])
        if lane is not None:
            self._beside(lane, self._words.gettext("no time counted after this"), transfer.at, "ink2")

    def _bells(self, lane: Lane, offering: OfferingFact, end: datetime) -> None:
        cadence = self._story.rule.cadence_of(self._story.record.call.trunk)
        at = offering.ring_at
        for n in range(_MOST_BELLS):
            if at >= end:
                return
            off = min(at + cadence.tone_end, end)
            title = self._words.gettext("ring %(n)s", n=n + 1)
            lane.bells.append(self._drawn(at, off, "f-warn", "", title))
            at += cadence.cycle

    def _talk(self, talk: TalkFact) -> None:
        lane = self._agent_lane(talk.interface, talk.device, talk.started_at)
        until = talk.ended_at or self._story.as_of
        spoke = numerals.seconds(milliseconds(talk_time(talk, until)))
        words = self._words
        if talk.kind in (TalkKind.CUSTOMER, TalkKind.CONFERENCE):
            label, css, text = words.gettext("talk %(s)s s", s=spoke), "f-acc", "on"
        elif talk.kind is TalkKind.MONITOR:
            label, css, text = words.gettext("listening in %(s)s s", s=spoke), "f-track", "ink2"
        elif talk.kind is TalkKind.CONSULT:
            label, css, text = words.gettext("consulting %(s)s s", s=spoke), "f-line", "acc"
        else:
            label, css, text = words.gettext("colleague %(s)s s", s=spoke), "f-line", "acc"
        later = [each.started_at for each in self._story.record.talks if each.device == talk.device]
        self._talk_bars(lane, talk, until, css, label, text, later)

    # -- drawing -------------------------------------------------------------------------

    def _drawn(self, start: datetime, end: datetime, css: str, fill: str, title: str) -> Bar:
        return Bar(x=self._axis.x(start), width=self._axis.width(start, end), css=css, fill=fill, title=title)

    def _bar(
        self, lane: Lane, start: datetime, end: datetime, look: str, *, label: str, css: str = "", title: str = ""
    ) -> None:
        lane.bars.append(self._drawn(start, end, look, "", title or label))
        if label:
            self._label(lane, label, start, end, css)
        lane.room.take(self._axis.pixels(start), self._axis.pixels(end))

    def _talk_bars(
        self, lane: Lane, talk: TalkFact, until: datetime, look: str, label: str, css: str,
        later: Sequence[datetime] = (),
    ) -> None:  # fmt: skip
        lane.bars.append(self._drawn(talk.started_at, until, look, "", label))
        lane.room.take(self._axis.pixels(talk.started_at), self._axis.pixels(until))
        for hold in talk.holds:
            end = min(hold.end or until, until)
            covered = [each for each in later if hold.start < each < end]
            held = self._words.gettext("hold %(s)s s", s=numerals.seconds(milliseconds(end - hold.start)))
            lane.bars.append(self._drawn(hold.start, end, "", "h-acc", held))
            self._label(lane, held, hold.start, min(covered, default=end), "acc halo")
        first_hold = talk.holds[0].start if talk.holds else until
        self._label(lane, label, talk.started_at, min(first_hold, until), css)

    def _label(self, lane: Lane, text: str, start: datetime, end: datetime, css: str) -> None:
        """Words inside a bar, if they fit."""
        room = self._axis.pixels(end) - self._axis.pixels(start)
        if text_width(text) + 2 * _MARGIN <= room:
            lane.notes.append(Note(x=self._axis.x(start), dx=7, text=text, css=css))

    def _beside(self, lane: Lane, text: str, at: datetime, css: str) -> None:
        """Words to the right of a bar, else to its left's outside; left out where neither is free."""
        left = self._axis.pixels(at) + _MARGIN + 2
        if lane.room.free(left, left + text_width(text)):
            lane.notes.append(Note(x=self._axis.x(at), dx=10, text=text, css=css))
            lane.room.take(left, left + text_width(text))
            return
        first = min((a for a, _ in lane.room.taken), default=left)
        start = first - _MARGIN - text_width(text)
        if lane.room.free(start, first - 1):
            share = f"{first / 6.74:.3f}%"
            lane.notes.append(Note(x=share, dx=-8, text=text, css=css, anchor="end"))
            lane.room.take(start, first)

    def _before(self, lane: Lane, text: str, at: datetime) -> bool:
        """Words to the left of a bar, if there is room; whether there was."""
        right = self._axis.pixels(at) - _MARGIN
        if not lane.room.free(right - text_width(text), right):
            return False
        lane.notes.append(Note(x=self._axis.x(at), dx=-8, text=text, css="ink2", anchor="end"))
        lane.room.take(right - text_width(text), right)
        return True

    def _inside(self, lane: Lane, text: str, offering: OfferingFact, end: datetime) -> None:
        """Words in a ringing's bar between its last bell and its end, if they fit."""
        cadence = self._story.rule.cadence_of(self._story.record.call.trunk)
        bells = (end - offering.ring_at) // cadence.cycle
        silent = offering.ring_at + bells * cadence.cycle + cadence.tone_end
        room = self._axis.pixels(end) - self._axis.pixels(min(silent, end))
        if text_width(text) + 2 * _MARGIN <= room:
            lane.notes.append(Note(x=self._axis.x(end), dx=-8, text=text, css="ink2", anchor="end"))
