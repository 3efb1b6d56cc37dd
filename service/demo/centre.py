"""The demo's centre: its policy, and the invented people, queues and lines of the numbers that are played."""

from __future__ import annotations

from dataclasses import replace

from config.people import AgentPeriod, Line, QueueRule, Tier
from config.policies import Policy
from config.policy_loader import load_policy

DEMO_PBXS = (("main", "plain.jsonl.xz", 4, 0), ("branch", "freepbx.jsonl.xz", 3, 4))
"""Name, captured stream, copies played at once, and the number of the first copy (its agents are 1n01 …)."""

SCALE = 12
"""Played agents talk a part of the day: their quotas are so much smaller than the consulting centre's."""

NAMES = ("王娜", "李强", "张敏", "刘洋", "陈静", "杨磊", "赵婷", "黄勇", "周丽", "吴军", "徐燕", "孙鹏")
GROUPS = ("enquiry", "service", "members")
QUEUES = (
    ("support", "咨询热线"), ("sales", "会员服务"), ("priority", "贵宾专线"), ("dynamic", "投诉受理"),
    ("600", "分部咨询"), ("601", "分部会员"), ("602", "分部售后"), ("603", "上门预约"), ("604", "经销商支持"),
)  # fmt: skip
LINES = (
    ("442079460001", "咨询热线", "510"), ("442079460002", "会员热线", "520"), ("442079460003", "投诉热线", "521"),
    ("442079460100", "总机", "510"), ("442079460101", "会员服务", "520"), ("442079460102", "贵宾专线", "621"),
)  # fmt: skip


def demo_policy() -> Policy:
    """The shipped consulting policy with quotas as small as what is played, and invented agents and queues.

    What is listened for in recordings and how talks are sampled is the hotline's: consulting's rulebook is silent.
    """
    policy, listens = load_policy("consulting"), load_policy("hotline").versions[-1]
    tiers = [tier.id for tier in policy.versions[-1].tiers]
    copies_in_all = sum(count for _, _, count, _ in DEMO_PBXS)
    numbers = [f"1{copy}0{place}" for copy in range(copies_in_all) for place in range(1, 7)]
    agents = tuple(
        AgentPeriod(
            agent=number, name=_name(place), tier=tiers[place % len(tiers)], group=GROUPS[place // 6 % len(GROUPS)]
        )
        for place, number in enumerate(numbers)
    )
    queues = tuple(QueueRule(queue=queue, name=name) for queue, name in QUEUES)
    lines = tuple(Line(did=did, name=name, code=code) for did, name, code in LINES)
    versions = tuple(
        replace(
            each,
            tiers=tuple(map(_scaled, each.tiers)),
            queues=queues,
            lines=lines,
            quality=listens.quality,
            recordings=listens.recordings,
        )
        for each in policy.versions
    )
    return replace(policy, versions=versions, agents=agents)


def _scaled(tier: Tier) -> Tier:
    return replace(tier, floor_minutes=_part(tier.floor_minutes), target_minutes=_part(tier.target_minutes))


def _part(minutes: int | None) -> int | None:
    return None if minutes is None else max(1, minutes // SCALE)


def _name(place: int) -> str:
    """Each name once, as far as they reach; then the surname with another's given name."""
    around, at = divmod(place, len(NAMES))
    return NAMES[at][0] + NAMES[(at + around * 3) % len(NAMES)][1:]
