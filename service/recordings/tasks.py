"""What is asked of a process that listens, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from analytics.recordings import Sound
from analytics.recordings.listening import Heard
from analytics.recordings.values import Limits, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """The file of the other direction of the same recording, and whose talk lies where in the two together."""

    path: str
    stamp: str
    is_heard: bool  # it is the one with what came in
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A file as it was found, and whose talk lies where in it."""

    root: Path
    path: str
    stamp: str
    spans: tuple[Span, ...]
    limits: Limits
    other: Other | None = None
    measure: bool = False  # only how long it is: nobody could say yet what lies where


class Fault(StrEnum):
    """Why a file was not heard."""

    BROKEN = "broken"  # it is no sound: to try again helps only once it has changed
    PASSING = "passing"  # it may be heard another time


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was heard, or measured; or why nothing was, as what was found and expected."""

    heard: Heard | None = None
    measured: Sound | None = None
    fault: Fault | None = None
    why: str = ""


def passing(why: str) -> Answer:
    """It could not be heard now: what was found and expected."""
    return Answer(fault=Fault.PASSING, why=why)
