"""Encodes an action to the bytes that are sent to the PBX; no IO.

An action is a name and ordered pairs; a name may repeat (`Variable`). What would break out of its
header is refused here, so that no caller's name can become a header or an action of its own:

- CR, LF and NUL anywhere, and a header name with anything but letters, digits, `-`, `_` and `()`;
- a second `Action` or `ActionID`;
- a line or an action that is longer than Asterisk reads (it answers a longer one with an error, and
  a line that is one byte too long even with two answers).

Inside a `Variable` header a comma begins another variable: make such a pair with `variable()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from telephony.ami.packet import ENCODING, ERRORS
from telephony.errors import MisuseError, UnsafeValueError

Pair = tuple[str, str]

# Tried on Asterisk 16.28 and 22.10: the line is counted with its CRLF, the lines without the blank one.
MAX_LINE = 1024
MAX_LINES = 128

_SHOWN = 40
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_()-]*", re.ASCII)
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_()]*", re.ASCII)
_BREAKS = re.compile(r"[\r\n\x00]")
# Asterisk splits `Variable` like an application's arguments: these group or separate there.
_SEPARATORS = re.compile(r'([\\",()\[\]])')
_RESERVED = frozenset({"action", "actionid"})


def encode(name: str, pairs: Iterable[Pair] = (), *, action_id: str) -> bytes:
    """The bytes of one action, its blank line included.

    Raises UnsafeValueError for what would break out of a header, MisuseError for a reserved header
    or an action longer than the PBX reads.
    """
    lines = [_line("Action", name), _line("ActionID", action_id)]
    for key, value in pairs:
        if key.lower() in _RESERVED:
            raise MisuseError(f"action {_show(name)}: found a pair {key!r}, expected it as an argument")
        lines.append(_line(key, value))
    if len(lines) > MAX_LINES:
        raise MisuseError(f"action {_show(name)}: found {len(lines)} lines, expected at most {MAX_LINES}")
    return b"".join(lines) + b"\r\n"


def variable(name: str, value: str) -> Pair:
    """The pair that sets one channel variable to exactly this value, commas and quotes included."""
    if not _VARIABLE_NAME.fullmatch(name):
        raise UnsafeValueError(f"variable name: found {_show(name)}, expected letters, digits and _")
    return "Variable", f"{name}=" + _SEPARATORS.sub(r"\\\1", value)


def _line(key: str, value: str) -> bytes:
    if not _NAME.fullmatch(key):
        raise UnsafeValueError(f"header name: found {_show(key)}, expected letters, digits, - and _")
    # The value is not shown: it may be a secret or a customer's number.
    if _BREAKS.search(value):
        raise UnsafeValueError(f"header {key}: found CR, LF or NUL in the value, expected one line")
    try:
        line = f"{key}: {value}\r\n".encode(ENCODING, ERRORS)
    except UnicodeEncodeError:
        raise UnsafeValueError(f"header {key}: found half a surrogate pair, expected text") from None
    if len(line) > MAX_LINE:
        raise MisuseError(f"header {key}: found {len(line)} bytes, expected at most {MAX_LINE} (one line)")
    return line


def _show(text: str) -> str:
    """A text for a message: quoted, escaped and cut."""
    return ascii(text[:_SHOWN])
