"""Tests of analytics.setup.proposals: what is proposed, and what the policy says already is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from analytics.setup.proposals import AgentProposal, Proposals, propose
from analytics.setup.sightings import DeviceSighting, Membership, Sighting, Sightings
from config.calendars import WeeklyHours
from config.people import AgentPeriod, DevicePeriod, Line, QueueRule
from config.policies import Policy, PolicyVersion

AT = datetime(2026, 11, 20, tzinfo=UTC)
POLICY = Policy(name="p", zone=ZoneInfo("Asia/Shanghai"), country="CN")


def sighting(name: str, times: int = 1, last_us: int = 9) -> Sighting:
    """Something that was seen."""
    return Sighting(name=name, times=times, first_us=1, last_us=last_us)


def device(name: str, agent: str, member_name: str | None = None, *, last_us: int = 9) -> DeviceSighting:
    """A device that was seen, a member of queues by a Local channel."""
    return DeviceSighting(
        device=name,
        interface=f"Local/{agent}@queue-agents/n",
        agent=agent,
        member_name=member_name,
        seen=sighting(name, last_us=last_us),
    )


def seen(**what: object) -> Sightings:
    """What was seen."""
    return replace(Sightings(start_us=0, end_us=10, calls=1), **what)


SEEN = seen(
    dialled=(sighting("4008001", 5), sighting("s")),
    queues=(sighting("sales"), sighting("help")),
    devices=(device("PJSIP/1004", "1004", "王娜娜"), device("PJSIP/1005", "1005", "PJSIP/1005")),
    memberships=(
        Membership(agent="1004", queue="help", times=1),
        Membership(agent="1004", queue="sales", times=3),
        Membership(agent="1005", queue="help", times=0),
    ),
    answered=((1_990_000, 1),),
)


def test_what_was_seen_is_proposed() -> None:
    """Lines, queues with their members, agents with name and likeliest group, devices, and hours."""
    found = propose(SEEN, POLICY, AT)
    assert [each.name for each in found.lines] == ["4008001"]
    assert [(each.seen.name, each.members) for each in found.queues] == [
        ("sales", ("1004",)),
        ("help", ("1004", "1005")),
    ]
    assert found.agents == (
        AgentProposal(agent="1004", name="王娜娜", group="sales", group_times=3, times=4),
        AgentProposal(agent="1005", name=None, group="help", group_times=0, times=0),
    )
    assert [(each.seen.name, each.agent) for each in found.devices] == [
        ("PJSIP/1004", "1004"),
        ("PJSIP/1005", "1005"),
    ]
    assert any(each.spans for each in found.hours)
    assert found.left_out == ("s",)


def test_what_the_policy_says_is_not_proposed_again() -> None:
    """A pattern's numbers, a queue's rule, an agent, a device by either of its names, and hours are known."""
    version = PolicyVersion(
        lines=(Line(did="4008*", name="a"), Line(did="s*", name="b")),
        queues=(QueueRule(queue="sales"), QueueRule(queue="help")),
    )
    whole = replace(
        POLICY,
        versions=(version,),
        agents=(AgentPeriod(agent="1004"), AgentPeriod(agent="1005")),
        devices=(
            DevicePeriod(interface="PJSIP/1004", agent="1004"),
            DevicePeriod(interface="Local/1005@queue-agents/n", agent="1005"),
        ),
        hours=(WeeklyHours(),),
    )
    assert propose(SEEN, whole, AT) == Proposals()


def test_the_policy_is_asked_as_it_is_in_force() -> None:
    """A row that has ended says nothing any more."""
    ended = replace(
        POLICY, devices=(DevicePeriod(interface="PJSIP/1004", agent="7", end=datetime(2026, 11, 1, tzinfo=UTC)),)
    )
    assert [each.seen.name for each in propose(SEEN, ended, AT).devices] == ["PJSIP/1004", "PJSIP/1005"]


def test_a_device_belongs_to_who_sat_there_last() -> None:
    """Two agents at one device in a stretch give one row, of the later, with all its times."""
    rows = (device("PJSIP/1", "8", last_us=5), device("PJSIP/1", "7", last_us=9), device("PJSIP/1", "9", last_us=3))
    (found,) = propose(seen(devices=rows), POLICY, AT).devices
    assert (found.agent, found.seen.times, found.seen.first_us, found.seen.last_us) == ("7", 3, 1, 9)


def test_what_no_policy_can_name_is_left_out_and_told() -> None:
    """Blank and unprintable names, devices without a technology, and agents without a name are told apart."""
    odd = seen(
        dialled=(sighting("4008 001"), sighting("*600")),
        queues=(sighting(" "), sighting("a\x07")),
        devices=(device("1004", "1004"), device("PJSIP/2", "")),
    )
    found = propose(odd, POLICY, AT)
    assert (found.lines, found.queues, found.devices) == ((), (), ())
    assert found.left_out == ("4008 001", "*600", " ", "a\x07", "1004", "PJSIP/2")
    assert [each.agent for each in found.agents] == ["1004"]


def test_nothing_seen_proposes_nothing() -> None:
    """An empty stretch gives no row at all, not even a closed week."""
    assert propose(seen(), POLICY, AT) == Proposals()
