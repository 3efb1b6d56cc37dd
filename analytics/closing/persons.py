"""Who did it: names as they are given, and whether two of them are one person. Pure.

Who may do what is not decided here; that a second person is another one is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from analytics.errors import ClosingError


def written(text: str, what: str) -> str:
    """A text that a person gave, in one line. Raise ClosingError where there is none."""
    joined = " ".join(unicodedata.normalize("NFC", text).split())
    if not joined or not joined.isprintable():
        raise ClosingError(f"{what}: found {text!r}, expected a text")
    return joined


def same_person(one: str, other: str, names: Mapping[str, str]) -> bool:
    """Whether two names are one person's: the same, or the id and the name of one agent.

    Two agents of one name are told apart by their ids alone.
    """
    return bool(_spellings(one, names) & {_folded(other)} or _spellings(other, names) & {_folded(one)})


def must_differ(what: str, second: str, first: str, names: Mapping[str, str]) -> None:
    """Raise ClosingError where the second person is the first."""
    if same_person(second, first, names):
        raise ClosingError(f"{what}: found {second}, expected another person than {first}")


def _spellings(person: str, names: Mapping[str, str]) -> set[str]:
    return {_folded(person), *(_folded(name) for agent, name in names.items() if _folded(agent) == _folded(person))}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
