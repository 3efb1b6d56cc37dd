"""One connection to a manager as a state machine: bytes and time in, events and bytes out; no IO.

    protocol = Protocol(login, now=clock.monotonic(), id_prefix=...)
    for event in protocol.receive(data, now): ...
    writer.write(protocol.data_to_send())

A PBX speaks first, one banner line of any version. We ask for a challenge and answer it (MD5), or send
the secret as it is (plain). From then on it streams events and we may send actions. The connection ends
once, for one reason, and the object is of no use afterwards.

TABLE is the machine: what may happen in each state, and where it leads. Entering a state does what
`_enter` says and nothing else does it.

A full stream has 200,000 events a second. So packets are handed on in whole runs, one run a chunk, and
while no action waits for its answer nobody looks at them. Answers are in the run too: the journal
wants what the PBX said, whoever asked.

Time is an argument: seconds of a clock that never goes backwards. `deadline()` says when to call `tick`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import Enum

from telephony.ami.actions import Pair, encode
from telephony.ami.answers import ActionResult, Answers
from telephony.ami.packet import ENCODING, ERRORS
from telephony.ami.parser import MAX_PACKET, Parser
from telephony.ami.signals import (
    ActionAnswered,
    LoggedIn,
    Login,
    LoginRefused,
    Lost,
    LostReason,
    PacketsReceived,
    ProtocolEvent,
    Timing,
)
from telephony.errors import MisuseError, ProtocolError


class State(Enum):
    """Where a connection is."""

    BANNER = "waits for the first line"
    CHALLENGE = "asked for a challenge"
    LOGIN = "sent the login"
    RUNNING = "logged in: events stream, actions may be sent"
    ENDED = "over; nothing more may happen"


SHUTTING_DOWN = "shutting down"
"""What a PBX answers to a login while it waits for its calls to end (`core stop gracefully`)."""


class Signal(Enum):
    """What can happen to a connection."""

    GREETED = "the banner was read and the login answers a challenge"
    GREETED_PLAIN = "the banner was read and the login is plain"
    CHALLENGED = "the challenge came"
    ACCEPTED = "the login was accepted"
    END = "refused, silent, broken or closed: see LostReason"


TABLE: dict[tuple[State, Signal], State] = {
    (State.BANNER, Signal.GREETED): State.CHALLENGE,
    (State.BANNER, Signal.GREETED_PLAIN): State.LOGIN,
    (State.BANNER, Signal.END): State.ENDED,
    (State.CHALLENGE, Signal.CHALLENGED): State.LOGIN,
    (State.CHALLENGE, Signal.END): State.ENDED,
    (State.LOGIN, Signal.ACCEPTED): State.RUNNING,
    (State.LOGIN, Signal.END): State.ENDED,
    (State.RUNNING, Signal.END): State.ENDED,
}


class Protocol:
    """One connection, from the banner to its end.

    id_prefix: begins every ActionID. It must differ between connections and programs, since
    Asterisk shows the ActionID of a UserEvent or an Originate to every manager.
    """

    def __init__(
        self,
        login: Login,
        *,
        now: float,
        id_prefix: str,
        timing: Timing | None = None,
        max_packet: int = MAX_PACKET,
    ) -> None:
        self.state = State.BANNER
        self._login = login
        self._timing = timing or Timing()
        self._parser = Parser(max_packet=max_packet)
        self._answers = Answers(id_prefix)
        self._out = bytearray()
        self._started_at = self._heard_at = now
        self._pinged_at: float | None = None

    @property
    def banner(self) -> str:
        """The PBX's first line, or '' before it came."""
        return self._parser.banner or ""

    def receive(self, data: bytes, now: float) -> list[ProtocolEvent]:
        """What these bytes mean. Never raises for what the PBX said: that ends in `Lost`."""
        self._must_not_have_ended("receive")
        self._heard_at, self._pinged_at = now, None
        try:
            frames = self._parser.cut(data)
            if self.state is State.RUNNING:
                return self._run(frames) if frames else []
            return self._log_in(frames)
        except ProtocolError as error:
            return self._end(LostReason.PROTOCOL_ERROR, str(error))

    def send(self, name: str, pairs: Iterable[Pair] = ()) -> str:
        """Queue an action and return its ActionID. It is never sent twice.

        Raises UnsafeValueError, MisuseError (also when not logged in).
        """
        if self.state is not State.RUNNING:
            raise MisuseError(f"action {name!r}: found state {self.state.name}, expected RUNNING")
        return self._ask(name, pairs)

    def forget(self, action_id: str) -> None:
        """Nobody waits for this answer any more; it may still come."""
        self._answers.forget(action_id)

    def data_to_send(self) -> bytes:
        """Bytes for the PBX; each byte is given once."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def deadline(self) -> float | None:
        """When `tick` is due, or None when the connection is over."""
        if self.state is State.ENDED:
            return None
        if self.state is not State.RUNNING:
            return self._started_at + self._timing.login
        if self._pinged_at is None:
            return self._heard_at + self._timing.ping
        return self._pinged_at + max(0.0, self._timing.lost - self._timing.ping)

    def tick(self, now: float) -> list[ProtocolEvent]:
        """Time has come to `now`: ping a silent PBX, or give it up. Before the deadline nothing happens."""
        due = self.deadline()
        if due is None or now < due:
            return []
        if self.state is not State.RUNNING:
            return self._end(LostReason.LOGIN_TIMEOUT, f"{self.state.value} for {self._timing.login} s")
        # Counted from the ping, not from the last byte: if it was us who slept, the PBX gets its time.
        if self._pinged_at is not None:
            return self._end(LostReason.SILENT, f"not a byte for {now - self._heard_at:.3f} s")
        self._pinged_at = now
        self._ask("Ping", unheard=True)
        return []

    def end(self, reason: LostReason, detail: str = "") -> list[ProtocolEvent]:
        """The connection is over for a reason outside: end of stream, an error, our own wish."""
        if self.state is State.ENDED:
            return []
        if self._parser.pending:
            detail = f"{detail}{', ' if detail else ''}{self._parser.pending} bytes of an unfinished packet"
        return self._end(reason, detail)

    def _run(self, frames: list[bytes]) -> list[ProtocolEvent]:
        events: list[ProtocolEvent] = [PacketsReceived(frames=frames)]
        if not self._answers.waiting:
            return events
        try:
            answered = self._answers.read(frames)
        except ProtocolError as error:
            return events + self._end(LostReason.PROTOCOL_ERROR, str(error))
        return events + [ActionAnswered(action_id=key, result=result) for key, result in answered]

    def _log_in(self, frames: list[bytes]) -> list[ProtocolEvent]:
        """The packets before the login is accepted are ours alone; what follows it is the stream."""
        if self.state is State.BANNER and self.banner:
            self._enter(Signal.GREETED_PLAIN if self._login.plain else Signal.GREETED)
        for position, frame in enumerate(frames):
            for _, result in self._answers.read([frame]):
                if not result.success:
                    if SHUTTING_DOWN in result.message:
                        # No fault of ours, and over in a moment.
                        return self._end(LostReason.CLOSED_BY_PBX, result.message)
                    refusal = LoginRefused(message=result.message)
                    return [refusal, *self._end(LostReason.LOGIN_REFUSED, result.message)]
                if self.state is State.LOGIN:
                    return self._accept(frames[position + 1 :])
                self._answer_challenge(result)
        return []

    def _accept(self, rest: list[bytes]) -> list[ProtocolEvent]:
        self._enter(Signal.ACCEPTED)
        return [LoggedIn(banner=self.banner), *(self._run(rest) if rest else [])]

    def _answer_challenge(self, result: ActionResult) -> None:
        challenge = result.get("Challenge")
        if not challenge:
            raise ProtocolError("answer to Challenge: found none in it, expected a header Challenge")
        self._enter(Signal.CHALLENGED, challenge)

    def _enter(self, signal: Signal, challenge: str = "") -> None:
        """Follow the table, and say what the new state begins with."""
        self.state = TABLE[self.state, signal]
        if self.state is State.CHALLENGE:
            self._ask("Challenge", [("AuthType", "MD5")])
        elif self.state is State.LOGIN:
            self._ask("Login", self._credentials(challenge))

    def _credentials(self, challenge: str) -> list[Pair]:
        login = self._login
        user = ("Username", login.user)
        if login.plain:
            return [user, ("Secret", login.secret), ("Events", login.events)]
        key = hashlib.md5((challenge + login.secret).encode(ENCODING, ERRORS), usedforsecurity=False)
        return [("AuthType", "MD5"), user, ("Key", key.hexdigest()), ("Events", login.events)]

    def _ask(self, name: str, pairs: Iterable[Pair] = (), *, unheard: bool = False) -> str:
        action_id = self._answers.next_id()
        self._out += encode(name, pairs, action_id=action_id)
        if not unheard:
            self._answers.expect(action_id)
        return action_id

    def _end(self, reason: LostReason, detail: str) -> list[ProtocolEvent]:
        self._enter(Signal.END)
        self._out.clear()
        return [Lost(reason=reason, detail=detail, unanswered=self._answers.drop())]

    def _must_not_have_ended(self, what: str) -> None:
        if self.state is State.ENDED:
            raise MisuseError(f"{what}: found a connection that is over, expected one that is up")
