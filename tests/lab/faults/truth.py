"""What the phones say of each call: who talked, from when to when. Pure.

Talk and hold are one stretch here: the PBX's logs know no hold, so only their sum can be judged for every call.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.lab.softphone import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A transfer that was tried. `consultation`: the giver's own call to the colleague, where it was attended."""

    giver: Call
    consultation: Call | None = None

    @property
    def at(self) -> float | None:
        """When the giver let go of the customer; None: he never did."""
        if self.consultation is not None:
            return self.giver.times["end"] if self.giver.transfer_status == 200 else None
        return self.giver.times.get("refer_accepted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A call that was placed, and the phones' dialogs that belong to it."""

    shape: str
    first: Call  # the dialog that began it
    others: Sequence[Call]  # those that it led to
    handover: Handover | None = None
    consulted: Sequence[Call] = ()  # the colleague's end of a consultation


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueCall:
    """A call as the phones know it."""

    shape: str
    caller: str
    dialled: str
    at: float
    internal: bool
    seconds: dict[str, float] = field(default_factory=dict)  # of talk and hold, per agent


Stretch = tuple[str, float, float]


def true_calls(placed: Placed) -> list[TrueCall]:
    """The call; and its consultation as a call of its own, if the two were never joined."""
    first, handover = placed.first, placed.handover
    internal = placed.shape == "internal"
    found = [_call(placed.shape, first, internal, list(_stretches(placed)))]
    if handover is not None and handover.consultation is not None and handover.at is None:
        consultation = handover.consultation
        both = [part for far in placed.consulted for part in _both(consultation, far)]
        found.append(_call("consultation alone", consultation, True, both))
    return found


def _call(shape: str, first: Call, internal: bool, stretches: Iterable[Stretch]) -> TrueCall:
    seconds: dict[str, float] = {}
    for agent, start, end in stretches:
        if end > start:
            seconds[agent] = seconds.get(agent, 0.0) + end - start
    return TrueCall(
        shape=shape,
        caller=first.caller or "",
        dialled=first.number,
        at=first.times["invite"],
        internal=internal,
        seconds=seconds,
    )


def _stretches(placed: Placed) -> Iterable[Stretch]:
    first, handover = placed.first, placed.handover
    if placed.shape == "internal":
        for far in placed.others:
            yield from _both(first, far)
    elif placed.shape == "outbound":
        for far in placed.others:
            yield (first.phone.user, *together(first, far))
    else:
        for leg in placed.others:
            start, end = together(first, leg)
            if handover is not None and leg is handover.giver and handover.at is not None:
                end = min(end, handover.at)
            yield leg.phone.user, start, end
    if handover is not None and handover.consultation is not None and handover.at is not None:
        for leg in placed.consulted:
            start, end = together(first, leg)
            yield leg.phone.user, max(start, handover.at), end


def _both(near: Call, far: Call) -> list[Stretch]:
    """Two agents who talk with each other."""
    start, end = together(near, far)
    return [(near.phone.user, start, end), (far.phone.user, start, end)]


def together(one: Call, other: Call) -> tuple[float, float]:
    """From when both were up to when the first of them was not; nothing where one never was."""
    if "answer" not in one.times or "answer" not in other.times:
        return 0.0, 0.0
    start = max(one.times["answer"], other.times["answer"])
    return start, max(start, min(one.times.get("end", start), other.times.get("end", start)))
