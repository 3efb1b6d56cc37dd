"""An order as the pairs of an Originate. Pure.

Asynchronous, so that the answer comes at once and holds nothing back; the order's own channel id, so that every event
and every row of the PBX's logs names the attempt. Where the first leg leads once it has answered are two contexts of
the dialplan, printed by `pbx config`; what they need is handed to them in variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from telephony.ami.actions import Pair, variable
from telephony.dialler import First, Order
from telephony.dialling.numbers import is_diallable
from telephony.errors import MisuseError

CUSTOMER_CONTEXT = "threerings-customer"
"""Where an agent goes who has answered: it dials his customer."""
AGENT_CONTEXT = "threerings-agent"
"""Where a customer goes who has answered: it rings his agent."""
NUMBER = "{number}"
DIALLED = "CALLERID(dnid)"
"""The number that was dialled: of a first leg that never answers CEL's column for it is the only place that tells."""
SECOND_HALF = "-2"
"""What the second half of a Local channel has after the attempt's channel id."""
# Dial() would read a comma as options, an ampersand as a second device.
_DEVICE = re.compile(r"[A-Za-z][A-Za-z0-9]*/[A-Za-z0-9_.:/@+*#-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What a PBX's orders need beside the order itself.

    dial: each trunk's dial string, as `PJSIP/{number}@trunk`; agent_ring: how long an agent's own phone may ring;
    notice: the sound that says that the call is recorded, as Playback takes it.
    """

    dial: Mapping[str, str] = field(default_factory=dict)
    agent_ring: timedelta = timedelta(seconds=20)
    notice: str = "threerings-notice"


def originate(order: Order, lines: Lines) -> list[Pair]:
    """The pairs of the one Originate that places this order.

    Raises MisuseError for a trunk that has no dial string, and a number or device that are none.
    """
    _check(order)
    string = dial_string(order.trunk, order.number, lines)
    channel = order.device if order.first is First.AGENT else string
    return [
        ("Channel", channel),
        *_route(order, lines),
        ("Priority", "1"),
        ("Async", "true"),
        *([("Account", order.account)] if order.account else []),
        ("ChannelId", order.channel_id),
        *([("OtherChannelId", order.channel_id + SECOND_HALF)] if channel.startswith("Local/") else []),
        *(variable(name, value) for name, value in _variables(order, lines, string) if value),
    ]


def dial_string(trunk: str, number: str, lines: Lines) -> str:
    """What Dial() takes to reach a number over this trunk. Raises MisuseError for an unknown trunk."""
    string = lines.dial.get(trunk)
    if string is None:
        raise MisuseError(f"trunk {trunk}: found no dial string, expected one of {', '.join(sorted(lines.dial))}")
    return string.replace(NUMBER, number)


def _check(order: Order) -> None:
    """Numbers and devices come from files and people: what the dialplan could take for more than that is refused."""
    what = f"order {order.channel_id}"
    if not is_diallable(order.number):
        raise MisuseError(f"{what}: found a number that cannot be dialled, expected digits")
    if order.caller_id and not is_diallable(order.caller_id):
        raise MisuseError(f"{what}: found {order.caller_id[:40]!r} as caller id, expected digits")
    if not _DEVICE.fullmatch(order.device):
        raise MisuseError(f"{what}: found the device {order.device[:40]!r}, expected one such as PJSIP/1001")


def _route(order: Order, lines: Lines) -> list[Pair]:
    """Where the first leg goes, how long it may ring, and what it shows."""
    if order.first is First.AGENT:
        shown, ring, context = order.number, lines.agent_ring, CUSTOMER_CONTEXT
    else:
        shown, ring, context = order.caller_id, order.ring, AGENT_CONTEXT
    return [
        ("Context", context),
        ("Exten", order.number),
        ("Timeout", str(ring // timedelta(milliseconds=1))),
        *([("CallerID", shown)] if shown else []),
    ]


def _variables(order: Order, lines: Lines, string: str) -> list[Pair]:
    """What the dialplan needs for the second leg."""
    notice = lines.notice if order.notice else ""
    if order.first is First.AGENT:
        second = [("THREERINGS_DIAL", string), ("THREERINGS_CALLER", order.caller_id)]
        ring = order.ring
    else:
        second = [("THREERINGS_DEVICE", order.device)]
        ring = lines.agent_ring
    second.append((DIALLED, order.number))
    return [*second, ("THREERINGS_RING", _seconds(ring)), ("THREERINGS_NOTICE", notice), *order.variables]


def _seconds(span: timedelta) -> str:
    """Seconds as Dial() takes them, with decimals only where there are any."""
    return f"{span // timedelta(milliseconds=1) / 1000:g}"
