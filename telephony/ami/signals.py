"""What the protocol is given and what it says: the login, its timing, and the events it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from telephony.ami.actions import encode
from telephony.ami.answers import ActionResult
from telephony.ami.packet import Packet


class LostReason(StrEnum):
    """Why a connection is no more."""

    CLOSED_BY_PBX = "closed_by_pbx"  # the stream ended: restart, slow reader dropped, logged off
    CLOSED_BY_US = "closed_by_us"
    LOGIN_REFUSED = "login_refused"  # wrong user, secret or address
    LOGIN_TIMEOUT = "login_timeout"  # no answer to the login within `Timing.login`
    SILENT = "silent"  # not a byte for `Timing.lost`, not even an answer to a ping
    PROTOCOL_ERROR = "protocol_error"  # what came is not AMI
    OVERRUN = "overrun"  # nobody took the events and the bound was reached
    NETWORK_ERROR = "network_error"
    CONNECT_FAILED = "connect_failed"  # no connection came about


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How to log in. The secret is never shown.

    events: the `Events` header: `on`, `off`, or classes as `call,agent`.
    plain: send the secret itself, for a PBX or a proxy that knows no challenge.
    Raises UnsafeValueError at once for what no login could send, as a secret that ends in a line feed.
    """

    user: str
    secret: str = field(repr=False)
    events: str = "on"
    plain: bool = False

    def __post_init__(self) -> None:
        pairs = [("Username", self.user), ("Secret", self.secret), ("Events", self.events)]
        encode("Login", pairs, action_id="0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds of silence after which something is done."""

    login: float = 10.0  # Asterisk's own `authtimeout` is 30 s
    ping: float = 15.0
    lost: float = 45.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """The login was accepted."""

    banner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRefused:
    """The login was refused, in the PBX's words. `Lost` follows."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketsReceived:
    """Packets as they came in one chunk, in order, answers to actions included: their bytes, as Parser cuts them."""

    frames: list[bytes]

    @property
    def packets(self) -> list[Packet]:
        """The same, to be read."""
        return [Packet(frame) for frame in self.frames]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAnswered:
    """An action of ours has its whole answer."""

    action_id: str
    result: ActionResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The connection is over. `unanswered`: ids of actions whose outcome nobody will tell here."""

    reason: LostReason
    detail: str
    unanswered: tuple[str, ...] = ()


ProtocolEvent = LoggedIn | LoginRefused | PacketsReceived | ActionAnswered | Lost
