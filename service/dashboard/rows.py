"""Board and lists as rows of text for the templates: who, what, since when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from urllib.parse import quote

from service.dashboard import labels, numerals
from service.dashboard.board import AgentActivity, AgentNow, CallNow, CallStage, CallSummary, Quota, RingingNow
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label
from service.dashboard.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A tag: words, the class that colours it, its icon."""

    text: str
    css: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaBar:
    """The month's minutes in percent of the bar's scale, and in words."""

    done: str
    more: str  # from there to the month's end, if it goes on like this; '' where that is not known
    behind: bool  # it ends below the floor
    floor: str
    band: str
    target: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """An agent's row of the board."""

    agent: str
    name: str
    initial: str
    number: str  # '' where it is the name already
    state: Mark
    over: bool  # of a pause: longer than it may be
    since: datetime | None
    held: str  # how long in that state
    with_whom: str
    link: str
    minutes: str
    calls: str
    rings: str
    rings_title: str
    quota: QuotaBar | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RingRow:
    """A phone that rings, or a caller that waits with none ringing (`ring` None)."""

    call_id: str
    link: str
    party: str
    queue: str
    who: str
    ring: RingingNow | None
    number: int  # of the ring that sounds; 0 while none does
    seconds: str
    late: bool
    since: datetime
    wait: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRow:
    """A call in progress with an agent, or in the menu."""

    call_id: str
    link: str
    party: str
    queue: str
    who: str
    stage: Mark
    direction: Mark
    since: datetime
    length: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """A call of a list."""

    call_id: str
    link: str
    at: str
    direction: Mark
    party: str
    queue: str
    who: str
    wait: str
    ring: str
    late: bool
    talk: str
    disposition: Mark
    known: str


_TEN_MINUTES = 600_000


def mark(words: Words, label: Label) -> Mark:
    """The label in the reader's language."""
    return Mark(text=words.gettext(label.message), css=label.css, icon=label.icon)


def call_link(call_id: str) -> str:
    """The page of a call; the id already begins with its PBX."""
    return f"/calls/{quote(call_id)}"


def party_text(words: Words, party: str | None, *, withheld: bool) -> str:
    """The outside number as he may see it; or that it was withheld."""
    return words.gettext("withheld") if withheld else words.number(party)


def initial_of(name: str) -> str:
    """One Chinese character, two Latin initials, or the last two digits."""
    if name.isdigit():
        return name[-2:]
    parts = name.split()
    if len(parts) > 1 and name.isascii():
        return (parts[0][0] + parts[1][0]).upper()
    return name[:1].upper()


def is_over(agent: AgentNow, as_of: datetime) -> bool:
    """Whether a pause is longer than its reason allows; equality is within."""
    return agent.over_at is not None and as_of > agent.over_at


def agent_state(words: Words, agent: AgentNow, as_of: datetime) -> Mark:
    """An agent's state; a pause by its reason, and whether it is over its time."""
    plain = mark(words, labels.ACTIVITIES[agent.activity])
    if agent.activity is not AgentActivity.PAUSED:
        return plain
    known = labels.PAUSE_REASONS.get((agent.reason or "").lower())
    text = words.gettext(known) if known else agent.reason or plain.text
    if is_over(agent, as_of):
        return Mark(text=words.gettext("%(reason)s, over", reason=text), css="warn", icon="triangle-alert")
    return Mark(text=text, css=plain.css, icon=plain.icon)


def percent_of(part: int, whole: int) -> str:
    """A place on a bar, as an SVG percentage."""
    return f"{float(Fraction(min(part, whole) * 100, whole)):.2f}%"


def quota_bar(words: Words, counted_ms: int, floor: int, target: int, projected_ms: int | None = None) -> QuotaBar:
    """The bar of one agent; the scale is a tenth longer than the target."""
    top = target * 66_000
    return QuotaBar(
        done=percent_of(counted_ms, top),
        more="" if projected_ms is None else _more(counted_ms, projected_ms, top),
        behind=projected_ms is not None and projected_ms < floor * 60_000,
        floor=percent_of(floor * 60_000, top),
        band=percent_of((target - floor) * 60_000, top),
        target=percent_of(target * 60_000, top),
        text=words.gettext(
            "%(n)s min so far, floor %(floor)s, target %(target)s",
            n=numerals.minutes(counted_ms), floor=f"{floor:,}", target=f"{target:,}",
        )
        + _projection(words, projected_ms),
    )  # fmt: skip


def _more(counted_ms: int, projected_ms: int, top: int) -> str:
    """How far the hatched part of a bar reaches beyond the solid one."""
    return percent_of(max(min(projected_ms, top) - min(counted_ms, top), 0), top)


def _projection(words: Words, projected_ms: int | None) -> str:
    if projected_ms is None:
        return ""
    about = projected_ms // _TEN_MINUTES * _TEN_MINUTES
    return words.gettext("; about %(n)s by the month's end at this pace", n=numerals.minutes(about))


def agent_key(agent: AgentNow, as_of: datetime) -> tuple[object, ...]:
    """What of an agent his row tells, running times left out: a row is drawn again when this changes."""
    minutes = agent.talk_ms // 30_000, agent.talk_ms % 30_000 == 0
    said = agent.name, agent.activity, agent.since, agent.reason, agent.with_whom, agent.call_id, agent.group
    return *said, minutes, agent.calls, agent.three_rings, quota_key(agent.quota), is_over(agent, as_of)


def quota_key(quota: Quota | None) -> tuple[int, ...]:
    """What of a quota a bar tells: whole minutes, and a projection by tens of them."""
    if quota is None:
        return ()
    projected = -1 if quota.projected_ms is None else quota.projected_ms // _TEN_MINUTES
    return quota.talk_ms // 60_000, quota.floor_minutes, quota.target_minutes, projected


def agent_row(words: Words, agent: AgentNow, as_of: datetime) -> AgentRow:
    """One agent of the board."""
    name = words.person(agent.agent, agent.name)
    away = agent.activity is AgentActivity.LOGGED_OUT or agent.since is None
    rings, quota = agent.three_rings, agent.quota
    return AgentRow(
        agent=agent.agent,
        name=name,
        initial=initial_of(name),
        number=agent.agent if agent.name else "",
        state=agent_state(words, agent, as_of),
        over=is_over(agent, as_of),
        since=None if away else agent.since,
        held=numerals.DASH if away or agent.since is None
        else numerals.clock(numerals.elapsed_ms(agent.since, as_of)),
        with_whom=words.number(agent.with_whom),
        link=call_link(agent.call_id) if agent.call_id else "",
        minutes=numerals.minutes(agent.talk_ms),
        calls=numerals.count(agent.calls),
        rings=numerals.percent(rings.value) + ("" if rings.value is None else "%"),
        rings_title=f"{rings.within:,} / {rings.counted:,}" if rings.counted else "",
        quota=None if quota is None
        else quota_bar(words, quota.talk_ms, quota.floor_minutes, quota.target_minutes, quota.projected_ms),
    )  # fmt: skip


def _names(words: Words, agents: tuple[tuple[str, str | None], ...]) -> str:
    joint = "、" if words.chinese else ", "
    return joint.join(words.person(*agent) for agent in agents) or numerals.DASH


def _ring_row(words: Words, call: CallNow, ring: RingingNow | None, as_of: datetime, place: int) -> RingRow:
    elapsed = 0 if ring is None else numerals.elapsed_ms(ring.ring_at, as_of)
    who = words.gettext("no. %(n)s in line", n=place) if place else numerals.DASH
    return RingRow(
        call_id=call.call_id,
        link=call_link(call.call_id),
        party=party_text(words, call.party, withheld=call.withheld),
        queue=call.queue_name or call.queue or "",
        who=who if ring is None else words.person(ring.agent, ring.name),
        ring=ring,
        number=0 if ring is None else elapsed // ring.cycle_ms + 1,
        seconds=numerals.seconds(elapsed),
        late=ring is not None and elapsed >= ring.limit_ms,
        since=call.since,
        wait=numerals.clock(numerals.elapsed_ms(call.since, as_of)),
    )


def _places(active: tuple[CallNow, ...]) -> dict[str, int]:
    """Each waiting call's place in its queue's line, from 1, by when it joined."""
    lines: dict[str | None, list[CallNow]] = {}
    for call in active:
        if call.joined_at is not None:
            lines.setdefault(call.queue, []).append(call)
    return {
        call.call_id: place
        for line in lines.values()
        for place, call in enumerate(sorted(line, key=lambda each: (each.joined_at, each.call_id)), start=1)
    }


def _ring_order(row: RingRow) -> tuple[datetime, str, str]:
    return (row.ring.ring_at, row.call_id, row.ring.agent) if row.ring else (row.since, row.call_id, "")


def ring_rows(words: Words, active: tuple[CallNow, ...], as_of: datetime) -> list[RingRow]:
    """Phones that ring, the longest first; then who waits with none ringing, the longest first."""
    places = _places(active)
    ringing = [_ring_row(words, call, ring, as_of, 0) for call in active for ring in call.ringing]
    waiting = [
        _ring_row(words, call, None, as_of, places.get(call.call_id, 0))
        for call in active
        if call.stage is CallStage.WAITING and not call.ringing
    ]
    ringing.sort(key=_ring_order)
    waiting.sort(key=_ring_order)
    return ringing + waiting


def talk_rows(words: Words, active: tuple[CallNow, ...], as_of: datetime) -> list[TalkRow]:
    """Calls in progress that neither ring nor wait, the oldest first."""
    shown = [call for call in active if not call.ringing and call.stage is not CallStage.WAITING]
    return [_talk_row(words, call, as_of) for call in sorted(shown, key=lambda c: (c.started_at, c.call_id))]


def _talk_row(words: Words, call: CallNow, as_of: datetime) -> TalkRow:
    return TalkRow(
        call_id=call.call_id,
        link=call_link(call.call_id),
        party=party_text(words, call.party, withheld=call.withheld),
        queue=call.queue_name or call.queue or "",
        who=_names(words, call.agents),
        stage=mark(words, labels.STAGES[call.stage]),
        direction=mark(words, labels.DIRECTIONS[call.direction]),
        since=call.since,
        length=numerals.clock(numerals.elapsed_ms(call.since, as_of)),
    )


_IN_PROGRESS = Label(marked("In progress"), "acc", "phone-call")


def call_row(words: Words, call: CallSummary) -> CallRow:
    """One call of a list."""
    label = labels.DISPOSITIONS[call.disposition] if call.disposition else _IN_PROGRESS
    return CallRow(
        call_id=call.call_id,
        link=call_link(call.call_id),
        at=words.time(call.started_at),
        direction=mark(words, labels.DIRECTIONS[call.direction]),
        party=party_text(words, call.party, withheld=call.withheld),
        queue=call.queue_name or call.queue or "",
        who=_names(words, call.agents),
        wait=numerals.clock(call.wait_ms),
        ring=numerals.DASH if call.ring_ms is None else f"{numerals.seconds(call.ring_ms)} s",
        late=call.within is False,
        talk=numerals.clock(call.talk_ms),
        disposition=mark(words, label),
        known=call.known.value,
    )
