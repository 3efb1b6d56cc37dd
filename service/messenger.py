"""Sends one message through Apprise, and tells whether it was taken, refused, or may have been taken.

Apprise answers yes or no. Its no hides whether the message may have arrived, so its own log of the try is read:
what is not plainly a refusal is unknown. Nothing of an address, and nothing of Apprise's words, leaves this module.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from config.errors import SettingsError
from config.secrets import Secret, SecretSource, read_secret
from schedulers.notices.texts import Message
from schedulers.notices.trying import Ending, Tried

if TYPE_CHECKING:
    from apprise import Apprise

KEYED = frozenset({"json", "jsons", "form", "forms", "xml", "xmls"})
"""Schemes whose receivers are programs: they get a header that tells one notice from another."""

MAYBE_TAKEN = frozenset({408, 502, 504})
"""A server between us and the receiver gave up waiting: the receiver may have it."""

_HTTP = re.compile(r"\berror=([0-9]{3})\b")
_SMTP = re.compile(r"\(([45][0-9]{2}), b['\"]")
_UNREACHABLE = re.compile(
    r"Connection refused|ConnectTimeout|NewConnectionError|NameResolutionError|Name or service not known"
    r"|Temporary failure in name resolution|No route to host|Network is unreachable"
)
_INSECURE = re.compile(r"SSLError|CERTIFICATE_VERIFY_FAILED|WRONG_VERSION_NUMBER|STARTTLS extension not supported")
_PARTLY = re.compile(r"\bSent [A-Za-z]|^SMTP recipient", re.MULTILINE)
_BESIDE = re.compile(r"(?i)response details|[a-z ]*payload")
MAX_SECONDS = 60
"""So long one try may take at most; the lease of the outbox is longer."""


def send(source: SecretSource, environ: Mapping[str, str], message: Message, key: str) -> Tried:
    """Send a message to the channel whose URL is to be read from `source`. Takes up to `MAX_SECONDS`; never raises.

    `key` tells one message from another, for receivers that are programs.
    """
    try:
        url = read_secret(source, environ)
    except SettingsError:
        return Tried(ending=Ending.REFUSED, why="no readable address")
    try:
        return _send(_opened(_keyed(url, key)), message)
    except Exception:  # a service of Apprise's may raise anything, and its words may hold the address
        return Tried(ending=Ending.UNKNOWN, why="an error within Apprise")


def _keyed(url: Secret, key: str) -> str:
    """The URL, with the header that makes the receiver know a notice again."""
    text = url.reveal()
    if text.partition("://")[0].casefold() not in KEYED:
        return text
    return f"{text}{'&' if '?' in text else '?'}+Idempotency-Key={key}"


def _opened(url: str) -> Apprise | None:
    """Apprise with this one service; None where it is no URL of any."""
    from apprise import Apprise

    _silence()
    services = Apprise()
    return services if services.add(url) else None


@cache
def _silence() -> None:
    """Apprise logs addresses at times: what it says, and it must say all, is for this module alone."""
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    for name in ("apprise", "urllib3"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.addHandler(logging.NullHandler())


def _send(services: Apprise | None, message: Message) -> Tried:
    if services is None or len(services) != 1:
        return Tried(ending=Ending.REFUSED, why="no address of a known service")
    result = services.notify(
        title=message.title, body=message.body, body_format="text", timeout=MAX_SECONDS, log_level=logging.DEBUG
    )
    if result:
        return Tried(ending=Ending.TAKEN)
    said = [str(entry.message) for entry in result.logs()]
    # The message itself and the receiver's answer are in the log too, and may say anything.
    return ended("\n".join(line for line in said if not _BESIDE.match(line)))


def ended(log: str) -> Tried:
    """How a try ended that Apprise calls a failure, by its log."""
    if _PARTLY.search(log):
        return Tried(ending=Ending.UNKNOWN, why="some addresses refused")
    if (status := _HTTP.search(log)) and int(status[1]) >= 400:
        ending = Ending.UNKNOWN if int(status[1]) in MAYBE_TAKEN else Ending.REFUSED
        return Tried(ending=ending, why=f"http {status[1]}")
    if reply := _SMTP.search(log):
        return Tried(ending=Ending.REFUSED, why=f"smtp {reply[1]}")
    if _UNREACHABLE.search(log):
        return Tried(ending=Ending.REFUSED, why="unreachable")
    if _INSECURE.search(log):
        return Tried(ending=Ending.REFUSED, why="no trusted TLS")
    return Tried(ending=Ending.UNKNOWN, why="no answer")
