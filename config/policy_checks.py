"""What a policy must fulfil as a whole, after each of its keys was read well.

Every instant has exactly one version, every row's names are known, and no interface has two agents at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from config.documents import Document
from config.followup_checks import check_promises
from config.outcome_reading import check_outcomes
from config.people import AgentPeriod, DevicePeriod, Tier, TierCounts, overlap
from config.places import KeyPath
from config.policies import Policy, PolicyVersion
from config.showing import one_of, shown

Row = AgentPeriod | DevicePeriod


def check_whole(policy: Policy, document: Document) -> None:
    """Note every mistake of the policy as a whole."""
    if policy.versions[0].start is not None:
        document.note(("version", 0, "from"), "a first version with from", "none: it holds until the second")
    _check_order("version", [version.start for version in policy.versions], document)
    _check_order("hours", [hours.start for hours in policy.hours], document)
    for index, version in enumerate(policy.versions):
        _check_tiers(version, ("version", index), document)
        _check_lines(version, ("version", index), document)
        _check_queues(version, ("version", index), document)
        check_promises(version, ("version", index), policy, document)
        check_outcomes(version.outcomes, version.promises, ("version", index), document)
    _check_rows([(row.agent, row) for row in policy.agents], "agent", document)
    _check_rows([(row.interface, row) for row in policy.devices], "device", document)
    _check_names(policy, document)


def _check_order(key: str, starts: Sequence[date | None], document: Document) -> None:
    """Rows follow each other in time; only the first may hold from always."""
    for index, (before, start) in enumerate(pairwise(starts), start=1):
        if start is None:
            document.note((key, index, "from"), "nothing", f"from, since this {key} follows another")
        elif before is not None and start <= before:
            document.note((key, index, "from"), f"{start:%Y-%m-%d}", f"a time after {before:%Y-%m-%d}")


def _check_tiers(version: PolicyVersion, path: KeyPath, document: Document) -> None:
    for index, tier in enumerate(version.tiers):
        here = (*path, "tier", index)
        if tier.id in [other.id for other in version.tiers[:index]]:
            document.note((*here, "id"), f"{shown(tier.id)} twice", "each tier once")
        _check_quota(tier, here, document)
        _check_codes(tier.codes, (*here, "codes"), version, document)
        _check_codes(tier.certified or (), (*here, "certified"), version, document)


def _check_quota(tier: Tier, path: KeyPath, document: Document) -> None:
    floor, target = tier.floor_minutes, tier.target_minutes
    if tier.counts is TierCounts.TRANSFERS and (floor is not None or target is not None):
        document.note((*path, "counts"), "transfers with a quota of minutes", "minutes, or no floor and target")
    elif floor is not None and target is not None and target < floor:
        document.note((*path, "target"), str(target), f"at least the floor, {floor}")


def _check_codes(codes: Iterable[str], path: KeyPath, version: PolicyVersion, document: Document) -> None:
    for code in codes:
        if code not in version.service_codes:
            expected = one_of(version.service_codes) if version.service_codes else "it in service_codes"
            document.note(path, shown(code), expected)


def _check_lines(version: PolicyVersion, path: KeyPath, document: Document) -> None:
    for index, line in enumerate(version.lines):
        here = (*path, "line", index)
        if line.did in [other.did for other in version.lines[:index]]:
            document.note((*here, "did"), f"{shown(line.did)} twice", "each dialled number once")
        _check_codes([line.code] if line.code else [], (*here, "code"), version, document)


def _check_queues(version: PolicyVersion, path: KeyPath, document: Document) -> None:
    for index, rule in enumerate(version.queues):
        here = (*path, "queue", index)
        if rule.queue in [other.queue for other in version.queues[:index]]:
            document.note((*here, "queue"), f"{shown(rule.queue)} twice", "each queue once")
        _check_codes([rule.code] if rule.code else [], (*here, "code"), version, document)


def _check_rows(rows: Sequence[tuple[str, Row]], key: str, document: Document) -> None:
    """Each row ends after it starts, and no two rows of one name hold at once."""
    earlier: dict[str, list[tuple[int, Row]]] = {}
    for index, (name, row) in enumerate(rows):
        if row.start is not None and row.end is not None and row.end <= row.start:
            document.note((key, index, "to"), f"{row.end:%Y-%m-%d}", "a time after from")
        for other, its_row in earlier.setdefault(name, []):
            if overlap(row, its_row):
                found = f"{shown(name)} at the same time as in {key}[{other + 1}]"
                document.note((key, index), found, "rows that follow each other: a to, or a later from")
                break
        earlier[name].append((index, row))


def _check_names(policy: Policy, document: Document) -> None:
    """Agents' tiers are tiers of some version, and devices belong to agents that are listed, if any are."""
    tiers = {tier.id for version in policy.versions for tier in version.tiers}
    agents = {row.agent for row in policy.agents}
    for index, agent in enumerate(policy.agents):
        if agent.tier is not None and agent.tier not in tiers:
            expected = one_of(sorted(tiers)) if tiers else "a tier of this policy"
            document.note(("agent", index, "tier"), shown(agent.tier), expected)
    for index, device in enumerate(policy.devices):
        if agents and device.agent not in agents:
            document.note(("device", index, "agent"), shown(device.agent), "an agent of [[agent]]")
