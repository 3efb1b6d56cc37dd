"""Which talks are listened to: a draw that anybody can do again. Pure.

Before a week is over its random is committed to (the SHA-256 of it is shown). The seed is the SHA-256 of that random
and the week, and puts all talks into one order, each by the SHA-256 of the seed and its id. Each agent's talks are
taken in that order, those first whose stratum was heard least in the month, so that no stratum is heard twice while
another was not heard. The order of the candidates, the machine and the day of asking make no difference.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime, tzinfo
from fractions import Fraction

from config.quality import Quality, Stratum

NONE = "-"
_BANDS = ((12, "morning"), (18, "afternoon"), (24, "evening"))
_LENGTHS = ((60_000, "short"), (180_000, "middling"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A talk that may be drawn. `fresh`: it is of the drawn week, not left over from an earlier one of its month."""

    talk_id: str
    call_id: str
    file_id: int
    agent: str
    month: str  # 2026-11, in which it began by the centre's clocks
    started_us: int
    length_ms: int  # without holds
    stratum: str
    fresh: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """How many talks of an agent and a month a draw is to give, and how often each stratum was heard before."""

    agent: str
    month: str
    count: int
    heard: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """An agent who had fewer talks than the draw asked for: all of them were taken."""

    agent: str
    month: str
    asked: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a draw gives. `picks` by month, agent, and the order in which they were taken."""

    picks: tuple[Candidate, ...]
    shortfalls: tuple[Shortfall, ...]


def commitment_of(random: str) -> str:
    """What is shown before the draw: it binds to the random without telling it."""
    return hashlib.sha256(random.encode()).hexdigest()


def seed_of(random: str, week: str) -> str:
    """The seed of a week's draw."""
    return hashlib.sha256(f"{random}:{week}".encode()).hexdigest()


def rank(seed: str, talk_id: str) -> str:
    """A talk's place in the seeded order: less comes first."""
    return hashlib.sha256(f"{seed}:{talk_id}".encode()).hexdigest()


def draw(seed: str, asks: Iterable[Ask], candidates: Iterable[Candidate]) -> Drawn:
    """What is listened to."""
    pools: dict[tuple[str, str], list[Candidate]] = {}
    for each in candidates:
        pools.setdefault((each.month, each.agent), []).append(each)
    picks: list[Candidate] = []
    short: list[Shortfall] = []
    for ask in sorted(asks, key=lambda each: (each.month, each.agent)):
        taken = take(seed, pools.get((ask.month, ask.agent), ()), ask.count, ask.heard)
        picks += taken
        if len(taken) < ask.count:
            short.append(Shortfall(agent=ask.agent, month=ask.month, asked=ask.count, found=len(taken)))
    return Drawn(picks=tuple(picks), shortfalls=tuple(short))


def take(seed: str, pool: Iterable[Candidate], count: int, heard: Mapping[str, int]) -> list[Candidate]:
    """The first talks of one agent: those of the week, of the stratum heard least, by the seeded order."""
    left = sorted(pool, key=lambda each: rank(seed, each.talk_id))
    often, taken = Counter(heard), list[Candidate]()
    while left and len(taken) < count:
        pick = min(left, key=lambda each: (not each.fresh, often[each.stratum]))
        left.remove(pick)
        often[pick.stratum] += 1
        taken.append(pick)
    return taken


def pool_digest(asks: Iterable[Ask], candidates: Iterable[Candidate]) -> str:
    """SHA-256 of all that a draw is made of but its seed, whatever the order."""
    wanted = sorted((each.month, each.agent, each.count, sorted(each.heard.items())) for each in asks)
    told = json.dumps([wanted, sorted(map(astuple, candidates))], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def stratum_of(
    strata: Sequence[Stratum],
    *,
    direction: str,
    length_ms: int,
    at: datetime,
    outcome: str | None,
    zone: tzinfo,
) -> str:
    """The name of a talk's stratum by a policy's strata: inbound/short/morning/enquiry."""
    hour = at.astimezone(zone).hour
    parts = {
        Stratum.DIRECTION: direction,
        Stratum.LENGTH: next((name for limit, name in _LENGTHS if length_ms < limit), "long"),
        Stratum.HOUR: next(name for limit, name in _BANDS if hour < limit),
        Stratum.OUTCOME: outcome or NONE,
    }
    return "/".join(parts[each] for each in strata) or NONE


def asks_of(
    seed: str,
    quality: Quality,
    shares: Mapping[str, tuple[int, int]],
    candidates: Iterable[Candidate],
    heard: Mapping[tuple[str, str], Mapping[str, int]],
) -> tuple[Ask, ...]:
    """What a draw asks of each agent: what is due of his month by now, less what was drawn before and stands.

    `shares`: by month, how many of how many days are over; N × over ÷ days are due, and a part of a talk is a whole one
    with that part's chance, by the seed: so neither all agents are drawn in the same weeks, nor does one know when he
    is. Once a month is over N are due. `heard`: by month and agent, how often each stratum was drawn before and stands.
    """
    wanted = []
    for month, agent in sorted({(each.month, each.agent) for each in candidates}):
        before = heard.get((month, agent), {})
        due = quality.at_least * Fraction(*shares[month]) - sum(before.values())
        count = math.floor(due) + _happens(seed, f"{month}/{agent}", due - math.floor(due))
        if count > 0:
            wanted.append(Ask(agent=agent, month=month, count=count, heard=dict(before)))
    return tuple(wanted)


def _happens(seed: str, name: str, chance: Fraction) -> bool:
    """Whether something of this chance happens, by the seed."""
    return int(rank(seed, name), 16) * chance.denominator < chance.numerator << 256
