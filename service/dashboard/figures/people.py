"""Tables of agents and queues, and the strip of one of them. Pure; every figure comes with the values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from urllib.parse import quote, urlencode

from analytics.metrics.definitions import Value
from analytics.metrics.periods import Period
from analytics.metrics.query import Result
from config.policies import Policy, PolicyVersion
from service.auth.rights import Seen
from service.dashboard import labels, rows
from service.dashboard.board import AgentNow
from service.dashboard.figures.asking import About, values_of
from service.dashboard.figures.cells import FigTile, Opener, than_before, tile
from service.dashboard.figures.rates_bar import PARTS as RATE_PARTS
from service.dashboard.figures.spells import Spell
from service.dashboard.figures.tables import Entry, Named
from service.dashboard.figures.targets import notes_of
from service.dashboard.rows import Mark
from service.dashboard.tiles import Level
from service.dashboard.words import Words

NameOf = Callable[[str, datetime], str | None]

AGENT_COLUMNS = (
    "talk_minutes", "calls_handled", "average_handle_time", "three_ring_rate", "ring_losses", "transfers",
    "occupancy", "login_minutes", "pause_minutes",
)  # fmt: skip
AGENT_TILES = (
    "talk_minutes", "three_ring_rate", "average_handle_time", "occupancy", "own_handled_rate", "transfer_rate",
)  # fmt: skip
DAY_COLUMNS = (
    "talk_minutes",
    "calls_handled",
    "three_ring_rate",
    "ring_losses",
    "average_handle_time",
    "occupancy",
)
QUEUE_COLUMNS = (
    "visits", "visits_answered", "service_level", "average_wait", "longest_wait", "visits_abandoned",
    "abandonment_rate", "visits_overflowed",
)  # fmt: skip
QUEUE_TILES = ("visits", "service_level", "average_wait", "longest_wait", "visits_abandoned", "visits_overflowed")
SOUND_TILES = (
    "recording_coverage", "speech_rate", "first_words_rate", "agent_talk_share", "mutual_silence_share",
    "overlaps_per_talk",
)  # fmt: skip
SOUNDS = (
    *SOUND_TILES, "response_delay", "speech_rate_error", "talks_measured", "talks_not_measurable", *RATE_PARTS,
)  # fmt: skip
"""What is asked for the strip of recordings."""

RING_COLUMNS = (
    "ring_offered", "ring_within", "three_ring_rate", "ring_late", "ring_no_answer", "ring_declined",
    "ring_caller_gave_up_late", "ring_answered_elsewhere", "ring_caller_gave_up_early",
)  # fmt: skip


def named_agent(words: Words, agent: str, name: str | None, spell: Spell) -> Named:
    """An agent with the link to his page of the same days."""
    shown = words.person(agent, name)
    return Named(
        text=shown,
        link=f"/agents/{quote(agent, safe='')}?" + urlencode({"period": spell.key}),
        initial=rows.initial_of(shown),
        number=agent if name else "",
    )


def agents_in(policy: Policy, period: Period, seen: Seen, group: str) -> set[str]:
    """Whom the policy names for these days, of whom the visitor sees, in a group where one is asked for."""
    return {
        each.agent
        for each in policy.agents
        if (each.start is None or each.start < period.end)
        and (each.end is None or period.start < each.end)
        and seen.agent(each.agent)
        and group in ("", each.group or "")
    }


def agent_entries(
    words: Words,
    found: Result,
    agents: Iterable[str],
    policy: Policy,
    spell: Spell,
    name_of: NameOf,
    marks: Mapping[str, Mark],
) -> list[Entry]:
    """A row for each agent, by number: people look for their place."""
    at = found.query.period.start
    everybody = sorted({*agents, *(row.key[0] for row in found.rows if row.key[0])})
    return [
        Entry(
            name=named_agent(words, agent, name_of(agent, at), spell),
            values=values_of(found, agent),
            filters={"agent": agent},
            texts=place_of(words, policy, agent, found.query.period),
            mark=marks.get(agent),
            order=agent,
        )
        for agent in everybody
    ]


def place_of(words: Words, policy: Policy, agent: str, period: Period) -> tuple[str, str]:
    """His group and the name of his tier, at the end of these days."""
    last = period.end - period.end.resolution
    row = policy.agent_at(agent, last) or policy.agent_at(agent, period.start)
    tier = policy.tier_at(agent, last) or policy.tier_at(agent, period.start)
    tier_name = "" if tier is None else (tier.name_zh if words.chinese else tier.name_en)
    return (row.group or "" if row else ""), tier_name


def states_of(words: Words, agents: Iterable[AgentNow]) -> dict[str, Mark]:
    """What each agent does at this moment."""
    return {each.agent: rows.mark(words, labels.ACTIVITIES[each.activity]) for each in agents}


def queue_entries(found: Result, spell: Spell, rules: PolicyVersion) -> list[Entry]:
    """A row for each queue."""
    return [
        Entry(
            name=Named(
                text=rules.queue_name(queue),
                link=f"/queues/{quote(queue, safe='')}?" + urlencode({"period": spell.key}),
            ),
            values=values_of(found, queue),
            filters={"queue": queue},
            order=queue,
        )
        for queue in sorted(row.key[0] for row in found.rows if row.key[0])
    ]


def whole_entries(
    words: Words, whole: Result, before: Result, opener: Opener, earlier: Opener, width: int = 0
) -> list[tuple[Opener, Entry]]:
    """The rows below the line: all together, and the days before."""
    blank = ("",) * width
    return [
        (opener, Entry(name=Named(text=words.gettext("Together")), values=values_of(whole), texts=blank)),
        (
            earlier,
            Entry(name=Named(text=words.gettext("The period before")), values=values_of(before), texts=blank),
        ),
    ]


def strip(
    words: Words,
    metrics: Iterable[str],
    values: Mapping[str, Value],
    before: Mapping[str, Value],
    opener: Opener,
    notes: Mapping[str, tuple[str, Level]],
) -> list[FigTile]:
    """Tiles of figures; the note says how it stands to its goal, else how it was before."""
    tiles = []
    for metric in metrics:
        note, level = notes.get(metric, ("", Level.NONE))
        shown = note or than_before(words, metric, values[metric], before[metric])
        tiles.append(tile(words, opener.fig(words, metric, values), shown, level=level))
    return tiles


def sound_strip(
    words: Words, values: Mapping[str, Value], before: Mapping[str, Value], about: About, opener: Opener
) -> list[FigTile]:
    """The strip of recordings, by the rules at the end of these days; nothing where there are none and were none."""
    if not any(each[name] for each in (values, before) for name in ("recording_coverage", "talks_measured")):
        return []
    rules = about.rules.recordings
    notes = notes_of(words, values, rules.targets, rules.coverage)
    if not values["talks_measured"]:
        said = words.gettext("not listened to yet")
    elif values["talks_measured"] == values["talks_not_measurable"]:
        said = words.gettext("not measurable: one channel")
    else:
        said = ""
    for metric in SOUND_TILES:
        if values[metric] is None and said and metric not in notes:
            notes[metric] = (said, Level.NONE)
    return strip(words, SOUND_TILES, values, before, opener, notes)


def service_note(words: Words, value: Value, target: int) -> tuple[str, Level]:
    """How a service level stands to what the policy wants of it."""
    if value is None:
        return words.gettext("target %(n)s%%", n=target), Level.NONE
    reached = value * 100 >= target
    return words.gettext("target %(n)s%%", n=target), Level.GOOD if reached else Level.WARN
