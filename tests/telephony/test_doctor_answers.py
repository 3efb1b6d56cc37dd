"""What answers and streams of real PBXs show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from telephony.ami.answers import ActionResult
from telephony.ami.packet import Packet
from telephony.doctor_answers import Answers, Seen, observe, read_commands, read_members, read_settings
from tests.telephony.ami.transcripts import VERSIONS
from tests.telephony.doctor_cases import answers_of, packets, seen_in

DENIED = ActionResult(response=Packet(b"Response: Error\r\nMessage: Permission denied"))


@pytest.mark.parametrize(
    ("version", "expected"),
    [("16.28", (16, 28, 0)), ("22.10", (22, 10, 1)), ("freepbx-16", (16, 28, 0)), ("freepbx-22", (22, 10, 1))],
)
def test_the_version_is_read(version: str, expected: tuple[int, ...]) -> None:
    """As Debian writes it, with a tail."""
    assert answers_of(version).version == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("certified/18.9-cert4", (18, 9)), ("20.5.0", (20, 5, 0)), ("GIT-master-abc", None), ("", None)],
)
def test_other_ways_to_write_a_version(text: str, expected: tuple[int, ...] | None) -> None:
    """A certified one has a number, one built from source may have none."""
    assert Answers(settings={"AsteriskVersion": text}).version == expected


@pytest.mark.parametrize("version", VERSIONS)
def test_the_write_classes_show_in_the_allowed_commands(version: str) -> None:
    """The captured user may do everything; reporting hides behind system."""
    assert answers_of(version).write_classes == {
        "system", "call", "agent", "originate", "command", "config", "user",
    }  # fmt: skip


def test_a_listener_s_write_class_is_reporting() -> None:
    """CoreStatus without ModuleLoad."""
    raw = (
        b"Response: Success\r\nActionID: 1\r\nCoreStatus: Show.  (Priv: system,reporting,all)\r\n"
        b"Ping: Keepalive command.  (Priv: <none>)"
    )
    commands = read_commands(ActionResult(response=Packet(raw)))
    assert commands == {"CoreStatus", "Ping"}
    assert Answers(commands=commands).write_classes == {"reporting"}
    assert Answers(commands=frozenset({"Ping"})).write_classes == frozenset()


def test_what_was_refused_is_unknown_not_empty() -> None:
    """No answer is not the answer no."""
    assert read_commands(DENIED) is None
    assert read_members(DENIED) is None
    assert read_settings(DENIED) is None
    assert Answers().write_classes is None


def test_members_are_read_with_their_state_interface() -> None:
    """Twelve items of QueueStatus, seven of them members."""
    members = answers_of("22.10").members
    assert members is not None
    assert len(members) == 7
    (dave,) = [member for member in members if member.name == "Dave Dixon"]
    assert (dave.interface, dave.state_interface) == ("Local/1004@queue-agents/n", "hint:1004@agents")


def test_a_plain_stream_shows_times_variables_and_exits() -> None:
    """The lab's plain set-up has all that we ask for."""
    seen = seen_in("22.10")
    assert (seen.unstamped, seen.named) == (0, seen.recordings)
    assert seen.stamped > 7000
    assert set(seen.variables) == {"CALL_ID", "RECORDING"}
    assert (seen.queue_exits, seen.queue_leaves, seen.recordings) == (3, 22, 47)
    assert {"call", "agent", "cdr", "user", "dtmf", "system"} <= set(seen.classes)
    assert seen.given_up["priority"] == [timedelta(seconds=4), timedelta(seconds=4), timedelta(seconds=1)]


def test_a_freepbx_stream_shows_none_of_them() -> None:
    """FreePBX's own manager.conf has neither times nor variables."""
    seen = seen_in("freepbx-22")
    assert (seen.stamped, seen.variables, seen.queue_exits, seen.named) == (0, {}, 0, 0)
    assert seen.recordings > 10


def test_answers_in_the_stream_are_no_events() -> None:
    """List items carry neither Privilege nor Timestamp and must not look like a missing one."""
    item = Packet(b"Event: QueueParams\r\nQueue: a\r\nActionID: 1")
    booted = Packet(b"Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted")
    seen = observe([item, booted, Packet(b"Response: Success\r\nActionID: 1")], Seen())
    assert (seen.events, seen.stamped, seen.unstamped, seen.classes["system"]) == (1, 0, 0, 1)


def test_it_can_be_shown_in_pieces() -> None:
    """A stream comes in batches."""
    all_packets, seen = packets("16.28"), Seen()
    for start in range(0, len(all_packets), 997):
        observe(all_packets[start : start + 997], seen)
    assert seen == seen_in("16.28")
