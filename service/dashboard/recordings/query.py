"""Which recordings an address asks for. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from analytics.recordings.conditions import FileCondition
from analytics.storage.recording_files import FileFilter, FilePlace, OrphanPlace
from analytics.storage.recording_sight import FileSight
from config.policies import Policy
from service.auth.rights import Seen
from service.dashboard.figures.spells import Spell, read_spell
from service.dashboard.query import QueryError, check_keys, choose

KEYS = ("period", "agent", "queue", "condition", "length", "show", "after")
PAGE = 50
LENGTHS = (30, 60, 180, 600)
"""Seconds: what a filter of length offers."""

_US, _LONGEST = re.compile(r"-?[0-9]{1,17}"), 100


class Show(StrEnum):
    """Which list."""

    FILES = "files"  # that belong to a call
    NO_CALL = "no_call"  # files that belong to none
    NO_FILE = "no_file"  # recordings that the PBX named, and no file is there


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingQuery:
    """The list that is asked for."""

    spell: Spell
    seen: Seen
    agent: str = ""
    queue: str = ""
    condition: FileCondition | None = None
    least_s: int = 0
    show: Show = Show.FILES
    after: str = ""

    @property
    def filtered(self) -> bool:
        """Whether anything but the days is asked for."""
        return bool(self.agent or self.queue or self.condition or self.least_s)

    def choice(self, policy: Policy) -> FileFilter:
        """The same to the store."""
        period = self.spell.period(policy)
        return FileFilter(
            start_us=period.start_us, end_us=period.end_us, orphans=self.show is Show.NO_CALL,
            conditions=frozenset({self.condition}) if self.condition else None,
            agents=frozenset({self.agent}) if self.agent else None,
            queues=frozenset({self.queue}) if self.queue else None,
            min_length_ms=self.least_s * 1000 or None,
            sight=None if self.seen.everything else sight_of(self.seen, policy),
        )  # fmt: skip

    @property
    def place(self) -> FilePlace | None:
        """Where the page of files begins."""
        began, _, number = self.after.partition("~")
        if not self.after:
            return None
        if not _US.fullmatch(began) or not (number.isascii() and number.isdigit()):
            raise QueryError("after", self.after, "the cursor of a link to more recordings")
        return int(began), int(number)

    @property
    def orphan_place(self) -> OrphanPlace | None:
        """Where the page of recordings without a file begins."""
        began, _, recording = self.after.partition("~")
        if not self.after:
            return None
        if not _US.fullmatch(began) or not recording:
            raise QueryError("after", self.after, "the cursor of a link to more recordings")
        return int(began), recording


def sight_of(seen: Seen, policy: Policy) -> FileSight:
    """Whom somebody sees, to the store: his codes are those of queues and lines too, by any version of the policy."""
    rules = [rule for version in policy.versions for rule in version.queues if rule.code in seen.codes]
    lines = [line for version in policy.versions for line in version.lines if line.code in seen.codes]
    return FileSight(
        agents=seen.agents, queues=seen.queues | {rule.queue for rule in rules}, codes=seen.codes,
        dids=frozenset(line.did for line in lines),
    )  # fmt: skip


def read_recordings(query: Mapping[str, str], today: date, seen: Seen) -> RecordingQuery:
    """The list that an address asks for. Raises QueryError."""
    check_keys(query, KEYS)
    return RecordingQuery(
        spell=read_spell(query.get("period", ""), today, "week"),
        seen=seen,
        agent=query.get("agent", "")[:_LONGEST],
        queue=query.get("queue", "")[:_LONGEST],
        condition=choose("condition", query, FileCondition),
        least_s=_least(query.get("length", "")),
        show=choose("show", query, Show) or Show.FILES,
        after=query.get("after", ""),
    )


def _least(found: str) -> int:
    if not found:
        return 0
    if found not in {str(each) for each in LENGTHS}:
        raise QueryError("length", found, "one of " + ", ".join(map(str, LENGTHS)))
    return int(found)
