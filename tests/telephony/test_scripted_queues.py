"""The queues of a scripted PBX: acts change them, so does what is played, and later events tell how they are now."""

from __future__ import annotations

from telephony.ami.packet import Packet
from telephony.scripted_queues import ScriptedMember, ScriptedQueues

HEAD = "Queue: support\r\nInterface: PJSIP/1003\r\nMemberName: Carol"


def queues() -> ScriptedQueues:
    """One member in one queue."""
    found = ScriptedQueues()
    found.seat([ScriptedMember(queue="support", interface="PJSIP/1003", name="Carol")])
    return found


def played(what: str, *more: str) -> bytes:
    """An event of the script."""
    return "\r\n".join([f"Event: QueueMember{what}", HEAD, *more]).encode()


def test_what_is_played_after_an_act_tells_of_the_act() -> None:
    """A state of the script says paused with the reason; one who was taken out is told of no more."""
    found = queues()
    status = played("Status", "Paused: 0", "PausedReason: ", "Status: 1")
    assert found.as_now(status) == status
    action = Packet(
        b"Action: QueuePause\r\nQueue: support\r\nInterface: PJSIP/1003\r\nPaused: true\r\nReason: lunch"
    )
    assert found.answer(action) is not None
    assert found.as_now(status) == played("Status", "Paused: 1", "PausedReason: lunch", "Status: 1")
    assert found.as_now(b"Event: Newchannel\r\nUniqueid: 1") == b"Event: Newchannel\r\nUniqueid: 1"
    found.as_now(played("Removed"))
    assert found.as_now(status) is None


def test_what_the_script_does_is_listed() -> None:
    """It pauses, takes out and puts in: the next list has it."""
    found = queues()
    found.as_now(played("Pause", "Paused: 1", "PausedReason: break"))
    assert found.members["support", "PJSIP/1003"].reason == "break"
    found.as_now(played("Removed"))
    assert found.listed() == [("Event: QueueParams", "Queue: support", "Strategy: rrmemory")]
    found.as_now(played("Added"))
    assert found.members["support", "PJSIP/1003"].dynamic
    assert "Membership: dynamic" in found.listed()[1]
