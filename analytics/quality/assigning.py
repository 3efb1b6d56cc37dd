"""Who listens to a sample: evenly, by the seed, and never an inspector of the agent's own group or the agent. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspector:
    """Who may be given samples. `groups` are those in force now: his own as an agent, and those whom he leads."""

    login: str
    agent: str | None = None
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToHear:
    """A sample that somebody is to listen to. `group` is the agent's when the talk began."""

    talk_id: str
    agent: str
    group: str | None


def may_hear(inspector: Inspector, sample: ToHear) -> bool:
    """Whether he is neither the agent nor of his group."""
    return inspector.agent != sample.agent and (sample.group is None or sample.group not in inspector.groups)


def assign(
    seed: str, samples: Iterable[ToHear], inspectors: Sequence[Inspector], loads: Mapping[str, int] | None = None
) -> dict[str, str | None]:
    """By talk, the login of who listens; None where nobody may. `loads`: what each has open already.

    Those samples come first that fewest may hear; each goes to who has least, and among equals the seed decides.
    """
    load = Counter(dict(loads or {}))
    able = {each: [one for one in inspectors if may_hear(one, each)] for each in samples}
    assigned: dict[str, str | None] = {}
    for sample in sorted(able, key=lambda each: (len(able[each]), _chance(seed, each.talk_id))):
        found = min(
            able[sample], key=lambda one: (load[one.login], _chance(seed, sample.talk_id, one.login)), default=None
        )
        assigned[sample.talk_id] = found.login if found else None
        if found:
            load[found.login] += 1
    return assigned


def _chance(*parts: str) -> str:
    return hashlib.sha256(":".join(parts).encode()).hexdigest()
