"""What the pages of records and figures are handed, read from the store: service.dashboard.figures.source."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import Connection, Engine

from analytics.closing.issues import load_frozen, load_issues
from analytics.closing.records import Issue
from analytics.differential import AgentBalance, compare
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Value
from analytics.metrics.periods import Period, clock_of, parse_period
from analytics.metrics.query import Folded, Query, Result, run
from analytics.people.people_store import load_roster
from analytics.people.roster import Roster
from analytics.sources import figures_of, no_gaps
from analytics.storage.call_lists import EXACT_UP_TO, count_calls, load_known, load_page
from analytics.storage.claimed import SOURCES, Balance, load_balances
from analytics.storage.day_lines import Stretch, load_stretches
from analytics.storage.differing import calls_of_agent
from analytics.storage.lost_rings import LostRing, load_lost
from analytics.storage.queries import Gaps
from config.policies import Policy
from schedulers.storage.customers import find, load, whose
from service.auth import audit
from service.auth.audit import Entry
from service.dashboard.board import AgentNow, Board, Gap
from service.dashboard.figures.source import Asked, Behind, Page, Parts
from service.live.call_parts import Parting, known_of, listed
from service.live.hub import LiveHub
from service.live.parts import Teller
from service.live.state import TOLD_FROM
from service.pipeline.road import Road
from telephony.clock import to_microseconds
from telephony.numbers import heard_forms, to_e164

T = TypeVar("T")
KEPT = timedelta(minutes=1)
"""So long what costs much and changes little is not asked for anew."""


def _apart(found: Sequence[tuple[str, Value]], now: datetime) -> tuple[list[str], datetime, list[Value]]:
    return [call_id for call_id, _ in found], now, [value for _, value in found]


class StoredFigures:
    """Reads the store; only `note` writes. `quotas` of agents now are left to their own pages."""

    def __init__(
        self,
        reading: Engine,
        writing: Engine,
        hub: LiveHub,
        teller: Teller,
        board: Callable[[], Board],
        now: Callable[[], datetime],
        *,
        roads: Sequence[Road] = (),
        gaps: Gaps = no_gaps,
    ) -> None:
        self._reading = reading
        self._writing = writing
        self._hub = hub
        self._teller = teller
        self._board = board
        self._now = now
        self._roads = tuple(roads)
        self._gaps = gaps
        self._queues: tuple[datetime, list[str]] | None = None
        self._balances: dict[tuple[int, int, frozenset[str] | None], tuple[datetime, dict[str, Balance]]] = {}

    @property
    def policy(self) -> Policy:
        """The rules in force."""
        return self._hub.policy

    def now(self) -> datetime:
        """By the service's clock."""
        return self._now()

    def name_of(self, agent: str, at: datetime) -> str | None:
        """By the people in force."""
        return self._hub.name_of(agent, at)

    def agents_now(self) -> tuple[AgentNow, ...]:
        """As the board has them."""
        return self._board().agents

    def gaps(self, period: Period) -> tuple[Gap, ...]:
        """Of all PBXs, as the board tells of them."""
        now = self.now()
        return tuple(
            Gap(pbx=gap.pbx, start=gap.start, end=gap.end)
            for road in self._roads
            for gap in road.gaps
            if gap.start < period.end
            and (gap.end or now) >= period.start
            and (gap.end is None or gap.end - gap.start >= TOLD_FROM)
        )

    # -- figures -----------------------------------------------------------------------------

    async def ask(self, queries: Sequence[Query]) -> list[Result]:
        """All in one transaction."""
        policy = self.policy

        def answer(connection: Connection) -> list[Result]:
            source, folded = figures_of(connection, policy, self._gaps), Folded()
            return [run(each, source, policy, folded=folded) for each in queries]

        return await self._read(answer)

    async def behind(self, behind: Behind) -> Parts:
        """Day by day, until the page is full."""
        policy, now = self.policy, self.now()

        def answer(connection: Connection) -> Parts:
            parting = Parting(
                source_of=lambda agents: figures_of(connection, policy, self._gaps, agents),
                policy=policy,
                behind=behind,
            )
            found, following = parting.page(connection)
            return Parts(
                figure=parting.figure,
                calls=listed(connection, self._teller, *_apart(found, now)),
                following=following,
            )

        return await self._read(answer)

    async def lost(
        self, period: Period, agents: frozenset[str] | None, queues: frozenset[str] | None
    ) -> list[LostRing]:
        """By the metrics' own rules."""
        policy, as_of = self.policy, to_microseconds(self.now())
        return await self._read(
            lambda connection: load_lost(
                connection, policy, period.start_us, period.end_us, as_of, agents=agents, queues=queues
            )
        )

    async def queues(self) -> list[str]:
        """Those of the last month."""
        now = self.now()
        if self._queues is None or abs(now - self._queues[0]) > KEPT:
            day = clock_of(self.policy).day_of(to_microseconds(now))
            start, end = (f"{day + timedelta(days=n)}" for n in (-30, 1))
            period = parse_period(f"{start}/{end}", self.policy.zone, self.policy.day_start)
            (told,) = await self.ask([Query(metrics=("visits",), period=period, as_of=now, groups=(Group.QUEUE,))])
            self._queues = now, sorted(row.key[0] for row in told.rows if row.key[0])
        return self._queues[1]

    # -- lists -------------------------------------------------------------------------------

    async def calls(self, asked: Asked) -> Page:
        """A page, and how many calls there are."""
        now = self.now()

        def answer(connection: Connection) -> Page:
            places = load_page(
                connection, asked.choice, limit=asked.limit + 1, after=asked.after, oldest_first=asked.oldest_first
            )
            total = count_calls(connection, asked.choice, exact=asked.exact)
            roughly = not asked.exact and total > EXACT_UP_TO
            shown = [call_id for _, call_id in places[: asked.limit]]
            return Page(
                calls=listed(connection, self._teller, shown, now),
                total=total,
                roughly=roughly,
                following=places[asked.limit - 1] if len(places) > asked.limit else None,
                known=known_of({} if roughly else load_known(connection, asked.choice)),
            )

        return await self._read(answer)

    async def stretches(self, agent: str, period: Period) -> list[Stretch]:
        """From the facts."""
        return await self._read(
            lambda connection: load_stretches(connection, agent, period.start_us, period.end_us)
        )

    # -- beside the figures ------------------------------------------------------------------

    async def roster(self) -> Roster:
        """As the store has it."""
        return await self._read(lambda connection: load_roster(connection, self.policy.zone))

    async def balances(self, period: Period, agents: frozenset[str] | None) -> dict[str, Balance]:
        """Of the queue's own claims where there are any; as of a minute ago at most: they come with each call."""
        key, now = (period.start_us, period.end_us, agents), self.now()
        kept = self._balances.get(key)
        if kept is None or abs(now - kept[0]) > KEPT:
            told = await self._read(
                lambda connection: load_balances(connection, period.start_us, period.end_us, agents)
            )
            self._balances = {each: told for each, told in self._balances.items() if abs(now - told[0]) <= KEPT} | {
                key: (now, told)
            }
            return told
        return kept[1]

    async def compared(self, period: Period, agent: str) -> AgentBalance | None:
        """All calls of the agent, call by call."""

        def answer(connection: Connection) -> AgentBalance | None:
            told = calls_of_agent(connection, agent, period.start_us, period.end_us)
            return next((each for each in compare(told, SOURCES) if each.agent == agent), None)

        return await self._read(answer)

    async def issues(self, period: Period | None) -> tuple[Issue, ...]:
        """In the order in which they were issued."""
        return await self._read(
            lambda connection: load_issues(connection, *((period.start, period.end) if period else ()))
        )

    async def issued_minutes(self, issue: int) -> dict[str, Decimal]:
        """Empty for an issue that is told apart by something else."""
        frozen = await self._read(lambda connection: load_frozen(connection, issue))
        found = frozen.figures.named_rows()
        told = ((row.get("agent"), row.get("talk_minutes")) for row in found)
        return {
            agent: minutes for agent, minutes in told if isinstance(agent, str) and isinstance(minutes, Decimal)
        }

    # -- customers ---------------------------------------------------------------------------

    async def numbers_of(self, customer: str) -> frozenset[str] | None:
        """Of who was merged into another: the other's."""
        country = self.policy.country

        def answer(connection: Connection) -> frozenset[str] | None:
            found = load(connection, [customer]).get(customer)
            if found is None:
                return None
            return frozenset(
                form for each in found.callable_numbers() for form in heard_forms(each.number, country)
            )

        return await self._read(answer)

    async def found(self, number: str) -> tuple[str | None, frozenset[str]]:
        """A number may be written as people do."""
        country = self.policy.country
        told = to_e164(number, country) or number

        def answer(connection: Connection) -> str | None:
            owner = whose(find(connection, [told]).get(told, ()), told)
            return owner.id if owner else None

        return await self._read(answer), frozenset({number, *heard_forms(told, country)})

    async def note(self, entry: Entry) -> None:
        """In a transaction of its own."""

        def write() -> None:
            with self._writing.begin() as connection:
                audit.note(connection, entry)

        await asyncio.to_thread(write)

    async def _read(self, answer: Callable[[Connection], T]) -> T:
        def reading() -> T:
            with self._reading.connect() as connection:
                return answer(connection)

        return await asyncio.to_thread(reading)
