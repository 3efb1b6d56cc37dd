"""One call at one phone: what the phone means to do with it, its SIP dialog, and what it tells of it afterwards."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.lab.sip import Message, media_of, tag_of, uri_of, user_of

OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a phone does with one call; `name` is the word for it. Seconds.

    `ring`: until it answers; None: it rings until the PBX gives up; 0: it does so at once, without a 180.
    `talk`: until it hangs up; None: it leaves that to the other side.
    """

    name: str
    ring: float | None = 0.5
    code: int = OK
    reason: str = "OK"
    talk: float | None = None
    sound: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One call as its phone knows it. Instants are epoch seconds, None where it never came to that.

    `by` says who ended it: us, them, cancel, refused, or cut where the PBX died. `repeats` counts the INVITEs of this
    very call that the PBX sent again for want of an answer.
    """

    phone: str
    call_id: str
    number: str
    caller: str
    plan: str
    invite: float
    ringing: float | None = None
    answer: float | None = None
    end: float | None = None
    by: str | None = None
    code: int | None = None
    repeats: int = 0

    def told(self) -> dict[str, Any]:
        """As a line of the phones' truth."""
        return asdict(self)


@dataclass(slots=True, kw_only=True)
class Dialog:
    """The SIP dialog of an incoming call, from its INVITE on."""

    phone: str
    invite: Message
    at: float = field(default_factory=time.time)
    tag: str = field(default_factory=lambda: f"{random.getrandbits(32):08x}")
    plan: Plan | None = None
    ringing: float | None = None
    answer: float | None = None
    end: float | None = None
    by: str | None = None
    code: int | None = None
    repeats: int = 0
    cseq: int = field(default_factory=lambda: random.randint(1, 1000))
    last_reply: tuple[str, bytes] = ("", b"")
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    goodbye: asyncio.Event = field(default_factory=asyncio.Event)  # our BYE was answered

    @property
    def call_id(self) -> str:
        return self.invite.get("call-id")

    @property
    def number(self) -> str:
        """Who was dialled."""
        return user_of(self.invite.first.split(" ")[1])

    @property
    def caller(self) -> str:
        """The number that was shown."""
        return user_of(uri_of(self.invite.get("from")))

    @property
    def target(self) -> str:
        """Where requests of ours go."""
        return uri_of(self.invite.get("contact"))

    @property
    def media(self) -> tuple[str, int] | None:
        """Where the PBX wants our sound."""
        return media_of(self.invite.body)

    @property
    def is_over(self) -> bool:
        return self.end is not None

    @property
    def is_up(self) -> bool:
        return self.answer is not None and self.end is None

    @property
    def local(self) -> str:
        to = self.invite.get("to")
        return to if tag_of(to) else f"{to};tag={self.tag}"

    def ends(self, by: str, at: float | None = None) -> None:
        """It is over; the first word on that counts."""
        if self.end is None:
            self.end, self.by = at or time.time(), by
            self.over.set()

    def leg(self) -> Leg:
        """What there is to tell of it."""
        return Leg(
            phone=self.phone,
            call_id=self.call_id,
            number=self.number,
            caller=self.caller,
            plan="" if self.plan is None else self.plan.name,
            invite=self.at,
            ringing=self.ringing,
            answer=self.answer,
            end=self.end,
            by=self.by,
            code=self.code,
            repeats=self.repeats,
        )
