"""Facts folded before use: the newest revision of each, and which call survived a merge. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from telephony.calls.facts import FACT_NAMES, CallFact, Fact

Newest = dict[type, dict[str, Any]]
"""The newest revision of each fact, by kind and id; every kind is there."""

Merge = tuple[str, str]
"""An alias, and the call it went into."""


def collapse(facts: Iterable[Fact]) -> Newest:
    """The newest revision of each fact, in the order of first mention."""
    newest: Newest = {kind: {} for kind in FACT_NAMES}
    for fact in facts:
        kind = newest[type(fact)]
        held = kind.get(fact.id)
        if held is None or fact.revision > held.revision:
            kind[fact.id] = fact
    return newest


def call_ids(newest: Newest) -> set[str]:
    """The calls that these facts name."""
    named = {fact.call_id for kind in newest.values() for fact in kind.values()}
    named.discard("")
    return named


def merges_of(calls_told: Iterable[CallFact]) -> list[Merge]:
    """The merges that these facts tell."""
    merges: list[Merge] = []
    for fact in calls_told:
        if fact.merged_into is not None:
            merges.append((fact.id, fact.merged_into))
        if fact.alias_ids:
            merges.extend((alias, fact.id) for alias in fact.alias_ids)
    return merges


def survivors_of(merges: Iterable[Merge]) -> dict[str, str]:
    """Alias to the call at the end of its chain. A circle, which no tracker tells, is cut where it closes."""
    into: dict[str, str] = {}
    for alias, target in merges:
        into.setdefault(alias, target)
    return {alias: _end_of_chain(alias, into) for alias in into}


def _end_of_chain(call_id: str, into: dict[str, str]) -> str:
    seen = {call_id}
    while (following := into.get(call_id)) is not None and following not in seen:
        seen.add(following)
        call_id = following
    return call_id
