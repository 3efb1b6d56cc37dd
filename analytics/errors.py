"""The error tree of this package.

AnalyticsError
├── ClosingError        an issue, objection, exemption or sign-off is refused: what was found and expected
│   └── UnreadyError    a month cannot be signed yet: what stands in the way
├── MappingError        the mapping of devices to agents is wrong: file, line, what was found and expected
├── NoteError           a note of a call is refused: what was found and expected
├── PeopleError         a file of people, or a part of it, cannot be read: what was found and expected
├── PeriodError         a period cannot be read, or ends before it begins
├── QualityError        a draw, a scorecard, a reply or an appeal is refused: what was found and expected
├── QueryError          a query asks for a metric or grouping that does not exist, or leaves out what it needs
├── SoundError          a recording's file cannot be read: what was found and expected
└── StorageError        the store cannot be used as it is: unknown kind of database, schema not migrated
"""

from __future__ import annotations


class AnalyticsError(Exception):
    """Base of all errors of this package."""


class ClosingError(AnalyticsError):
    """An issue, objection, exemption or sign-off is refused."""


class UnreadyError(ClosingError):
    """A month cannot be signed yet."""


class MappingError(AnalyticsError):
    """The mapping of devices to agents is wrong."""


class NoteError(AnalyticsError):
    """A note of a call is refused."""


class PeopleError(AnalyticsError):
    """A file of people, or a part of it, cannot be read."""


class PeriodError(AnalyticsError):
    """A period cannot be read, or ends before it begins."""


class QualityError(AnalyticsError):
    """A draw, a scorecard, a reply or an appeal is refused."""


class QueryError(AnalyticsError):
    """A query asks for what does not exist, or leaves out what it needs."""


class SoundError(AnalyticsError):
    """A recording's file cannot be read."""


class StorageError(AnalyticsError):
    """The store cannot be used as it is."""
