"""What can be wrong with an archive. What cannot be read or written is service.errors.UnreachableError."""

from __future__ import annotations

from service.errors import UsageError


class ArchiveError(UsageError):
    """A file is no backup, is damaged, or is one that this program cannot take: file, part, found, expected."""
