"""The error tree of this package.

TelephonyError
├── MisuseError              we called the package wrongly (a bug of ours or of the caller)
│   └── UnsafeValueError     a value that would break out of an AMI header (CR, LF, NUL)
├── ProtocolError            the PBX said something that AMI does not allow
│   ├── PacketTooLargeError  a packet grew beyond the limit without an end
│   ├── BannerError          the first line is not that of an Asterisk manager
│   └── EventError           a known event lacks a header that it must have; carries the packet
├── LoginRefusedError        wrong user, secret or address
├── ActionFailedError        the PBX answered an action with Response: Error
├── ConnectionLostError      the connection ended while something waited for it
├── JournalError             the journal cannot be written or read
│   └── JournalCorruptError  a batch does not decompress or its checksum differs
├── CaptureError             a file given to replay is not what it claims to be: file, line, found, expected
├── LogError                 one of the PBX's own logs cannot be read: file or table, found, expected
│   └── RowError             one of its rows is not what it must be
└── StagingError             the rows read from logs cannot be kept: its file, and what is wrong (a full disk)
"""

from __future__ import annotations


class TelephonyError(Exception):
    """Base of all errors of this package."""


class MisuseError(TelephonyError):
    """The package was called in a way its contract does not allow."""


class UnsafeValueError(MisuseError):
    """A value sent to the PBX holds CR, LF or NUL."""


class ProtocolError(TelephonyError):
    """The PBX sent something that AMI does not allow."""


class PacketTooLargeError(ProtocolError):
    """No end of packet within the size limit."""


class BannerError(ProtocolError):
    """The peer did not introduce itself as an Asterisk manager."""


class EventError(ProtocolError):
    """A known event lacks a header, or holds one that cannot be read.

    `raw` is the packet as it came, for the quarantine.
    """

    def __init__(self, message: str, raw: bytes) -> None:
        super().__init__(message)
        self.raw = raw


class LoginRefusedError(TelephonyError):
    """The PBX refused the login."""


class ActionFailedError(TelephonyError):
    """The PBX answered an action with an error; the message is the PBX's own."""


class ConnectionLostError(TelephonyError):
    """The connection ended while an action waited for its answer."""


class JournalError(TelephonyError):
    """The journal cannot be written or read."""


class JournalCorruptError(JournalError):
    """A stored batch does not decompress, or its checksum differs."""


class CaptureError(TelephonyError):
    """A file given to replay cannot be read: names file, line, what was found and expected."""


class LogError(TelephonyError):
    """One of the PBX's own logs cannot be read: names file or table, what was found and expected."""


class RowError(LogError):
    """One row of a log is not what its kind must be; the reader quarantines it and goes on."""


class StagingError(TelephonyError):
    """The rows read from logs cannot be kept or found again: names the file, and what is wrong, as a full disk."""
