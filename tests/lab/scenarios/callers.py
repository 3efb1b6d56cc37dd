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
    """Quotes and backslashes, Chinese, U+2028, a name of 3,000 letters."""
    w.agents["1003"].plan = {"ring": 0.5}
    for n, name in enumerate(HOSTILE_NAMES):
        call = w.dial_in("442079460003", display=name)
        leg = w.agent_call("1003", nth=n)
        leg.wait_state("up", timeout=5)
        hang_up(call, after=0.7)
        w.record(call, "answered", sent_name=name, caller_name=permitted_names(name))


def permitted_names(name: str) -> list[str]:
    """As sent, or as Asterisk keeps it: 79 letters, the quoted string's backslashes left in, once or escaped again."""
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
