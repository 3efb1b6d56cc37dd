"""Tests of config.policies: what is in force at an instant, and what opening hours say."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from config.errors import ConfigMisuseError
from config.people import Line, QueueRule
from config.policies import NumberLists, Policy, PolicyVersion
from config.policy_loader import load_policy

MICROSECOND = timedelta(microseconds=1)

TEXT = """
name = "ours"
zone = "Asia/Shanghai"
[[version]]
service_codes = ["510"]
[[version.tier]]
id = "one"
name_zh = "一级"
name_en = "One"
floor = 2000
target = 5000
[[version]]
from = 2026-03-01
ring.rings = 4
service_codes = ["510"]
[[version.tier]]
id = "one"
name_zh = "一级"
name_en = "One"
floor = 2500
target = 5000
[[agent]]
agent = "7"
tier = "one"
to = 2026-06-01
[[agent]]
agent = "7"
group = "b"
from = 2026-06-01
[[device]]
interface = "PJSIP/1004"
agent = "7"
from = 2026-02-01T12:00:00
[[hours]]
from = 2026-01-01
mon = ["09:00-12:00", "13:30-18:00"]
sun = ["20:00-24:00"]
[[hours]]
from = 2026-05-04
mon = ["08:00-12:00"]
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    """A policy with two versions, two rows of one agent, a device, winter and summer hours."""
    path = tmp_path / "ours.toml"
    path.write_text(TEXT, encoding="utf-8")
    return load_policy(path)


def shanghai(text: str) -> datetime:
    """An instant by the clock of Shanghai."""
    return datetime.fromisoformat(text + "+08:00")


def test_a_version_begins_at_midnight_of_the_centre(policy: Policy) -> None:
    """From 1 March means 00:00 in Shanghai, 16:00 UTC of the day before; a microsecond earlier is not yet."""
    midnight = datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert policy.resolve(midnight - MICROSECOND).ring.rings == 3
    assert policy.resolve(midnight).ring.rings == 4


def test_every_instant_has_a_version(policy: Policy) -> None:
    """The first version holds from always, the last one for good."""
    assert policy.resolve(datetime(1970, 1, 1, tzinfo=UTC)).ring.rings == 3
    assert policy.resolve(datetime(2190, 1, 1, tzinfo=UTC)).ring.rings == 4


def test_a_call_keeps_the_version_of_its_beginning(policy: Policy) -> None:
    """A call that began before midnight and rang over it is judged by the rule of its beginning."""
    began = shanghai("2026-02-28T23:59:50")
    answered = shanghai("2026-03-01T00:00:06")
    assert not policy.resolve(began).within(answered - began)
    assert policy.resolve(answered).within(answered - began)


def test_a_tier_has_the_quota_in_force(policy: Policy) -> None:
    """An agent's floor is that of the version of the time; without a tier there is none."""
    floors = []
    for day in ("2026-02-28T12:00:00", "2026-05-31T23:59:59", "2026-06-01T00:00:00"):
        tier = policy.tier_at("7", shanghai(day))
        floors.append(tier.floor_minutes if tier else None)
    assert floors == [2000, 2500, None]
    assert policy.tier_at("8", shanghai("2026-02-28T12:00:00")) is None


def test_rows_of_one_agent_meet_without_a_gap(policy: Policy) -> None:
    """The end of one row is the start of the next: no instant has both or none."""
    edge = shanghai("2026-06-01T00:00:00")
    before, after = policy.agent_at("7", edge - MICROSECOND), policy.agent_at("7", edge)
    assert before is not None
    assert after is not None
    assert (before.group, after.group) == (None, "b")


def test_a_device_belongs_to_its_agent_from_the_minute_given(policy: Policy) -> None:
    """A time without an offset is the centre's; before it the interface is nobody's."""
    edge = shanghai("2026-02-01T12:00:00")
    assert policy.agent_of("PJSIP/1004", edge - MICROSECOND) is None
    assert policy.agent_of("PJSIP/1004", edge) == "7"
    assert policy.agent_of("PJSIP/1005", edge) is None


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2025-12-29T10:00:00", None),
        ("2026-01-05T08:59:59", False),
        ("2026-01-05T09:00:00", True),
        ("2026-01-05T11:59:59.999999", True),
        ("2026-01-05T12:00:00", False),
        ("2026-01-05T13:30:00", True),
        ("2026-01-06T10:00:00", False),
        ("2026-01-04T23:59:59.999999", True),
        ("2026-01-05T00:00:00", False),
        ("2026-05-04T08:30:00", True),
        ("2026-05-04T14:00:00", False),
    ],
)
def test_the_centre_is_open_by_its_own_clock(policy: Policy, at: str, is_open: bool | None) -> None:
    """Opening is inside, closing is outside, 24:00 reaches midnight; summer hours begin on their day."""
    assert policy.is_open(shanghai(at)) is is_open
    assert policy.is_open(shanghai(at).astimezone(UTC)) is is_open


def test_spans_may_meet(tmp_path: Path) -> None:
    """A span may begin at the minute at which the one before it ended, and the centre stays open."""
    path = tmp_path / "ours.toml"
    path.write_text('name = "ours"\n[[hours]]\nmon = ["09:00-12:00", "12:00-13:00"]\n', encoding="utf-8")
    assert load_policy(path).is_open(shanghai("2026-01-05T12:00:00")) is True


def test_a_naive_time_is_a_mistake_of_the_caller(policy: Policy) -> None:
    """Without a zone nobody can say what was in force."""
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - that is what is refused
    for ask in (policy.resolve, policy.is_open):
        with pytest.raises(ConfigMisuseError):
            ask(naive)


@pytest.mark.parametrize(
    ("heard", "e164", "left_out", "shared"),
    [
        ("13800000001", "+8613800000001", True, False),
        ("013800000001", "+8613800000001", True, False),
        ("4001234567", "+864001234567", False, True),
        ("95588", None, False, True),
        ("955881", None, False, False),
        (None, None, False, False),
    ],
)
def test_numbers_are_found_in_any_of_their_forms(
    heard: str | None, e164: str | None, left_out: bool, shared: bool
) -> None:
    """A list may hold the number as heard, its E.164, or a pattern."""
    lists = NumberLists(test=("+8613800000001",), switchboards=("400*",), short_codes=("95???",))
    assert lists.is_left_out(heard, e164) is left_out
    assert lists.is_shared(heard, e164) is shared


LINES = PolicyVersion(
    lines=(
        Line(did="4008*", name="pattern", code="510", branch="north"),
        Line(did="40088888", name="exact", branch="east"),
        Line(did="*", name="rest"),
    ),
    queues=(QueueRule(queue="sales", name="S", code="520", branch="south"), QueueRule(queue="help")),
)


@pytest.mark.parametrize(
    ("did", "queue", "name", "code", "branch"),
    [
        ("40080000", "sales", "pattern", "510", "north"),
        ("40088888", "sales", "exact", "520", "east"),
        ("189", "sales", "rest", "520", "south"),
        ("189", "help", "rest", None, None),
        ("189", None, "rest", None, None),
        (None, "sales", None, "520", "south"),
        (None, "other", None, None, None),
        (None, None, None, None, None),
    ],
)
def test_code_and_branch_are_the_lines_else_the_queues(
    did: str | None, queue: str | None, name: str | None, code: str | None, branch: str | None
) -> None:
    """An exact number wins over a pattern; what the line does not say, its queue says."""
    line = LINES.line_of(did)
    assert (line.name if line else None) == name
    assert LINES.code_of(did, queue) == code
    assert LINES.branch_of(did, queue) == branch


def test_a_queue_has_its_own_rule() -> None:
    """A queue is found by its name on the PBX, and one that is not named has no rule."""
    rule = LINES.queue_rule("sales")
    assert rule is not None
    assert rule.name == "S"
    assert LINES.queue_rule("Sales") is None
    assert LINES.queue_rule(None) is None


def test_the_business_day_begins_where_the_policy_says(tmp_path: Path) -> None:
    """Without a word the day begins at midnight; "06:00" moves it."""
    path = tmp_path / "ours.toml"
    path.write_text('name = "ours"\nday_start = "06:00"\n', encoding="utf-8")
    assert load_policy(path).day_start == time(6)
    assert load_policy("default").day_start == time(0)
