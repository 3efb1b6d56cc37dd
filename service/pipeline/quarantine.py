"""Facts that the database refuses for good, kept as JSON lines beside the journal: counted, shown, never lost.

A refusal speaks of a value (a NUL in a text, a number too large, a key that clashes); an outage speaks of the database.
The first never passes, so it must not be tried for ever; the second does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from telephony.calls.facts import FACT_NAMES, Fact

FILE_MODE, FOLDER_MODE = 0o600, 0o700
OF_VALUES = (OverflowError, ValueError, TypeError)
"""What drivers raise before they ask the database: a NUL in a text, an integer beyond 64 bits."""

ABORTED = "25P02"
"""What PostgreSQL says to each statement of a transaction after the first that failed."""


class Refused(NamedTuple):
    """A fact and the error with which it was refused."""

    fact: Fact
    error: Exception

    @property
    def kind(self) -> str:
        """The error's kind; its words may hold a customer's number."""
        cause = _cause(self.error)
        return type(getattr(cause, "orig", None) or cause).__name__


def is_refusal(error: BaseException) -> bool:
    """Whether trying again cannot help."""
    cause = _cause(error)
    if isinstance(cause, (DataError, IntegrityError, *OF_VALUES)):
        return True
    return isinstance(cause, StatementError) and isinstance(cause.orig, OF_VALUES)


def _cause(error: BaseException) -> BaseException:
    """What a transaction failed for, where a later statement only found it failed."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, DBAPIError) and getattr(found.orig, "sqlstate", None) != ABORTED:
            return found
        found = found.__context__
    return error


class Quarantine:
    """The refused facts of one PBX: a file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, refused: Iterable[Refused]) -> None:
        """Add these durably; a fact that is refused again after a kill is a line again. Raises OSError."""
        self._path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, FILE_MODE)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.writelines(_line(each) for each in refused)
            file.flush()
            os.fsync(file.fileno())


def count_refused(path: Path) -> int:
    """How many facts a quarantine holds: each once, however often it was refused."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return 0
    found = set()
    for line in lines:
        try:
            value = json.loads(line)
            found.add((value["fact"], value["id"], value["revision"]))
        except (ValueError, KeyError, TypeError):
            continue  # torn by a crash: its fact comes again
    return len(found)


def quarantine_path(data_dir: Path, pbx: str) -> Path:
    """Where the refused facts of a PBX are."""
    return data_dir / "quarantine" / f"facts-{pbx}.jsonl"


def _line(refused: Refused) -> str:
    told: dict[str, Any] = {"fact": FACT_NAMES[type(refused.fact)], "error": refused.kind, **asdict(refused.fact)}
    return json.dumps(told, default=_plain) + "\n"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
