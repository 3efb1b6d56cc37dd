"""Which change is told to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.followups import Alarm
from schedulers.followups.records import Change, Obstacle, State, What
from schedulers.notices.records import Topic
from schedulers.notices.telling import telling
from tests.schedulers.notices.changes import DUE, NOW, PROMISES, change, kind

LATE = DUE + timedelta(seconds=1)


def told(made: Change, **of_kind: Any) -> list[tuple[Topic, str]]:
    """Topic and recipient of each notice."""
    return [(notice.topic, str(notice.recipient)) for notice in telling(made, kind(**of_kind), PROMISES)]


@pytest.mark.parametrize(
    ("alarm", "level", "recipient"),
    [
        (Alarm.OWNER, 0, "1005"),
        (Alarm.LEADER, 0, "leader:service"),
        (Alarm.LEADER, 1, "leader:management"),
        (Alarm.LEADER, 2, "duty"),
        (Alarm.DUTY, 0, "duty"),
    ],
)
def test_an_overdue_item_is_told_to_whom_its_kind_names(alarm: Alarm, level: int, recipient: str) -> None:
    """A leader's own item goes one leader higher, and above the last one is the duty leader."""
    made = change(What.OVERDUE, at=LATE, level=level)
    assert told(made, overdue=alarm) == [(Topic.OVERDUE, recipient)]


def test_nobody_is_told_where_the_kind_says_so() -> None:
    """Neither at once nor when it is overdue."""
    assert told(change(What.OVERDUE, at=LATE), overdue=Alarm.NOBODY) == []
    assert told(change(What.BORN)) == []


def test_a_crisis_is_told_to_the_duty_leader_the_moment_it_arises() -> None:
    """And quiet hours do not hold it back."""
    (notice,) = telling(change(What.BORN), kind(at_once=Alarm.DUTY), PROMISES)
    assert (notice.topic, str(notice.recipient), notice.is_urgent) == (Topic.AT_ONCE, "duty", True)


def test_an_owner_is_reminded_of_a_promised_time_and_not_after_it() -> None:
    """The notice is of no use once the time has come."""
    (notice,) = telling(change(What.NUDGED), kind(), PROMISES)
    assert (notice.topic, str(notice.recipient), notice.until_at) == (Topic.NEAR, "1005", DUE)


def test_a_reminder_without_an_answer_goes_to_the_leader() -> None:
    """As such before its time, as overdue work brought up after it."""
    nudged = {"nudged_at": NOW - timedelta(minutes=5), "level": 1}
    assert told(change(What.ESCALATED, **nudged)) == [(Topic.UNACKNOWLEDGED, "leader:service")]
    assert told(change(What.ESCALATED, at=LATE, **nudged)) == [(Topic.ESCALATED, "leader:service")]
    assert told(change(What.ESCALATED, level=2)) == [(Topic.ESCALATED, "leader:management")]


@pytest.mark.parametrize(
    ("obstacle", "topic"),
    [
        (Obstacle.NO_WINDOW, Topic.CANNOT_BE_MET),
        (Obstacle.CAP, Topic.CANNOT_BE_MET),
        (Obstacle.NO_NUMBER, Topic.CANNOT_BE_MET),
        (Obstacle.MUST_DECIDE, Topic.MUST_DECIDE),
    ],
)
def test_an_obstacle_is_told_to_the_owner_once(obstacle: Obstacle, topic: Topic) -> None:
    """Further changes of the same item make the same notice, a new due time makes another."""
    born = telling(change(What.BORN, obstacle=obstacle), kind(), PROMISES)
    later = telling(change(What.ATTEMPTED, obstacle=obstacle, revision=2), kind(), PROMISES)
    agreed = telling(change(What.AGREED, obstacle=obstacle, due_at=LATE), kind(), PROMISES)
    assert [(each.topic, str(each.recipient)) for each in born] == [(topic, "1005")]
    assert born[0].id == later[0].id != agreed[0].id


def test_an_item_that_has_ended_has_no_obstacle() -> None:
    """Whatever was in its way before."""
    made = change(What.CLOSED, obstacle=Obstacle.MUST_DECIDE, state=State.CLOSED, reason="unreachable")
    assert told(made) == []


def test_who_gets_an_item_is_told_unless_he_took_it() -> None:
    """The orphans of somebody who left are told to the leader as such."""
    assert told(change(What.HANDED_OVER, by="1001")) == [(Topic.HANDED_OVER, "1005")]
    assert told(change(What.HANDED_OVER, by="1005")) == []
    assert told(change(What.HANDED_OVER, owner="1002")) == [(Topic.ORPHANED, "1002")]
    assert told(change(What.HANDED_OVER)) == [(Topic.HANDED_OVER, "1005")]


@given(what=st.sampled_from(What), alarm=st.sampled_from(Alarm), number=st.sampled_from(["+8613800138000", None]))
def test_no_notice_holds_a_number_whole(what: What, alarm: Alarm, number: str | None) -> None:
    """Nor the customer's id: a notice may be read on anybody's screen."""
    found = telling(change(what, number=number), kind(overdue=alarm, at_once=alarm), PROMISES)
    for notice in found:
        assert "13800138000" not in repr(notice)
        assert "C-77" not in repr(notice)
