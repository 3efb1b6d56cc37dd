"""How much one question may ask for. What is more is refused with how much was found."""

from __future__ import annotations

MAX_LIMIT = 500
"""Calls of a page."""

MAX_ROWS = 50_000
"""Rows of an answer that has no pages."""

MAX_COLUMNS = 1_000
"""Columns of a table that is laid wide."""

MAX_DAYS = 1_100
"""Days, where rows are told apart by day: three years."""

MAX_EXPORTED = 5_000
"""Calls of one file."""

MAX_TEXT = 500
"""Characters of one value of a parameter."""

MAX_VALUES = 100
"""Values of one parameter."""

MAX_LINE = 262_144
"""Bytes of a request's first line. What is longer the server refuses itself, as plain text: no path is known yet."""
