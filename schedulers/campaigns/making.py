"""Whether a campaign may be made as it was asked for: said before anybody is dialled. Pure.

What belongs to the installation, the PBX and its trunks, is checked where settings are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from config.followups import FollowUpKind, FulfilledBy, Mode, Promises, TriggerKind
from config.policies import Policy
from schedulers.campaigns.records import Campaign, DialMode
from schedulers.errors import RefusedError
from schedulers.followups.account import Staff

Fault = tuple[str, str, str]
"""Key, found, expected."""

LONGEST_NAME = 80
SHORTEST_RING, LONGEST_RING = timedelta(seconds=5), timedelta(seconds=180)
"""As of a trunk in the settings."""


def checked(campaign: Campaign, policy: Policy, now: datetime, staff: Staff | None = None) -> Campaign:
    """The campaign, which may be made or changed to this now. Without `staff` agents are not looked up.

    Raises RefusedError with the first thing that is wrong.
    """
    fault = next(faults(campaign, policy, now, staff), None)
    if fault is not None:
        key, found, expected = fault
        raise RefusedError(f"campaign {campaign.name or campaign.id}: {key}", found, expected)
    return campaign


def faults(campaign: Campaign, policy: Policy, now: datetime, staff: Staff | None = None) -> Iterator[Fault]:
    """Everything that is wrong with a campaign, by the version of the policy that is in force."""
    promises = policy.resolve(now).promises
    yield from _itself(campaign)
    yield from _times(campaign, now)
    for each in campaign.kinds:
        kind = promises.kind(each)
        if kind is None:
            yield "kinds", repr(each), _one_of(known.id for known in promises.kinds)
        else:
            yield from _of_kind(kind, campaign, promises)
    yield from _who_calls(campaign, promises, now, staff)


def _itself(campaign: Campaign) -> Iterator[Fault]:
    if not 0 < len(campaign.name.strip()) <= LONGEST_NAME:
        yield "name", f"{len(campaign.name.strip())} characters", f"1 to {LONGEST_NAME}"
    if campaign.mode is DialMode.CLICK:
        yield "mode", campaign.mode.value, f"{DialMode.PREVIEW.value} or {DialMode.PROGRESSIVE.value}"
    if not campaign.kinds:
        yield "kinds", "none", "one at least"
    twice = next((each for each in campaign.kinds if campaign.kinds.count(each) > 1), None)
    if twice is not None:
        yield "kinds", f"{twice!r} twice", "each once"
    if campaign.ring is not None and not SHORTEST_RING <= campaign.ring <= LONGEST_RING:
        expected = f"{SHORTEST_RING.seconds} to {LONGEST_RING.seconds} s"
        yield "ring", f"{campaign.ring.total_seconds():g} s", expected


def _times(campaign: Campaign, now: datetime) -> Iterator[Fault]:
    deadline = campaign.deadline_at
    if deadline is None:
        return
    if deadline <= now:
        yield "deadline", deadline.isoformat(), f"after {now.isoformat()}"
    if campaign.starts_at is not None and deadline <= campaign.starts_at:
        yield "deadline", deadline.isoformat(), f"after the start, {campaign.starts_at.isoformat()}"


def _of_kind(kind: FollowUpKind, campaign: Campaign, promises: Promises) -> Iterator[Fault]:
    if kind.fulfilled_by is not FulfilledBy.TALK:
        yield "kinds", f"{kind.id!r}, fulfilled by a {kind.fulfilled_by.value}", "a kind that a talk fulfils"
    if campaign.mode is DialMode.PROGRESSIVE and kind.mode is Mode.PREVIEW:
        wanted = 'a kind with mode = "direct", or a preview campaign'
        yield "mode", f"progressive for {kind.id!r}, whose record is reviewed before the call", wanted
    if campaign.listed:
        yield from _of_listed(kind, campaign, promises)


def _of_listed(kind: FollowUpKind, campaign: Campaign, promises: Promises) -> Iterator[Fault]:
    """What a list makes arises of its trigger, and so of every kind that has it."""
    if kind.trigger.kind is not TriggerKind.CAMPAIGN:
        yield "kinds", f"{kind.id!r}, which arises of {kind.trigger}", "a kind with the trigger campaign for a list"
        return
    alike = (each.id for each in promises.kinds if each.trigger == kind.trigger and each.id not in campaign.kinds)
    other = next(alike, None)
    if other is not None:
        yield (
            "kinds",
            f"{kind.id!r} without {other!r}, which has the same trigger",
            "both, or triggers of their own",
        )


def _who_calls(campaign: Campaign, promises: Promises, now: datetime, staff: Staff | None) -> Iterator[Fault]:
    for group in campaign.groups:
        if promises.group(group) is None and not (staff is not None and staff.members(group, now)):
            yield "groups", repr(group), _one_of(each.group for each in promises.groups)
    if staff is not None:
        for agent in campaign.agents:
            if not staff.works_here(agent, now):
                yield "agents", repr(agent), "an agent who works here"


def _one_of(names: Iterator[str]) -> str:
    told = ", ".join(names)
    return f"one of {told}" if told else "a name that the policy has: it has none"
