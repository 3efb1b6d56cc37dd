"""Which calls at the phones, and which channels and rows of the PBX, are of which attempt. Pure.

Numbers and instants tell the phones' calls: a customer is in no two attempts at once, nor is an agent. The PBX's rows
bear the attempt's own channel id. The two ways know nothing of each other, so that they can be compared.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tests.lab.campaigns.attempts import DIGITS, Told
from tests.lab.campaigns.dialogs import Leg
from tests.lab.campaigns.pbx_rows import CdrRow, Channel

PROVIDER = "provider"
SLACK = 0.1  # seconds that two processes may differ in telling the time of one thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attempt, and all that others know of it."""

    attempt: Told
    customers: tuple[Leg, ...]  # at the customer's phone
    agents: tuple[Leg, ...]  # at the agent's
    channels: tuple[Channel, ...]
    rows: tuple[CdrRow, ...]

    @property
    def customers_channels(self) -> tuple[Channel, ...]:
        return tuple(each for each in self.channels if each.is_customers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """All attempts with what belongs to them; and the calls at customers' phones that belong to none.

    `lost` are those that a restored backup knows no more.
    """

    cases: tuple[Case, ...]
    lost: tuple[Case, ...]
    strays: tuple[Leg, ...]


def match(
    attempts: Sequence[Told],
    legs: Iterable[Leg],
    channels: Iterable[Channel],
    rows: Iterable[CdrRow],
    also: Sequence[Told] = (),
) -> Matched:
    """Give each attempt its own. `also`: those that a restored backup knows no more."""
    by_number = Diary([*attempts, *also], lambda attempt: attempt.number)
    by_agent = Diary([*attempts, *also], lambda attempt: attempt.agent)
    customers, agents = defaultdict[str, list[Leg]](list), defaultdict[str, list[Leg]](list)
    strays: list[Leg] = []
    for leg in sorted(legs, key=lambda each: each.invite):
        is_customers = leg.phone == PROVIDER
        found = (
            by_number.at(leg.number[-DIGITS:], leg.invite) if is_customers else by_agent.at(leg.phone, leg.invite)
        )
        if found is not None:
            (customers if is_customers else agents)[found.channel_id].append(leg)
        elif is_customers:
            strays.append(leg)
    channel_of = _by_id(channels)
    row_of = _by_id(rows)

    def case(attempt: Told) -> Case:
        return Case(
            attempt=attempt,
            customers=tuple(customers[attempt.channel_id]),
            agents=tuple(agents[attempt.channel_id]),
            channels=tuple(channel_of[attempt.channel_id]),
            rows=tuple(row_of[attempt.channel_id]),
        )

    return Matched(
        cases=tuple(case(each) for each in attempts),
        lost=tuple(case(each) for each in also),
        strays=tuple(strays),
    )


class Diary:
    """Who was in which attempt, from when to when: those that were committed."""

    def __init__(self, attempts: Iterable[Told], key: Callable[[Told], str]) -> None:
        self._of: defaultdict[str, list[Told]] = defaultdict(list)
        for attempt in attempts:
            if attempt.committed is not None:
                self._of[key(attempt)].append(attempt)
        for listed in self._of.values():
            listed.sort(key=_committed)

    def at(self, key: str, instant: float) -> Told | None:
        """The last one that was committed before a call began; None where it was over by then."""
        listed = self._of.get(key, [])
        place = bisect_right(listed, instant + SLACK, key=_committed)
        if place == 0 or listed[place - 1].until + SLACK < instant:
            return None
        return listed[place - 1]


def _committed(attempt: Told) -> float:
    return attempt.committed or 0.0


class Identified(Protocol):
    """What bears ids of the PBX."""

    @property
    def uniqueid(self) -> str: ...

    @property
    def linkedid(self) -> str: ...


Row = TypeVar("Row", bound=Identified)


def _by_id(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    """By the id of their own, and that of their call where it is another."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for id_ in {row.uniqueid, row.linkedid}:
            found[id_].append(row)
    return found
