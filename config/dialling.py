"""How a PBX may be asked to place calls: its trunks, and what each permits. Read by `config.dialling_reading`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from telephony.dialling.numbers import NumberForm

DEFAULT_NOTICE = "threerings-notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class DialTrunk:
    """One way out. `dial` is what Dial() takes, with `{number}` where the customer's number goes.

    `channels` and `per_second` bound our own calls over it, of all campaigns together. `number` and `prefix` say how
    numbers are dialled, `caller_id` which number is shown; '' leaves that to the PBX.
    """

    name: str
    dial: str
    channels: int
    per_second: float = 1.0
    ring: timedelta = timedelta(seconds=30)  # how long a customer's phone may ring
    caller_id: str = ""
    number: NumberForm = NumberForm.NATIONAL
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialling:
    """What placing calls with one PBX needs. `notice` is the sound that says that the call is recorded."""

    trunks: tuple[DialTrunk, ...]
    agent_ring: timedelta = timedelta(seconds=20)  # how long an agent's own phone may ring
    notice: str = DEFAULT_NOTICE

    def trunk(self, name: str) -> DialTrunk | None:
        """The trunk of this name."""
        return next((each for each in self.trunks if each.name == name), None)
