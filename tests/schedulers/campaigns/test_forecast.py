"""When a campaign will have finished: by the last hour's pace, over the hours in which calls may be placed."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policies import Policy
from schedulers.campaigns.forecast import LEAST, Pace, forecast, open_spans, pace_of
from tests.schedulers.campaigns.worlds import KINDS
from tests.schedulers.followups.worlds import at, clock, policy_of

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = at("2026-11-05 11:00")  # a Thursday


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """Open 8:30 to 12:00 and 13:30 to 17:30; an offer keeps half an hour from the edges, a care call not."""
    return policy_of(Path(tmp_path_factory.mktemp("policy")), KINDS)


def spans(policy: Policy, *kinds: str, now: datetime = NOW) -> list[tuple[datetime, datetime]]:
    """The first stretches of some kinds."""
    promises = policy.versions[0].promises
    told = [each for each in promises.kinds if each.id in kinds]
    return list(islice(open_spans(policy, promises, told, now), 12))


def test_calls_may_be_placed_when_any_kind_permits_it(policy: Policy) -> None:
    """The stretches of both kinds together, over the weekend to Monday; the offer alone has less."""
    both = [f"{clock(a)[5:16]} {clock(b)[11:16]}" for a, b in spans(policy, "care", "offer")]
    assert both[1:5] == ["11-05 13:30 17:30", "11-06 08:30 12:00", "11-06 13:30 17:30", "11-09 08:30 12:00"]
    assert [f"{clock(a)[11:16]} {clock(b)[11:16]}" for a, b in spans(policy, "offer")][:2] == [
        "09:00 11:30",
        "14:00 17:00",
    ]


@pytest.mark.parametrize(
    ("remaining", "finish"),
    [
        (0, "2026-11-05 11:00:00"),
        (5, "2026-11-05 11:15:00"),
        (10, "2026-11-05 11:30:00"),
        (11, "2026-11-05 14:03:00"),
        (70, "2026-11-05 17:00:00"),
        (71, "2026-11-06 09:03:00"),
        (191, "2026-11-09 09:33:00"),
    ],
)
def test_it_goes_on_as_in_the_last_hour(policy: Policy, remaining: int, finish: str) -> None:
    """Twenty contacts in an hour: only in permitted hours, over the noon break, the night and the weekend."""
    pace = Pace(ended=20, worked=HOUR)
    found = forecast(remaining, pace, spans(policy, "offer"), NOW, None)
    assert (clock(found.finish_at), found.in_time) == (finish, None)


def test_a_deadline_is_kept_or_not(policy: Policy) -> None:
    """The deadline itself is in time."""
    for deadline, in_time in ((at("2026-11-05 11:15"), True), (at("2026-11-05 11:14"), False)):
        found = forecast(5, Pace(ended=20, worked=HOUR), spans(policy, "offer"), NOW, deadline)
        assert found.in_time is in_time


@pytest.mark.parametrize(
    "pace",
    [
        Pace(ended=0, worked=HOUR),
        Pace(ended=0, worked=timedelta()),
        Pace(ended=3, worked=LEAST - timedelta(seconds=1)),
    ],
)
def test_what_cannot_be_said_is_not_said(policy: Policy, pace: Pace) -> None:
    """Nothing ended, nothing was worked, or too little: no finish, and neither in time nor late."""
    found = forecast(9, pace, spans(policy, "offer"), NOW, NOW + HOUR)
    assert (found.finish_at, found.in_time) == (None, None)


def test_a_rate_over_nothing_is_none() -> None:
    """No time worked has no rate; no contact ended in an hour is a rate of nought."""
    assert Pace(ended=0, worked=timedelta()).per_hour is None
    assert Pace(ended=0, worked=HOUR).per_hour == 0
    assert Pace(ended=5, worked=15 * MINUTE).per_hour == 20


def test_a_campaign_without_hours_left_has_no_finish() -> None:
    """The centre does not open again: what remains does not end."""
    assert forecast(1, Pace(ended=9, worked=HOUR), [], NOW, None).finish_at is None


def test_only_permitted_time_in_which_it_ran_counts(policy: Policy) -> None:
    """Of the hour before 14:15 a quarter was permitted; it was paused for five minutes of it."""
    now = at("2026-11-05 14:15")
    ran = [(at("2026-11-05 09:00"), at("2026-11-05 14:05")), (at("2026-11-05 14:10"), at("2026-11-05 18:00"))]
    ended = [now - HOUR, now - HOUR + timedelta(microseconds=1), now, now + timedelta(microseconds=1)]
    found = pace_of(ended, ran, spans(policy, "offer", now=now), now)
    assert found == Pace(ended=2, worked=10 * MINUTE)


NIGHT = """
[version.contact]
windows = ["00:00-24:00"]
[[version.followup]]
kind = "night"
name_zh = "夜间"
name_en = "Night"
trigger = "campaign"
due = "1 day"
"""


def test_an_hour_over_midnight_is_whole(tmp_path: Path) -> None:
    """Where customers may be called at night, the last hour reaches into the day before."""
    night = policy_of(tmp_path, NIGHT, 'name = "night"\nzone = "Asia/Shanghai"\n[[version]]\n')
    now = at("2026-11-05 00:20")
    found = pace_of([], [(now - 2 * HOUR, now)], spans(night, "night", now=now), now)
    assert found.worked == HOUR


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 100), st.integers(6, 60))
def test_more_to_do_never_ends_sooner(few: int, more: int, ended: int, minutes: int) -> None:
    """The finish moves on with what remains, and lies within a permitted stretch or is now."""
    told = [(NOW + timedelta(days=day), NOW + timedelta(days=day, hours=9)) for day in range(400)]
    pace = Pace(ended=ended, worked=minutes * MINUTE)
    first, second = (forecast(each, pace, told, NOW, None).finish_at for each in (few, few + more))
    assert first is not None
    assert second is None or first < second
    assert any(a <= first <= b for a, b in told)
