"""Whether what was posted comes from who it says, and now: HMAC-SHA256 and a timestamp that is near. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime

from config.hooks import Hook, Signed

SHA256 = "sha256="
DIGEST_BYTES = 32
MILLISECONDS_FROM = 10**11
"""A number of this size counts milliseconds: as seconds it were the year 5138."""


def expected(hook: Hook, secret: str, body: bytes, timestamp: str) -> bytes:
    """The signature that the sender makes."""
    signed = body if hook.signed is Signed.BODY else timestamp.encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def given(text: str) -> bytes | None:
    """A signature as it was sent, in hex (with or without `sha256=`) or base64; None for what is none."""
    bare = text.strip().removeprefix(SHA256)
    try:
        if len(bare) == 2 * DIGEST_BYTES:
            return bytes.fromhex(bare)
        read = base64.b64decode(bare, validate=True)
    except (ValueError, binascii.Error):
        return None
    return read if len(read) == DIGEST_BYTES else None


def is_good(hook: Hook, secret: str, body: bytes, timestamp: str, shown: str) -> bool:
    """Whether a signature is the sender's; the time it takes tells nothing of how near it is."""
    read = given(shown)
    return read is not None and hmac.compare_digest(read, expected(hook, secret, body, timestamp))


def instant_of(text: str) -> datetime | None:
    """A timestamp: seconds or milliseconds since 1970, or ISO 8601 with an offset; None for what is none."""
    try:
        if text.isascii() and text.isdigit() and len(text) <= 16:
            number = int(text)
            return datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS_FROM else number, UTC)
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError, OSError):
        return None


def is_near(hook: Hook, at: datetime, now: datetime) -> bool:
    """Whether a timestamp is within the tolerance, before or after."""
    return abs(now - at) <= hook.tolerance
