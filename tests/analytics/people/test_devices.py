"""Who sat where: interface before device, half-open spans, and a name for everybody."""

from __future__ import annotations

import pytest

from analytics.errors import MappingError
from analytics.people.devices import Assignment, DeviceMap, extension_of
from tests.analytics.factory import at

LOCAL = "Local/1004@queue-agents/n"


@pytest.mark.parametrize(
    ("interface", "extension"),
    [
        ("PJSIP/1004", "1004"),
        (LOCAL, "1004"),
        ("Local/1004@from-queue", "1004"),
        ("SIP/agent-one", "agent-one"),
        ("PJSIP/1004/sip:1004@10.0.0.1", "1004"),
        ("1004", "1004"),
        ("", ""),
    ],
)
def test_an_interface_has_an_extension(interface: str, extension: str) -> None:
    """What a reader would call the phone."""
    assert extension_of(interface) == extension


def test_the_interface_is_looked_up_before_the_device() -> None:
    """A hot desk's member is its own, whatever phone it rings."""
    both = DeviceMap([Assignment(interface=LOCAL, agent="li"), Assignment(interface="PJSIP/1004", agent="wang")])
    assert both.resolve(LOCAL, "PJSIP/1004", at(0)) == "li"
    assert both.resolve("PJSIP/1004", "PJSIP/1004", at(0)) == "wang"
    only_device = DeviceMap([Assignment(interface="PJSIP/1004", agent="wang")])
    assert only_device.resolve(LOCAL, "PJSIP/1004", at(0)) == "wang"


def test_who_is_not_mapped_is_named_by_the_extension_of_the_device() -> None:
    """Before the mapping, after it, and without one."""
    mapping = DeviceMap([Assignment(interface="PJSIP/1004", agent="wang", valid_from=at(10), valid_to=at(20))])
    named = [mapping.resolve(LOCAL, "PJSIP/1004", at(second)) for second in (9.999999, 10, 19.999999, 20)]
    assert named == ["1004", "wang", "wang", "1004"]
    assert DeviceMap().resolve("Local/77@x", "PJSIP/1004", at(0)) == "1004"
    assert DeviceMap().resolve("Local/77@x", "", at(0)) == "77"


def test_two_agents_at_one_interface_at_the_same_time_are_refused() -> None:
    """The one's end may be the other's start."""
    first = Assignment(interface="PJSIP/1004", agent="wang", valid_to=at(10))
    assert DeviceMap([first, Assignment(interface="PJSIP/1004", agent="li", valid_from=at(10))])
    with pytest.raises(MappingError, match="PJSIP/1004: found wang and li at the same time"):
        DeviceMap([first, Assignment(interface="PJSIP/1004", agent="li", valid_from=at(9))])


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    """An empty one too: nobody sat there."""
    for end in (9, 10):
        with pytest.raises(MappingError, match="expected from < to"):
            DeviceMap([Assignment(interface="a", agent="b", valid_from=at(10), valid_to=at(end))])


def test_the_newest_name_of_an_agent_is_his_name() -> None:
    """One who is given none keeps none."""
    mapping = DeviceMap(
        [
            Assignment(interface="a", agent="wang", name="王", valid_from=at(10)),
            Assignment(interface="b", agent="wang", name="王娜", valid_from=at(20)),
            Assignment(interface="c", agent="li"),
        ]
    )
    assert mapping.names() == {"wang": "王娜"}
