"""Tests of config.digests and Policy.digest: same rules, same digest, in every process."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from config.calendars import WeeklyHours
from config.closings import Closings, MakeUp
from config.digests import digest_of
from config.followups import Promises
from config.people import DevicePeriod, Line, QueueRule
from config.policies import Limits, MinuteKind, MinuteRule, Policy, PolicyVersion, Rounding
from config.policy_loader import load_policy, shipped_policies

POLICY = Policy(name="p", zone=ZoneInfo("Asia/Shanghai"), country="CN")


def versioned(version: PolicyVersion) -> Policy:
    """The plain policy with this version."""
    return replace(POLICY, versions=(version,))


CHANGED = [
    POLICY,
    versioned(PolicyVersion(limits=Limits(short_talk=timedelta(milliseconds=5001)))),
    versioned(PolicyVersion(minutes=MinuteRule(rounding=Rounding.CLOCK))),
    versioned(PolicyVersion(minutes=MinuteRule(counts=frozenset({MinuteKind.TALK, MinuteKind.HOLD})))),
    versioned(PolicyVersion(lines=(Line(did="189", name="a"),))),
    versioned(PolicyVersion(lines=(Line(did="189", name="a", branch="b"),))),
    versioned(PolicyVersion(queues=(QueueRule(queue="189", name="a"),))),
    replace(POLICY, devices=(DevicePeriod(interface="PJSIP/1", agent="7"),)),
    replace(POLICY, hours=(WeeklyHours(),)),
    replace(POLICY, hours=(WeeklyHours(start=date(2026, 1, 1)),)),
    replace(POLICY, closings=Closings(country="CN")),
    replace(POLICY, closings=Closings(country="HK")),
    replace(POLICY, closings=Closings(country="CN", make_up=MakeUp.TUE)),
    replace(POLICY, closings=Closings(closed=(date(2026, 1, 1),))),
    replace(POLICY, day_start=time(6)),
    replace(POLICY, zone=ZoneInfo("Asia/Urumqi")),
    replace(POLICY, country="HK"),
]


def test_every_change_of_a_rule_gives_another_digest() -> None:
    """No two of policies that differ in one rule have one digest, and each is sixteen hex digits."""
    digests = [policy.digest() for policy in CHANGED]
    assert len(set(digests)) == len(CHANGED)
    assert all(len(digest) == 16 and int(digest, 16) >= 0 for digest in digests)


def test_a_title_changes_no_figure_and_no_digest() -> None:
    """What only people read is not in the digest."""
    assert replace(POLICY, name="q", title_zh="中心", title_en="Centre").digest() == POLICY.digest()


def test_promises_make_another_policy_but_no_other_digest() -> None:
    """What is owed changes no figure of calls, so roll-ups stay; yet two policies that differ in it are not equal."""
    promising = versioned(PolicyVersion(promises=Promises(duty=("1001",))))
    assert promising != versioned(PolicyVersion())
    assert promising.digest() == versioned(PolicyVersion()).digest()


def test_equal_instants_give_equal_digests() -> None:
    """An instant is the same whatever offset it was written with; a microsecond makes another."""
    one = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    other = datetime(2026, 1, 1, 0, tzinfo=timezone(timedelta()))
    assert digest_of(one) == digest_of(other) != digest_of(other + timedelta(microseconds=1))


@pytest.mark.parametrize("name", shipped_policies())
def test_a_policy_read_twice_has_one_digest(name: str) -> None:
    """Two readings of one file are equal, and so are their digests, though one was asked for hours in between."""
    one, other = load_policy(name), load_policy(name)
    one.hours_at_us(0)
    assert one == other
    assert one.digest() == other.digest()


def test_another_process_gives_the_same_digest() -> None:
    """Neither the order of sets nor the hashing of texts of a process is in the digest."""
    code = "from config.policy_loader import load_policy; print(load_policy('consulting').digest())"
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {load_policy("consulting").digest()}


def test_a_value_of_another_kind_is_refused() -> None:
    """A rule that cannot be put into the digest is an error, not left out."""
    with pytest.raises(TypeError, match="found float"):
        digest_of(1.5)
