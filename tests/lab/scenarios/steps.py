"""Steps that several scenarios share, and the words in which they state what is scripted."""

from __future__ import annotations

import time
from typing import Any

from tests.lab.softphone import Call
from tests.lab.stories import DIGIT_CYCLE, DIGIT_ON
from tests.lab.world import World

sleep = time.sleep


def recognised(call: Call, nth: int = -1) -> float:
    """When the PBX had heard the last digit of the nth pressing of keys."""
    _, pressed, digits = [mark for mark in call.marks if mark[0] == "dtmf"][nth]
    return pressed + DIGIT_ON + DIGIT_CYCLE * (len(digits) - 1)


def handed_over(
    kind: Any,
    by: Call,
    to: Any,
    *,
    completed: Any = True,
    at: float | None = None,
    consulted: Call | None = None,
    code: bool = False,
) -> dict[str, Any]:
    """A transfer for World.record.

    at: when the agent let go of the customer (default: REFER accepted for a blind one, else the
    end of his call); consulted: the second agent's call, if they talked first; code: by DTMF,
    so that the customer heard music from the code on.
    """
    if at is None:
        blind = kind == "blind" and not code
        at = (by.times.get("refer_accepted") if blind else None) or by.times["end"]
    return {
        "kind": kind,
        "by": by.phone.user,
        "to": to,
        "at": round(at, 3),
        "completed": completed,
        "hold_from": round(recognised(by, 0), 3) if code else None,
        "consult_from": consulted.times.get("answer") if consulted else None,
    }


def spoken(agent: str, kind: Any, begin: float | None, end: float | None, hold: Any = 0.0) -> dict[str, Any]:
    """A stretch of talk that the script itself bounds."""
    return {"agent": agent, "kind": kind, "from": begin, "to": end, "hold_seconds": hold}


def customer_talks_to(w: World, did: str, agent: str, ring: float = 1.0, seconds: float = 2.0) -> tuple[Call, Call]:
    """A customer calls, the agent answers, they talk; both calls."""
    w.agents[agent].plan = {"ring": ring}
    call = w.dial_in(did)
    leg = w.agent_call(agent)
    leg.wait_state("up")
    sleep(seconds)
    return call, leg


def hang_up(call: Call, after: float = 0.0) -> None:
    """Hang up, and wait until everybody noticed."""
    sleep(after)
    call.hangup()
    call.wait_state("ended", timeout=10)
    sleep(0.5)


def outside(call: Call) -> dict[str, Any]:
    """What the provider saw of a call placed to it."""
    return {
        "number": call.number,
        "ring": call.seconds("invite", "answer"),
        "talk": call.seconds("answer", "end"),
        "t_invite": round(call.times["invite"], 3),
        "from": call.caller,
    }
