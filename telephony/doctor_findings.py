"""What `pbx check` says: findings, how much each matters, and what the centre expects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from telephony.doctor_lines import Hookup


class Severity(StrEnum):
    """How much a finding matters."""

    OK = "ok"  # as it should be
    NOTE = "note"  # good to know; nothing to do
    CANNOT_TELL = "cannot_tell"  # this user cannot see it; `command` tells on the PBX
    WARNING = "warning"  # some figures will be missing or less exact
    ERROR = "error"  # figures will be wrong, or calls not seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One answer to one question about the PBX.

    code: stable name, for scripts and translations. command: to be typed in a shell on the PBX.
    """

    severity: Severity
    code: str
    what: str
    found: str
    expected: str
    lines_to_add: tuple[str, ...] = ()
    file: str | None = None
    command: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """What the centre needs of this PBX.

    three_rings: how long an agent must be rung to have had three rings, by the policy's cadence.
    recordings: whether calls are recorded and the service should find the files.
    recording_channels: channels (1 mono, 2 stereo) of some recordings, counted by whoever can read them.
    """

    hookup: Hookup = field(default_factory=Hookup)
    three_rings: timedelta = timedelta(seconds=15)
    max_skew: timedelta = timedelta(seconds=1)
    recordings: bool = True
    recording_channels: tuple[int, ...] = ()


def ok(code: str, what: str, found: str, expected: str) -> Finding:
    """As it should be."""
    return Finding(severity=Severity.OK, code=code, what=what, found=found, expected=expected)


def unknown(code: str, what: str, found: str, expected: str, command: str) -> Finding:
    """Not to be learned by this user; the command tells it on the PBX."""
    return Finding(
        severity=Severity.CANNOT_TELL,
        code=code,
        what=what,
        found=found,
        expected=expected,
        command=command,
    )


def cli(command: str) -> str:
    """A command of Asterisk's, as one types it in a shell on the PBX."""
    return f"asterisk -rx '{command}'"
