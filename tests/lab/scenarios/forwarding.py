"""Calls that go on elsewhere before anybody answered."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import hang_up, outside
from tests.lab.world import World

# The contract has no word of its own for "forwarded".
FORWARDED = ["declined", "busy", "answered_elsewhere", "no_answer", "failed"]


@scenario
def forward_302_to_colleague(w: World) -> None:
    """1003's phone answers at once with 302: "try 1006"."""
    w.agents["1003"].plan = {"forward": "1006", "truth": {"outcome": FORWARDED}}
    w.agents["1006"].plan = {"ring": 1.5, "truth": {"source": ["direct", "transfer"]}}
    call = w.dial_in("442079460003")
    w.agent_call("1006").wait_state("up")
    hang_up(call, after=3)
    w.record(call, "answered", transfers=[{"kind": "forward", "by": "1003", "to": "1006", "completed": True}])


@scenario
def forward_302_to_mobile(w: World) -> None:
    """1003's phone rings, then its owner sends the call to his mobile."""
    w.agents["1003"].plan = {"ring": 1.5, "forward": "9447700900778", "truth": {"outcome": FORWARDED}}
    w.trunk.plan = {"ring": 1.5}
    call = w.dial_in("442079460003")
    mobile = w.outside_leg()
    mobile.wait_state("up")
    hang_up(call, after=3)
    w.record(
        call,
        "answered_outside",
        outside=outside(mobile),
        transfers=[{"kind": "forward", "by": "1003", "to": ["447700900778", "9447700900778"], "completed": True}],
    )


@scenario
def line_forwarded_to_mobile(w: World) -> None:
    """The number itself is forwarded: no agent's phone at all."""
    w.trunk.plan = {"ring": 1.5}
    call = w.dial_in("442079460120")
    mobile = w.outside_leg()
    mobile.wait_state("up")
    hang_up(call, after=3)
    w.record(call, "answered_outside", outside=outside(mobile))
