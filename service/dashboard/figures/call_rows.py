"""The list of calls as rows of text, its filters as choices, and how many there are in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.metrics.catalogue import METRICS
from analytics.metrics.definitions import Unit, Value
from analytics.storage.call_lists import EXACT_UP_TO
from service.dashboard import labels, numerals, rows
from service.dashboard.board import CallSummary
from service.dashboard.catalogues import marked
from service.dashboard.figures.call_query import CallQuery
from service.dashboard.figures.cells import text_of
from service.dashboard.figures.source import Listed, Page
from service.dashboard.rows import Mark
from service.dashboard.words import Words
from telephony.calls.facts import Direction, Disposition, Known

_ROUGH = 1000
_WAN = 10_000

NAMES = {
    "direction": marked("Direction"),
    "queue": marked("Queue"),
    "agent": marked("Agent"),
    "wait": marked("Wait"),
    "ring": marked("Rang"),
    "talk": marked("Talk"),
    "disposition": marked("Disposition"),
    "outcome": marked("Business outcome"),
    "known": marked("Known"),
}
"""The heads of the columns that a reader may choose."""

_PRESENT = (
    ("period=today&direction=inbound&disposition=abandoned", marked("Abandoned today")),
    ("period=week&figure=ring_late", marked("Picked up late this week")),
    ("period=month&figure=calls_without_outcome", marked("Without an outcome this month")),
    ("period=month&figure=calls_repaired", marked("Repaired this month")),
    ("period=month&figure=short_calls", marked("Short calls this month")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """A call of the list. `part` is what it adds to the figure; `exact` the same for who adds up."""

    call_id: str
    link: str
    at: str
    known: str
    party: str = numerals.DASH
    direction: Mark | None = None
    queue: str = ""
    agent: str = numerals.DASH
    wait: str = numerals.DASH
    ring: str = numerals.DASH
    late: bool = False
    talk: str = numerals.DASH
    disposition: Mark | None = None
    outcome: str = numerals.DASH
    part: str = ""
    exact: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One filter: its key, its name, what is chosen, and what may be."""

    key: str
    name: str
    chosen: str
    options: tuple[tuple[str, str], ...]


def call_line(words: Words, listed: Listed, wanted: CallQuery, *, whole: bool) -> CallLine:
    """A call of the list; `whole` shows numbers unmasked."""
    found = listed.summary
    part = part_text(words, wanted.figure, listed.part) if wanted.figure else ""
    exact = None if listed.part is None else int(listed.part)
    if found is None:
        return CallLine(call_id=listed.call_id, link="", at=numerals.DASH, known="inferred", part=part, exact=exact)
    plain = rows.call_row(words, found)
    return CallLine(
        call_id=found.call_id,
        link=plain.link,
        at=words.time(found.started_at) if wanted.spell.days == 1 else words.stamp(found.started_at),
        known=plain.known,
        party=party_of(words, found, whole=whole),
        direction=plain.direction,
        queue=plain.queue,
        agent=plain.who,
        wait=plain.wait,
        ring=plain.ring,
        late=plain.late,
        talk=plain.talk,
        disposition=plain.disposition,
        outcome=listed.outcome or numerals.DASH,
        part=part,
        exact=exact,
    )


def party_of(words: Words, call: CallSummary, *, whole: bool) -> str:
    """The outside number: whole for who has the right, else masked."""
    if whole and call.party and not call.withheld:
        return call.party
    return rows.party_text(words, call.party, withheld=call.withheld)


def part_text(words: Words, metric: str, value: Value) -> str:
    """What a call adds to a figure: times to the second, counts plain."""
    if value is not None and METRICS[metric].unit is Unit.MINUTES:
        return words.length(int(value))
    return text_of(metric, value)


def total_text(words: Words, page: Page) -> str:
    """1,204 calls, or about 12,000 (约 1.2 万) where nobody has counted."""
    total = page.total or 0
    if not page.roughly:
        return words.ngettext("%(n)s call", "%(n)s calls", total)
    if total <= EXACT_UP_TO + 1:
        return words.gettext("more than %(n)s calls", n=roughly(words, EXACT_UP_TO))
    return words.gettext("about %(n)s calls", n=roughly(words, total))


def roughly(words: Words, total: int) -> str:
    """83,412 -> 83,000, in Chinese 8.3 万."""
    if words.chinese and total >= _WAN:
        return f"{total / _WAN:.1f}".removesuffix(".0") + " 万"
    return f"{round(total / _ROUGH) * _ROUGH:,}"


def views(words: Words) -> list[tuple[str, str]]:
    """Views that are at hand: address and name."""
    return [(f"/calls?{query}", words.gettext(name)) for query, name in _PRESENT]


def choices(
    words: Words, wanted: CallQuery, agents: list[tuple[str, str]], queues: list[str], groups: list[str]
) -> list[Choice]:
    """The filters of the bar. A figure takes only those that figures are told apart by."""
    scope = wanted.scope
    found = [
        _choice(words, "direction", wanted.direction or "", _marks(words, labels.DIRECTIONS, Direction)),
        _choice(words, "agent", scope.agent, agents),
        _choice(words, "queue", scope.queue, [(each, each) for each in queues]),
        Choice(
            key="group",
            name=words.gettext("Group"),
            chosen=scope.group,
            options=tuple((each, each) for each in groups),
        ),
    ]
    if not wanted.figure:
        dispositions = _marks(words, labels.DISPOSITIONS, Disposition)
        found.insert(1, _choice(words, "disposition", wanted.disposition or "", dispositions))
        found.append(_choice(words, "known", wanted.known or "", _marks(words, labels.KNOWN, Known)))
    return [each for each in found if each.options or each.chosen]


def _choice(words: Words, key: str, chosen: str, options: list[tuple[str, str]]) -> Choice:
    if chosen and chosen not in {value for value, _ in options}:
        options = [*options, (chosen, chosen)]
    return Choice(key=key, name=words.gettext(NAMES[key]), chosen=chosen, options=tuple(options))


def _marks(words: Words, told: object, kind: type[Direction | Disposition | Known]) -> list[tuple[str, str]]:
    return [(each.value, words.gettext(told[each].message)) for each in kind]  # type: ignore[index]
