"""Cursors of pages: the place of the last call of a page in the order of all, so that new calls move nothing.

What a cursor holds is ours alone: to its bearer it is one word, to be given back as it came.
"""

from __future__ import annotations

import base64
import binascii

from service.api.errors import ApiError

_LONGEST = 1_000


def word_of(last: str) -> str:
    """The cursor behind what has this id, where ids are the order."""
    return base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")


def read_word(text: str) -> str:
    """The id of the last one of the page before. Raises ApiError for what is no cursor of ours."""
    found = _decoded(text)
    if not found or "\0" in found:
        raise ApiError(400, "bad_cursor", "after: found no cursor, expected next_after of the page before")
    return found


def cursor_of(started_us: int, call_id: str) -> str:
    """The cursor behind the call of this start and id."""
    return base64.urlsafe_b64encode(f"{started_us}~{call_id}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[int, str]:
    """Start and id of the last call of the page before. Raises ApiError for what is no cursor of ours."""
    started, tilde, call_id = _decoded(text).partition("~")
    is_start = started.isascii() and started.isdigit() and len(started) <= 18
    if not is_start or not tilde or not call_id or "\0" in call_id:
        raise ApiError(400, "bad_cursor", "after: found no cursor, expected next_after of the page before")
    return int(started), call_id


def _decoded(text: str) -> str:
    if len(text) > _LONGEST or not text.isascii():
        return ""
    try:
        padded = text + "=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
