"""The rules that decide: the policy, and the people who work by it, ready to be asked. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.contact_times import ContactTimes
from config.followups import (
    ContactRules,
    Due,
    DueKind,
    FollowUpKind,
    FulfilledBy,
    Promises,
    Trigger,
    TriggerKind,
)
from config.openings import Openings
from config.policies import Policy, PolicyVersion
from schedulers.followups.account import Staff
from schedulers.followups.records import FollowUp

GONE = FollowUpKind(
    id="",
    name_zh="已不在制度中的事项",
    name_en="of a kind that the policy has no more",
    trigger=Trigger(kind=TriggerKind.EVENT, name="gone"),
    due=Due(kind=DueKind.BY_HAND),
    fulfilled_by=FulfilledBy.MARK,
    reasons=("handed_on", "unreachable", "wrong_contact", "refused"),
)
"""Stands for the kind of an open follow-up whose version was taken out of the policy: it is owed nevertheless."""


KEPT = 64
"""So many answers to who is here are kept: each is for a group, a skill and a stretch of time."""


class Rules:
    """A policy and its staff. The same policy and staff decide the same; what is kept only saves time."""

    def __init__(self, policy: Policy, staff: Staff) -> None:
        self.policy = policy
        self.staff = staff
        self._by_start = {version.start: version.promises for version in policy.versions}
        self._times: dict[tuple[datetime | None, str], ContactTimes] = {}
        self._here: dict[tuple[str | None, str | None, datetime, datetime], tuple[str, ...]] = {}
        self._kinds = {(v.start, kind.id): kind for v in policy.versions for kind in v.promises.kinds}

    @property
    def zone(self) -> ZoneInfo:
        """The centre's zone."""
        return self.policy.zone

    @property
    def openings(self) -> Openings:
        """When the centre is open."""
        return self.policy.openings

    def day_of(self, at: datetime) -> date:
        """The centre's business day of an instant."""
        start = self.policy.day_start
        return (at.astimezone(self.zone) - timedelta(hours=start.hour, minutes=start.minute)).date()

    def version_at(self, at: datetime) -> PolicyVersion:
        """The version in force at an instant."""
        return self.policy.resolve(at)

    def promises(self, follow_up: FollowUp) -> Promises:
        """What the version says under which a follow-up was born; the first version's where it is gone."""
        return self._by_start.get(follow_up.version) or self.policy.versions[0].promises

    def kind(self, follow_up: FollowUp) -> FollowUpKind:
        """The kind of a follow-up, by the version under which it was born."""
        return self.kind_by(follow_up.version, follow_up.kind)

    def kind_by(self, version: datetime | None, kind: str) -> FollowUpKind:
        """A kind of the version that begins at an instant; GONE where there is none."""
        return self._kinds.get((version, kind), GONE)

    def contact(self, follow_up: FollowUp) -> ContactRules:
        """When and how often its customer may be contacted."""
        return self.promises(follow_up).contact

    def times(self, follow_up: FollowUp) -> ContactTimes:
        """When its customer may be called."""
        key = (follow_up.version, follow_up.kind)
        known = self._times.get(key)
        if known is None:
            known = ContactTimes(self.openings, self.contact(follow_up), self.kind(follow_up).windows)
            self._times[key] = known
        return known

    def here(self, group: str | None, skill: str | None, start: datetime, end: datetime) -> tuple[str, ...]:
        """Who of a group works here at an instant, is here before another one and has the skill, by number.

        What falls due together, on a holiday or after a weekend, asks the same thousands of times.
        """
        key = (group, skill, start, end)
        if key not in self._here:
            if len(self._here) == KEPT:
                self._here.clear()
            able = (each for each in self.staff.members(group, start) if not self.staff.is_away(each, start, end))
            self._here[key] = tuple(a for a in able if skill is None or self.staff.has_skill(a, skill, start))
        return self._here[key]

    def longest_cap(self) -> timedelta:
        """How far back contacts must be known."""
        caps = (cap.span for version in self.policy.versions for cap in version.promises.contact.caps)
        return max(caps, default=timedelta())
