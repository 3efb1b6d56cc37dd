"""The form of an account: what it is filled with, and what was written in it. Pure.

Names of groups, queues, branches, codes and agents are one text each, with commas between. A right is `role` (as the
role has it), `granted` or `withheld`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from config.people import Line, QueueRule
from config.policies import Policy
from service.auth.accounts import SEES_ALL, Account, Wanted
from service.auth.rights import Right, Role, Sight
from service.dashboard.words import LANGUAGES, Words

SEEN = ("groups", "queues", "branches", "codes", "agents")
MAX_NAMES, MAX_NAME = 100, 80
_BETWEEN = re.compile(r"[,，、;；\n]")


class FormError(ValueError):
    """What was written cannot be understood; a sentence in the reader's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Which there are now, for who fills in the form."""

    agents: tuple[tuple[str, str], ...] = ()  # id and name
    groups: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def known_of(policy: Policy) -> Known:
    """The agents, groups, queues, branches and codes that a policy names at any time."""
    versions = policy.versions
    rules = [rule for version in versions for rule in version.queues]
    both: list[QueueRule | Line] = [*rules, *(line for version in versions for line in version.lines)]
    return Known(
        agents=tuple(sorted({row.agent: row.name or "" for row in policy.agents}.items())),
        groups=tuple(sorted({row.group for row in policy.agents if row.group})),
        queues=tuple(sorted({rule.queue for rule in rules})),
        branches=tuple(sorted({each.branch for each in both if each.branch})),
        codes=tuple(sorted({each.code for each in both if each.code})),
    )


def filled(account: Account) -> dict[str, str]:
    """The fields of an account."""
    given = {f"right.{right}": "granted" for right in account.granted}
    taken = {f"right.{right}": "withheld" for right in account.withheld}
    sight = {name: ", ".join(sorted(getattr(account.sight, name))) for name in SEEN}
    return {
        "login": account.login,
        "name": account.name,
        "role": account.role.value,
        "agent": account.agent or "",
        "language": account.language or "",
        "sees": "everything" if account.sight.everything else "named",
        **sight,
        **given,
        **taken,
    }


def read_wanted(form: Mapping[str, str], words: Words) -> Wanted:
    """The account that was written down. Raises FormError."""
    role = _role(form.get("role", ""), words)
    language = form.get("language") or None
    if language is not None and language not in LANGUAGES:
        raise FormError(words.gettext("There is no such language."))
    return Wanted(
        name=form.get("name", "").strip(),
        role=role,
        agent=form.get("agent", "").strip() or None,
        sight=_sight(form, role, words),
        granted=_rights(form, "granted"),
        withheld=_rights(form, "withheld"),
        language=language,
    )


def _role(told: str, words: Words) -> Role:
    try:
        return Role(told)
    except ValueError:
        raise FormError(words.gettext("Choose a role.")) from None


def _sight(form: Mapping[str, str], role: Role, words: Words) -> Sight:
    named = {name: _names(form.get(name, ""), words) for name in SEEN}
    told = form.get("sees", "role")
    everything = told == "everything" or (told == "role" and role in SEES_ALL)
    return Sight(everything=everything, **named)


def _names(text: str, words: Words) -> frozenset[str]:
    found = frozenset(each.strip() for each in _BETWEEN.split(text) if each.strip())
    if len(found) > MAX_NAMES or any(len(each) > MAX_NAME or not each.isprintable() for each in found):
        raise FormError(words.gettext("At most 100 names of up to 80 letters, with commas between."))
    return found


def _rights(form: Mapping[str, str], told: str) -> frozenset[Right]:
    return frozenset(right for right in Right if form.get(f"right.{right}") == told)
