"""Campaigns, candidates, agents and trunks in a few words, over the small centre of tests.schedulers.followups."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from schedulers.campaigns.eligible import Key
from schedulers.campaigns.pacing import assign, why_full
from schedulers.campaigns.records import Assignment, Campaign, Candidate, DialMode, FreeAgent, Trunk, Why
from schedulers.staff import PeopleStaff
from tests.schedulers.followups.worlds import ZONE, at, people

NOW = at("2026-11-02 10:00")
STAFF = PeopleStaff(people(), ZONE)
"""1001 to 1003 of the group `service` with its leader 1000; 1003 speaks Sichuanese; 9000, 9001 of the management."""

KINDS = """
[[version.followup]]
kind = "offer"
name_zh = "推介"
name_en = "Offer"
trigger = "campaign"
due = "10 working days"
mode = "direct"
basis = "consent"
edges = true
group = "service"
owner = "group"
anyone = true
[[version.followup]]
kind = "care"
name_zh = "关怀"
name_en = "Care"
trigger = "event:report"
due = "2 working days"
group = "service"
[[version.followup]]
kind = "visit"
name_zh = "走访"
name_en = "Visit"
trigger = "event:visit"
due = "2 working days"
group = "service"
fulfilled_by = "contact"
in_person = true
"""


def campaign(number: int = 1, **other: object) -> Campaign:
    """A progressive campaign on the PBX `p` by the trunk `t`."""
    plain: dict[str, object] = {
        "id": number, "name": f"活动{number}", "mode": DialMode.PROGRESSIVE, "kinds": ("offer",),
        "pbx": "p", "trunk": "t", "made_by": "1000", "made_at": NOW,
    }  # fmt: skip
    return Campaign(**plain | other)  # type: ignore[arg-type]


def candidate(customer: str, of: int = 1, **other: object) -> Candidate:
    """A customer of 1001's whom anyone of the group `service` may call; `of` is his campaign."""
    plain: dict[str, object] = {
        "campaign": of, "customer": customer, "number": f"+86{customer}", "follow_ups": (f"f-{customer}",),
        "owner": "1001", "group": "service", "anyone": True, "due_at": NOW + timedelta(days=1),
    }  # fmt: skip
    return Candidate(**plain | other)  # type: ignore[arg-type]


def agent(number: str = "1001", **other: object) -> FreeAgent:
    """A free agent of the group `service`, on plan."""
    plain: dict[str, object] = {
        "agent": number, "device": f"PJSIP/{number}", "pbx": "p", "since": NOW, "group": "service"
    }  # fmt: skip
    return FreeAgent(**plain | other)  # type: ignore[arg-type]


def trunk(**other: object) -> Trunk:
    """The trunk `t` of the PBX `p`, with room."""
    plain: dict[str, object] = {"pbx": "p", "name": "t", "channels": 30, "per_second": 20.0}
    return Trunk(**plain | other)  # type: ignore[arg-type]


def assigned(
    candidates: list[Candidate],
    agents: list[FreeAgent],
    campaigns: list[Campaign] | None = None,
    trunks: list[Trunk] | None = None,
    last_served: dict[int, datetime] | None = None,
) -> tuple[list[Assignment], dict[Key, Why]]:
    """The assignment at NOW, of one campaign and the trunk with room where none are said."""
    return assign(campaigns or [campaign()], candidates, agents, trunks or [trunk()], STAFF, NOW, last_served)


def pairs(made: list[Assignment]) -> list[tuple[str, str]]:
    """Who is dialled for whom, in their order."""
    return [(each.candidate.customer, each.agent.agent) for each in made]


def room(told: Trunk) -> int:
    """How many more calls a trunk takes now, one after the other."""
    count = 0
    while why_full(told) is None:
        told = replace(told, live=told.live + 1, last_second=told.last_second + 1)
        count += 1
    return count
