"""Callers with unusual names and numbers."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import hang_up
from tests.lab.world import World

HOSTILE_NAMES = (
    'Robert "Bobby" O\'Neil \\ <tables>; --',
    "王小明（上海）三声 ☎ 客户",
    "line\u2028separator\u2029and\u200b\ufeff=cmd|' /C calc'!A0",
    "L" + "o" * 3000 + "ng",
)


@scenario
def caller_names_hostile(w: World) -> None:
    """Quotes and backslashes, Chinese, U+2028, a name of 3,000 letters.

    A quote in the name breaks the expressions of a dialplan like FreePBX's: that call is dropped.
    """
    w.agents["1003"].plan = {"ring": 0.5}
    for name in HOSTILE_NAMES:
        known = len(w.agents["1003"].rung())
        call = w.dial_in("442079460003", display=name)
        call.wait_state("up", "ended", timeout=5)
        hang_up(call, after=0.7)
        legs = w.agents["1003"].rung()[known:]
        w.record(
            call,
            "answered" if legs else "unavailable",
            legs=legs,
            sent_name=name,
            caller_name=permitted_names(name),
        )


def permitted_names(name: str) -> list[str]:
    """As sent, or as Asterisk keeps it: 79 letters, the quoted string's backslashes, once or twice."""
    kept = name.replace("\\", "\\\\").replace('"', '\\"')
    shown = kept.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'")
    return [form[:cut] for form in (name, kept, shown) for cut in (None, 79)]


@scenario
def caller_number_international(w: World) -> None:
    """The number comes with a plus."""
    w.agents["1003"].plan = {"ring": 0.5}
    call = w.dial_in("442079460003", caller="+4915112345678", display="")
    w.agent_call("1003").wait_state("up")
    hang_up(call, after=1)
    w.record(call, "answered")


@scenario
def caller_withheld(w: World) -> None:
    """No number at all: sip:anonymous@anonymous.invalid."""
    w.agents["1003"].plan = {"ring": 1.0}
    call = w.dial_in("442079460003", caller="anonymous", display="Anonymous", host="anonymous.invalid")
    w.agent_call("1003").wait_state("up")
    hang_up(call, after=2)
    w.record(call, "answered", withheld=True, caller=None, caller_name=None)


@scenario
def caller_withheld_identity_known(w: World) -> None:
    """Withheld for people (Privacy: id), though the network tells the PBX; the manager shows the number."""
    w.agents["1003"].plan = {"ring": 1.0}
    number = w.caller()
    call = w.dial_in(
        "442079460003",
        caller="anonymous",
        display="Anonymous",
        host="anonymous.invalid",
        extra=[("P-Asserted-Identity", f"<sip:{number}@provider.invalid>"), ("Privacy", "id")],
    )
    w.agent_call("1003").wait_state("up")
    hang_up(call, after=2)
    w.record(call, "answered", caller=number, caller_name=None, presentation="restricted")
