"""A year of a centre of 500 agents, generated as rows of the fact tables: the same for the same seed.

Shapes that matter to figures: a working day's curve, quiet Sundays, a dozen queues with lines and teams of their own,
callers who give up, phones that ring out before a colleague answers, talks of a few seconds to half an hour with hold
and transfers, wrap-up after each, agents who log in, pause for meals and leave. Written straight to the tables: how
facts get there is the ingest benchmark's matter.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from config.people import AgentPeriod, Line, QueueRule, Tier
from config.policies import Policy, PolicyVersion

ZONE = ZoneInfo("Asia/Shanghai")
AGENTS = tuple(str(1000 + number) for number in range(500))
QUEUES = tuple(f"queue-{number:02}" for number in range(12))
DIDS = tuple(f"40088000{number:02}" for number in range(16))
CODES = ("510", "520", "521", "621", "721", "821", "921")
HOURLY = (1, 1, 1, 1, 1, 2, 4, 12, 40, 90, 100, 85, 50, 60, 85, 90, 80, 60, 35, 25, 18, 10, 5, 2)
WEEKLY = (1.15, 1.1, 1.05, 1.0, 1.05, 0.6, 0.35)
US = 1_000_000

Rows = dict[str, list[tuple[object, ...]]]
"""Rows by table, in the order of COLUMNS."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "calls": (
        "id", "revision", "at_us", "pbx", "linkedid", "known", "direction", "caller", "caller_name", "called", "did",
        "customer", "customer_withheld", "trunk", "started_us", "picked_up_us", "answered_us", "customer_left_us",
        "ended_us", "disposition", "ended_by", "cause", "attempt_id",
    ),
    "queue_visits": (
        "id", "revision", "at_us", "call_id", "queue", "position", "joined_us", "left_us", "ended",
    ),
    "offerings": (
        "id", "revision", "at_us", "call_id", "interface", "device", "member_name", "agent", "source", "queue",
        "consult", "offered_us", "ring_us", "ring_from", "ended_us", "outcome",
    ),
    "talks": (
        "id", "revision", "at_us", "call_id", "interface", "device", "member_name", "agent", "queue", "kind",
        "started_us", "ended_us", "others", "hold_known",
    ),
    "holds": ("talk_id", "start_us", "end_us", "revision"),
    "transfers": ("id", "revision", "at_us", "call_id", "kind", "by_device", "to_party", "completed"),
    "recordings": ("id", "revision", "at_us", "call_id", "file", "channel"),
    "claims": (
        "id", "revision", "at_us", "call_id", "interface", "agent", "source", "talk_seconds", "reason",
    ),
    "agent_states": (
        "id", "revision", "at_us", "call_id", "pbx", "interface", "member_name", "agent", "state", "reason", "queue",
        "started_us", "ended_us",
    ),
}  # fmt: skip


def policy() -> Policy:
    """Lines, queues, tiers and groups of the centre."""
    lines = tuple(
        Line(did=did, name=f"line-{place}", branch=f"branch-{place % 5}", code=CODES[place % len(CODES)])
        for place, did in enumerate(DIDS)
    )
    tiers = tuple(
        Tier(id=name, name_zh=name, name_en=name, floor_minutes=floor, target_minutes=floor * 2)
        for name, floor in (("level_3", 5000), ("level_2", 600), ("level_1", 2000))
    )
    agents = tuple(
        AgentPeriod(agent=agent, group=f"group-{place % 25}", tier=tiers[place % 3].id)
        for place, agent in enumerate(AGENTS)
    )
    queues = tuple(QueueRule(queue=queue, name=queue) for queue in QUEUES)
    version = PolicyVersion(lines=lines, tiers=tiers, queues=queues, service_codes=CODES)
    return Policy(name="benchmark", zone=ZONE, country="CN", versions=(version,), agents=agents)


def days(year: int, calls: int, seed: int) -> Iterator[tuple[date, Rows]]:
    """Each day of the year with its rows; the year has about so many calls."""
    rng = random.Random(seed)
    all_days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    all_days = [day for day in all_days if day.year == year]
    weights = [WEEKLY[day.weekday()] for day in all_days]
    unit = calls / sum(weights)
    for day, weight in zip(all_days, weights, strict=True):
        yield day, _Day(rng, day, round(unit * weight)).rows()


class _Day:
    def __init__(self, rng: random.Random, day: date, calls: int) -> None:
        self._rng = rng
        self._calls = calls
        self._start = int(datetime.combine(day, time(0), ZONE).astimezone(UTC).timestamp()) * US
        self._rows: Rows = {name: [] for name in COLUMNS}
        self._hours = list(accumulate(HOURLY))
        self._number = 0

    def rows(self) -> Rows:
        rng = self._rng
        starts = sorted(
            self._start + hour * 3600 * US + rng.randrange(3600 * US)
            for hour in rng.choices(range(24), cum_weights=self._hours, k=self._calls)
        )
        for start in starts:
            self._call(start)
        for place, agent in enumerate(AGENTS):
            if rng.random() < 0.8:
                self._shift(agent, place)
        return self._rows

    def _call(self, start: int) -> None:
        rng = self._rng
        self._number += 1
        linkedid = f"{start // US}.{self._number}"
        call_id = f"main/{linkedid}"
        customer = f"138{rng.randrange(2_000_000):08}"
        direction = rng.choices(("inbound", "outbound", "internal"), (75, 20, 5))[0]
        if direction == "inbound":
            place = rng.randrange(len(DIDS))
            queue = QUEUES[place * 7 % len(QUEUES)]
            if rng.random() < 0.1:
                place, queue = 0, None  # straight to an agent, by the switchboard's number
            self._inbound(call_id, linkedid, start, customer, DIDS[place], queue)
        else:
            self._placed(call_id, linkedid, start, customer, direction)

    def _inbound(self, call_id: str, linkedid: str, start: int, customer: str, did: str, queue: str | None) -> None:
        rng, rows = self._rng, self._rows
        joined = start + rng.randrange(3, 25) * US + rng.randrange(US)
        wait = int(rng.expovariate(1 / 14) * US)
        if rng.random() < 0.08:
            left = joined + int(rng.expovariate(1 / 35) * US)
            if queue:
                rows["queue_visits"].append((f"{call_id}/q", 2, left, call_id, queue, 1, joined, left, "abandoned"))
            if rng.random() < 0.6:
                self._offer(call_id, queue, self._agent(queue), joined, left, "caller_gave_up")
            self._add(call_id, linkedid, "inbound", customer, did, start, joined, None, left, "abandoned")
            return
        at = joined + wait
        while rng.random() < 0.15:
            rang = at + int(min(rng.gauss(18, 3), 25) * US)
            self._offer(call_id, queue, self._agent(queue), at, rang, "no_answer")
            at = rang
        answered = at + int(min(rng.lognormvariate(1.7, 0.6), 30) * US)
        agent = self._agent(queue)
        self._offer(call_id, queue, agent, at, answered, "answered")
        end = answered + int(rng.lognormvariate(4.9, 0.8) * US)
        if queue:
            rows["queue_visits"].append(
                (f"{call_id}/q", 2, answered, call_id, queue, 1, joined, answered, "answered")
            )
        self._talk(call_id, queue, agent, answered, end, customer)
        self._add(call_id, linkedid, "inbound", customer, did, start, joined, answered, end, "answered")

    def _placed(self, call_id: str, linkedid: str, start: int, customer: str, direction: str) -> None:
        rng = self._rng
        agent = self._agent(None)
        if rng.random() < 0.35:
            self._add(call_id, linkedid, direction, customer, None, start, None, None, start + 25 * US, "no_answer")
            return
        answered = start + int(rng.uniform(4, 25) * US)
        end = answered + int(rng.lognormvariate(4.5, 0.9) * US)
        kind = "customer" if direction == "outbound" else "internal"
        self._talk(call_id, None, agent, answered, end, customer, kind)
        self._add(call_id, linkedid, direction, customer, None, start, answered, answered, end, "answered")

    def _agent(self, queue: str | None) -> str:
        """Each queue has a team of 84 agents; each agent serves two queues."""
        place = self._rng.randrange(len(AGENTS)) if queue is None else self._of_queue(queue)
        return AGENTS[place]

    def _of_queue(self, queue: str) -> int:
        return (QUEUES.index(queue) * 42 + self._rng.randrange(84)) % len(AGENTS)

    def _add(
        self,
        call_id: str,
        linkedid: str,
        direction: str,
        customer: str,
        did: str | None,
        start: int,
        picked_up: int | None,
        answered: int | None,
        end: int,
        disposition: str,
    ) -> None:
        outside = None if direction == "internal" else customer
        self._rows["calls"].append(
            (
                call_id,
                4,
                end,
                "main",
                linkedid,
                "observed",
                direction,
                customer,
                None,
                did or customer,
                did,
                outside,
                False,
                "trunk-a",
                start,
                picked_up,
                answered,
                None,
                end,
                disposition,
                "customer",
                16,
                None,
            )
        )

    def _offer(self, call_id: str, queue: str | None, agent: str, at: int, end: int, outcome: str) -> None:
        rows = self._rows["offerings"]
        rows.append(
            (
                f"{call_id}/o{len(rows)}",
                2,
                end,
                call_id,
                f"Local/{agent}@agents/n",
                f"PJSIP/{agent}",
                None,
                agent,
                "queue" if queue else "direct",
                queue,
                False,
                at,
                at + 300_000,
                "ringing",
                end,
                outcome,
            )
        )

    def _talk(
        self,
        call_id: str,
        queue: str | None,
        agent: str,
        start: int,
        end: int,
        customer: str,
        kind: str = "customer",
    ) -> None:
        rng, rows = self._rng, self._rows
        stretches = [(agent, start, end)]
        if kind == "customer" and rng.random() < 0.05:
            middle = (start + end) // 2
            other = self._agent(queue)
            stretches = [(agent, start, middle), (other, middle, end)]
            rows["transfers"].append((f"{call_id}/t", 1, middle, call_id, "blind", f"PJSIP/{agent}", other, True))
        for place, (who, begin, until) in enumerate(stretches):
            interface, device, talk_id = f"Local/{who}@agents/n", f"PJSIP/{who}", f"{call_id}/talk/{place}"
            rows["talks"].append(
                (
                    talk_id,
                    2,
                    until,
                    call_id,
                    interface,
                    device,
                    None,
                    who,
                    queue,
                    kind,
                    begin,
                    until,
                    f'["{customer}"]',
                    True,
                )
            )
            if kind != "customer":
                continue
            if rng.random() < 0.1:
                rows["holds"].append((talk_id, begin + (until - begin) // 4, begin + (until - begin) // 2, 2))
            state = f"main/{device}/wrap_up//{until}"
            rows["agent_states"].append(
                (
                    state,
                    2,
                    until + 10 * US,
                    call_id,
                    "main",
                    interface,
                    None,
                    who,
                    "wrap_up",
                    None,
                    queue,
                    until,
                    until + 10 * US,
                )
            )
            seconds = (until - begin) // US
            rows["claims"].append(
                (f"{talk_id}/claim", 1, until, call_id, interface, who, "agent_complete", seconds, "caller")
            )
        if kind == "customer" and rng.random() < 0.95:
            rows["recordings"].append((f"{call_id}/r", 1, start, call_id, f"{call_id}.wav", "PJSIP/trunk-a"))

    def _shift(self, agent: str, place: int) -> None:
        """Early or late, in two queues, with two breaks and a meal."""
        rng = self._rng
        begins = self._start + (8 if place % 2 else 12) * 3600 * US + rng.randrange(300 * US)
        ends = begins + 9 * 3600 * US
        interface = f"Local/{agent}@agents/n"
        spans = [("logged_in", None, begins, ends)]
        for hours, minutes, reason in ((2, 10, "break"), (4, 30, "meal"), (6, 10, "break")):
            start = begins + hours * 3600 * US + rng.randrange(1200 * US)
            spans.append(("paused", reason, start, start + minutes * 60 * US))
        for queue in (QUEUES[place // 42 % len(QUEUES)], QUEUES[(place // 42 - 1) % len(QUEUES)]):
            for state, reason, start, end in spans:
                self._rows["agent_states"].append(
                    (
                        f"main/{interface}/{state}/{queue}/{start}",
                        2,
                        end,
                        "",
                        "main",
                        interface,
                        None,
                        agent,
                        state,
                        reason,
                        queue,
                        start,
                        end,
                    )
                )
