"""Which notices a change of a follow-up makes; pure.

Who is told of what is the policy's (`overdue`, `at_once`), else plain: an owner hears of what he must do, a leader
of what was brought before him. A change that makes the same notice again makes the same id.
"""

from __future__ import annotations

from config.followups import Alarm, FollowUpKind, Promises
from config.notices import Recipient, RecipientKind
from schedulers.followups.records import SYSTEM, Attributes, Change, FollowUp, Obstacle, What
from schedulers.notices.records import Notice, Topic
from telephony.clock import to_microseconds
from telephony.numbers import mask

_DUTY = Recipient(kind=RecipientKind.DUTY)


def telling(change: Change, kind: FollowUpKind, promises: Promises) -> tuple[Notice, ...]:
    """The notices of one change; () for most."""
    found = (_of_event(change, kind, promises), _of_obstacle(change, kind))
    return tuple(notice for notice in found if notice is not None)


def _of_event(change: Change, kind: FollowUpKind, promises: Promises) -> Notice | None:
    """What the change itself makes known."""
    after = change.after
    match change.what:
        case What.BORN:
            to = _alarmed(kind.at_once, after, promises)
            return None if to is None else _notice(Topic.AT_ONCE, to, change, kind, after.id)
        case What.OVERDUE:
            to = _alarmed(kind.overdue, after, promises)
            return None if to is None else _notice(Topic.OVERDUE, to, change, kind, _with_due(after))
        case What.NUDGED:
            return _notice(Topic.NEAR, _agent(after.owner), change, kind, _with_due(after))
        case What.ESCALATED:
            return _escalated(change, kind, promises)
        case What.HANDED_OVER:
            return _handed_over(change, kind, promises)
        case _:
            return None


def _escalated(change: Change, kind: FollowUpKind, promises: Promises) -> Notice:
    after = change.after
    to = leader_of(after.group, max(after.level, 1), promises)
    if after.nudged_at is not None and not after.is_overdue(change.at):
        return _notice(Topic.UNACKNOWLEDGED, to, change, kind, _with_due(after))
    return _notice(Topic.ESCALATED, to, change, kind, f"{after.id}#{after.revision}")


def _handed_over(change: Change, kind: FollowUpKind, promises: Promises) -> Notice | None:
    """Told to whom it came, unless he took it himself."""
    after = change.after
    if change.by == after.owner:
        return None
    group = promises.group(after.group)
    is_orphan = change.by == SYSTEM and group is not None and after.owner in group.leaders
    topic = Topic.ORPHANED if is_orphan else Topic.HANDED_OVER
    return _notice(topic, _agent(after.owner), change, kind, f"{after.id}#{after.revision}")


def _of_obstacle(change: Change, kind: FollowUpKind) -> Notice | None:
    """What stands in its way from now on; an obstacle that stays makes the same notice again."""
    after = change.after
    if after.obstacle is None or not after.is_open:
        return None
    topic = Topic.MUST_DECIDE if after.obstacle is Obstacle.MUST_DECIDE else Topic.CANNOT_BE_MET
    return _notice(topic, _agent(after.owner), change, kind, f"{_with_due(after)}#{after.obstacle.value}")


def _alarmed(alarm: Alarm, after: FollowUp, promises: Promises) -> Recipient | None:
    """Who hears an alarm: of an item that is a leader's already, the leader above him."""
    match alarm:
        case Alarm.NOBODY:
            return None
        case Alarm.OWNER:
            return _agent(after.owner)
        case Alarm.LEADER:
            return leader_of(after.group, after.level + 1, promises)
        case Alarm.DUTY:
            return _DUTY


def leader_of(group: str | None, level: int, promises: Promises) -> Recipient:
    """The leader so many levels above the group's agents, 1 for its own; above the last one the duty leader."""
    found, seen = promises.group(group), 1
    while found is not None and seen < level:
        found, seen = promises.group(found.above), seen + 1
    return _DUTY if found is None else Recipient(kind=RecipientKind.LEADER, name=found.group)


def _agent(number: str) -> Recipient:
    return Recipient(kind=RecipientKind.AGENT, name=number)


def _with_due(after: FollowUp) -> str:
    """The follow-up with its due time, so that a new time is a new occasion."""
    return f"{after.id}@{to_microseconds(after.due_at)}"


def _notice(topic: Topic, to: Recipient, change: Change, kind: FollowUpKind, about: str) -> Notice:
    after = change.after
    return Notice(
        topic=topic,
        about=about,
        recipient=to,
        wanted_at=change.at,
        details=_details(after, kind),
        until_at=after.due_at if topic is Topic.NEAR else None,
    )


def _details(after: FollowUp, kind: FollowUpKind) -> Attributes:
    """What texts may say: never a customer's name, nor his number whole."""
    said: dict[str, str | int] = {
        "due_us": to_microseconds(after.due_at),
        "follow_up": after.id,
        "kind_en": kind.name_en,
        "kind_zh": kind.name_zh,
        "number": mask(after.number) or "",
        "owner": after.owner,
    }
    if after.obstacle is not None:
        said["obstacle"] = after.obstacle.value
    return tuple(sorted(said.items()))
