"""Which memberships a held agent leaves, and which he gets back."""

from __future__ import annotations

import pytest

from telephony.dialling.held import Membership, to_pause, to_release


def member(
    interface: str = "PJSIP/1001", state: str = "", reason: str | None = None, queue: str = "a"
) -> Membership:
    """A membership; paused if there is a reason, '' included."""
    return Membership(
        queue=queue, interface=interface, state_interface=state, paused=reason is not None, reason=reason or ""
    )


@pytest.mark.parametrize(
    ("interface", "state", "device", "is_his"),
    [
        ("PJSIP/1004", "PJSIP/1004", "PJSIP/1004", True),
        ("Local/1004@queue-agents/n", "PJSIP/1004", "PJSIP/1004", True),
        ("Local/1004@from-queue/n", "hint:1004@ext-local", "PJSIP/1004", True),
        ("Local/1004@from-queue/n", "hint:1004@ext-local", "PJSIP/1005", False),
        ("SIP/1004", "SIP/1004", "PJSIP/1004", False),
        ("PJSIP/1004", "PJSIP/1004", "PJSIP/100", False),
    ],
)
def test_a_membership_belongs_to_the_device_that_rings_for_it(
    interface: str, state: str, device: str, is_his: bool
) -> None:
    """By its interface, its state interface, or the extension of its Local channel."""
    assert member(interface, state).is_of(device) is is_his


def test_only_what_is_not_paused_is_paused() -> None:
    """A lunch pause in one queue stays a lunch pause."""
    free, lunch = member(), member(reason="lunch", queue="b")
    assert to_pause([free, lunch]) == [free]


def test_who_is_paused_everywhere_by_somebody_else_is_not_free() -> None:
    """A pause without a reason counts; who is in no queue, or held already, is."""
    assert to_pause([member(reason="lunch"), member(reason="", queue="b")]) is None
    assert to_pause([]) == []
    assert to_pause([member(reason="three-rings"), member(reason="lunch", queue="b")]) == []


def test_only_what_we_paused_is_given_back() -> None:
    """Told by the reason, so that a restart forgets nothing."""
    ours = member(reason="three-rings")
    assert to_release([ours, member(reason="lunch", queue="b"), member(queue="c")]) == [ours]
