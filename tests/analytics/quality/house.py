"""A hotline with recorded talks, for tests: rows of talks with their files, two groups of agents, three inspectors."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from analytics.quality.assigning import Inspector
from analytics.quality.cards import Hand
from analytics.quality.draws import commit, draw_week
from analytics.quality.scoring import Scores
from analytics.quality.weeks import Week, parse_week
from analytics.storage.models import calls, talks
from analytics.storage.recording_models import recording_files, recording_spans, talk_features
from config.people import AgentPeriod
from config.policies import Policy
from config.policy_loader import load_policy
from telephony.clock import to_microseconds

POLICY: Policy = replace(
    load_policy("hotline"),
    agents=tuple(
        AgentPeriod(agent=agent, name=name, group=group)
        for agent, name, group in (
            ("1001", "王芳", "north"),
            ("1002", "李明", "north"),
            ("1003", "王娜娜", "south"),
            ("1004", "赵磊", "south"),
        )
    ),
)
QUALITY = POLICY.versions[0].quality
assert QUALITY is not None
NORTH = Inspector(login="xu", agent="1002", groups=frozenset({"north"}))
FREE = Inspector(login="wen")
OTHER = Inspector(login="qian")
INSPECTORS = (NORTH, FREE)
WEEK = parse_week("2026-W46")  # Monday, 9 November
MONDAY = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
DRAWN = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)
NAMES = tuple(each.id for each in QUALITY.criteria)


def ruled(**changed: Any) -> Policy:
    """The same centre with another version: `quality` or `numbers` changed."""
    return replace(POLICY, versions=(replace(POLICY.versions[0], **changed),))


def add_talk(
    connection: Connection,
    number: int,
    agent: str = "1001",
    *,
    at: datetime = MONDAY,
    seconds: int = 90,
    condition: str = "ready",
    holds: str = "[]",
    **more: Any,
) -> str:
    """A recorded talk: its call, its file and its span; the talk's id."""
    call_id, talk_id, start_us = f"pbx/{number}", f"pbx/{number}/talk", to_microseconds(at)
    end_us = to_microseconds(at + timedelta(seconds=seconds))
    connection.execute(
        insert(calls).values(
            id=call_id, revision=1, at_us=start_us, pbx="pbx", linkedid=str(number), known="observed",
            direction=more.get("direction", "inbound"), customer=more.get("customer", "13800138000"),
            customer_withheld=False, started_us=start_us, ended_us=end_us, disposition="answered",
        )
    )  # fmt: skip
    connection.execute(
        insert(talks).values(
            id=talk_id, revision=1, at_us=start_us, call_id=call_id, interface=f"PJSIP/{agent}",
            device=f"PJSIP/{agent}", agent=agent, kind=more.get("kind", "customer"), started_us=start_us,
            ended_us=end_us, others="[]",
        )
    )  # fmt: skip
    connection.execute(
        insert(recording_files).values(
            id=number, pbx="pbx", path=f"{number}.wav", size=1, stamp="1", found_us=end_us, changed_us=end_us,
            condition=condition, channels=2, rate=8000, length_ms=seconds * 1000, layout="apart", axis="whole",
            call_id=call_id, started_us=start_us,
        )
    )  # fmt: skip
    connection.execute(
        insert(recording_spans).values(
            file_id=number, talk_id=talk_id, call_id=call_id, agent=agent, start_ms=0, end_ms=seconds * 1000,
            holds=holds, begins_talk=True,
        )
    )  # fmt: skip
    return talk_id


def add_week(
    connection: Connection, *, agents: tuple[str, ...] = ("1001", "1003"), each: int = 4, at: datetime = MONDAY
) -> None:
    """So many talks of each agent, an hour apart."""
    for place, agent in enumerate(agents):
        for number in range(each):
            add_talk(
                connection, 1 + place * each + number, agent, at=at + timedelta(hours=number),
                seconds=40 + 50 * number,
            )  # fmt: skip


def drawn(
    connection: Connection, week: Week = WEEK, *, now: datetime = DRAWN, policy: Policy = POLICY,
    inspectors: tuple[Inspector, ...] = INSPECTORS, random: str = "r",
) -> Any:  # fmt: skip
    """A draw whose random was committed to in its week."""
    commit(connection, week, policy, random, week.period(policy.zone).start)
    return draw_week(connection, week, policy, inspectors, "scheduler", now)


def hand(by: Inspector = FREE, now: datetime = DRAWN + timedelta(hours=3), policy: Policy = POLICY) -> Hand:
    """Who marks."""
    return Hand(by=by, policy=policy, now=now)


def scores(mark: int = 4, **others: Any) -> Scores:
    """All criteria alike."""
    return Scores(**{"marks": dict.fromkeys(NAMES, mark), **others})


def add_features(connection: Connection, talk_id: str, **heard: Any) -> None:
    """What was measured of a talk."""
    connection.execute(
        insert(talk_features).values(
            talk_id=talk_id, file_id=1, call_id="pbx/1", agent="1001", measured_us=1, version=1, length_ms=1,
            stereo=True, speech_ms=1, silence_ms=0, music_ms=0,
            **{"silence_count": 0, "longest_silence_ms": 0, **heard},
        )
    )  # fmt: skip
