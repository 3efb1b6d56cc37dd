"""The picture of a call: lanes on one axis, hand-overs between them, gaps through all of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.dashboard import labels, numerals
from service.dashboard.axis import Axis, Room, Tick, text_width
from service.dashboard.story.agents import (
    dialling_stretches,
    menu_stretch,
    queue_lane,
    ring_stretch,
    talk_stretches,
    visit_stretch,
)
from service.dashboard.story.cast import CUSTOMER, MENU, RECORDING, Cast, HandOver
from service.dashboard.story.customer import customer_stretches, recording_stretches
from service.dashboard.story.layout import HEIGHT, Bar, Lane, Layout, Note
from service.dashboard.story.stretches import Stretch
from telephony.calls.facts import Direction, TransferKind
from telephony.clock import milliseconds

_BELOW, _NAMED = 24, 40
"""Pixels below the lanes: the axis; and the names of gaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A hand-over: a line from the giver's lane to the taker's; `open` where nobody took it."""

    x: str
    y1: int
    y2: int
    text: str
    open: bool
    down: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hatch:
    """A stretch in which the PBX was not heard. `name` is '' where another's name stands too near."""

    x: str
    width: str
    title: str
    name: str
    anchor: str
    name_x: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A stretch as a row of the table behind the picture."""

    who: str
    what: str
    start: str
    end: str
    length: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that is drawn."""

    ticks: list[Tick]
    lanes: list[Lane]
    bars: list[Bar]  # of all lanes, in the order of time: as the focus goes
    links: list[Link]
    gaps: list[Hatch]
    lines: list[Line]
    height: int  # of the lanes
    whole: int


class Drawer:
    """Draws one call for one reader."""

    def __init__(self, cast: Cast) -> None:
        call, story = cast.story.record.call, cast.story
        self._cast = cast
        self.axis = Axis(start=call.started_at, end=cast.end)
        self._layout = Layout(axis=self.axis, cadence=story.rule.cadence_of(call.trunk))
        self._stretches = self._all()
        self._titles = {id(each): self._title(each) for each in self._stretches}
        self._lanes = self._make_lanes()

    def draw(self) -> Picture:
        """The picture."""
        hand_overs = self._cast.hand_overs()
        links = [link for each in hand_overs if (link := self._link(each)) is not None]
        links += [link for each in hand_overs if (link := self._taken_back(each)) is not None]
        for lane in self._lanes:
            mine = [each for each in self._stretches if each.lane == lane.key]
            (self._layout.files if lane.key == RECORDING else self._layout.fill)(lane, mine, self._titles)
        for each in hand_overs:
            self._said_of(each)
        self._keys()
        gaps = self._gaps()
        height = len(self._lanes) * HEIGHT
        bars = sorted((bar for lane in self._lanes for bar in lane.bars), key=lambda bar: (bar.start, bar.y))
        return Picture(
            ticks=self.axis.ticks(self._cast.words), lanes=self._lanes, bars=bars, links=links, gaps=gaps,
            lines=self._lines(), height=height, whole=height + (_NAMED if gaps else _BELOW),
        )  # fmt: skip

    # -- what there is ---------------------------------------------------------------------

    def _all(self) -> list[Stretch]:
        cast, record = self._cast, self._cast.story.record
        menu = menu_stretch(cast)
        return [
            *(customer_stretches(cast) if self._has_customer() else []),
            *([menu] if menu else []),
            *dialling_stretches(cast),
            *(visit_stretch(cast, each) for each in record.visits),
            *(ring_stretch(cast, each) for each in record.offerings),
            *(stretch for each in record.talks for stretch in talk_stretches(cast, each)),
            *recording_stretches(cast),
        ]

    def _has_customer(self) -> bool:
        """An internal call whose caller has a lane of his own has no other one for him."""
        return self._cast.story.record.call.direction is not Direction.INTERNAL or self._cast.dialler() is None

    def _make_lanes(self) -> list[Lane]:
        cast, record, words = self._cast, self._cast.story.record, self._cast.words
        named = words.gettext("Customer") if record.call.customer else words.gettext("Caller")
        lanes = [Lane(key=CUSTOMER, name=named, sub=cast.customer())] if self._has_customer() else []
        if record.digits:
            lanes.append(Lane(key=MENU, name=words.gettext("Menu"), sub=words.gettext("keys pressed")))
        lanes += [Lane(key=queue_lane(each), name=each.queue, sub=words.gettext("queue")) for each in record.visits]
        lanes += [Lane(key=each.key, name=each.name, sub=each.sub) for each in cast.people()]
        if files := len(record.recordings):
            sub = words.ngettext("%(n)s file", "%(n)s files", files)
            lanes.append(Lane(key=RECORDING, name=words.gettext("Recording"), sub=sub))
        if not lanes:
            lanes.append(Lane(key=CUSTOMER, name=named, sub=cast.customer()))
        for n, lane in enumerate(lanes):
            lane.top = n * HEIGHT
        return lanes

    def _lane(self, key: str | None) -> Lane | None:
        return next((each for each in self._lanes if each.key == key), None)

    def _title(self, each: Stretch) -> str:
        words, until = self._cast.words, each.end
        length = numerals.seconds(numerals.elapsed_ms(each.start, until))
        return words.gettext(
            "%(what)s · %(from)s–%(to)s · %(s)s s",
            **{"what": each.what, "from": words.time(each.start), "to": words.time(until), "s": length},
        )

    def _lines(self) -> list[Line]:
        words, names = self._cast.words, {lane.key: lane.name for lane in self._lanes}
        return [
            Line(
                who=names.get(each.lane, ""), what=each.what, start=words.time(each.start), end=words.time(each.end),
                length=f"{numerals.seconds(milliseconds(each.end - each.start))} s",
            )
            for each in sorted(self._stretches, key=lambda one: (one.start, one.end))
        ]  # fmt: skip

    # -- hand-overs ------------------------------------------------------------------------

    def _link(self, each: HandOver) -> Link | None:
        """The line, where both sides have lanes."""
        text = self._named(each)
        return self._join(each.giver, each.taker, each.fact.at, text, open_end=not each.fact.completed)

    def _taken_back(self, each: HandOver) -> Link | None:
        """The line to whoever took a parked call back."""
        if each.fact.kind is not TransferKind.PARK or not each.fact.completed:
            return None
        talks = [talk for talk in self._cast.story.record.talks if talk.started_at > each.fact.at]
        if not talks:
            return None
        person = self._cast.of(talks[0])
        text = self._cast.words.gettext("taken back by %(who)s", who=person.name)
        return self._join(CUSTOMER, person.key, talks[0].started_at, text)

    def _join(
        self, giver: str | None, taker: str | None, at: datetime, text: str, *, open_end: bool = False
    ) -> Link | None:
        """A line between two lanes; the lanes that it crosses keep their words off it."""
        begin, end = self._lane(giver), self._lane(taker)
        if begin is None or end is None or begin is end:
            return None
        upper, lower = sorted((begin.top, end.top))
        for lane in self._lanes:
            if upper < lane.top < lower:
                lane.room.take(self.axis.pixels(at) - 4, self.axis.pixels(at) + 4)
        return Link(
            x=self.axis.x(at), y1=upper + 36, y2=lower + 8, text=text, open=open_end, down=begin.top < end.top
        )

    def _named(self, each: HandOver) -> str:
        words, fact = self._cast.words, each.fact
        kind, to = words.gettext(labels.TRANSFERS[fact.kind]), self._cast.name_of(fact.to, fact.at)
        shown = words.gettext("%(kind)s to %(to)s", kind=kind, to=to) if fact.to else kind
        return shown if fact.completed else words.gettext("%(what)s, not completed", what=shown)

    def _said_of(self, each: HandOver) -> None:
        """Beside the giver's bar: to whom, and that his time ends there."""
        lane = self._lane(each.giver)
        if lane is None or each.fact.kind is TransferKind.PICKUP:
            return
        words, named = self._cast.words, self._named(each)
        after = words.gettext("no time counted after this")
        if not each.fact.completed:
            texts: tuple[str, ...] = (named,)
        elif each.fact.kind is TransferKind.PARK:
            texts = (words.gettext("parked"),)
        else:
            both = words.gettext("%(what)s, no time counted after this", what=named)
            texts = (both, named, after)
        self._layout.say_after(lane, each.fact.at, texts)

    def _keys(self) -> None:
        """The keys that were pressed, where they were; what may be an account or a card is hidden."""
        lane, digits = self._lane(MENU), self._cast.story.record.digits
        for each in digits if lane is not None else ():
            text = each.digit if len(digits) <= 2 else "•"
            at = self.axis.pixels(each.at)
            if lane is not None and lane.key_room.free(at - 8, at + 8):
                lane.key_room.take(at - 8, at + 8)
                lane.keys.append(Note(x=self.axis.x(each.at), dx=0, text=text, css="ink b", anchor="middle"))

    # -- gaps ------------------------------------------------------------------------------

    def _gaps(self) -> list[Hatch]:
        found, room = [], Room()
        for gap in self._cast.story.gaps:
            end = gap.end or self._cast.story.as_of
            if gap.start <= self.axis.end and end >= self.axis.start:
                found.append(self._hatch(gap.start, end, room))
        return found

    def _hatch(self, start: datetime, end: datetime, room: Room) -> Hatch:
        words, repair = self._cast.words, self._cast.story.repair
        title = words.gettext("not heard for %(s)s s", s=numerals.seconds(numerals.elapsed_ms(start, end)))
        if repair is not None and repair.sources:
            title = words.gettext("%(gap)s, repaired from %(logs)s", gap=title, logs=logs_text(repair.sources))
        begin, stop = max(start, self.axis.start), min(end, self.axis.end)
        x, width = self.axis.bar(begin, stop)
        place, anchor, span = self._named_at(begin, stop, text_width(title))
        named = room.free(*span)
        room.take(*span)
        return Hatch(
            x=x, width=width, title=title, name=title if named else "", anchor=anchor, name_x=self.axis.x(place)
        )

    def _named_at(self, begin: datetime, stop: datetime, width: float) -> tuple[datetime, str, tuple[float, float]]:
        """Where a gap's name stands: below its middle where the axis has room for it, else at an edge of the gap."""
        middle = begin + (stop - begin) / 2
        centre, edge = self.axis.pixels(middle), self.axis.pixels(self.axis.end)
        if centre - width / 2 >= 0 and centre + width / 2 <= edge:
            return middle, "middle", (centre - width / 2, centre + width / 2)
        if centre > edge / 2:
            right = self.axis.pixels(stop)
            return stop, "end", (right - width, right)
        left = self.axis.pixels(begin)
        return begin, "start", (left, left + width)


LOGS = {"cel": "CEL", "cdr": "CDR", "queue_log": "queue_log"}


def logs_text(sources: str) -> str:
    """The logs' names as people know them: CEL + queue_log."""
    return " + ".join(LOGS.get(each, each) for each in sources.split("+"))
