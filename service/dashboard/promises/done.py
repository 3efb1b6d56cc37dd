"""What was done from the pages, kept for a while so that its page can be looked at, and it can be undone."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from service.auth.rights import Visitor
from service.dashboard.promises.source import Became, Deed

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A deed and what became of it. `undo` takes it back; () where nothing does, or it was taken back."""

    deed: Deed
    became: tuple[Became, ...]
    undo: tuple[Deed, ...] = ()
    undone: bool = False  # whether this is itself a taking back

    @property
    def count(self) -> int:
        """Of how many it was done."""
        return sum(each.refused is None for each in self.became)


class Kept:
    """The newest deeds, each found by a word that only who did it knows. Not kept beyond this process."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, tuple[str, Done]] = OrderedDict()

    def put(self, visitor: Visitor, done: Done) -> str:
        """Keep it; the word that finds it."""
        key = secrets.token_urlsafe(12)
        self._found[key] = (visitor.proof, done)
        while len(self._found) > MOST:
            self._found.popitem(last=False)
        return key

    def get(self, visitor: Visitor, key: str) -> Done | None:
        """What this visitor did; None for what is not kept, or is another's."""
        proof, done = self._found.get(key, ("", None))
        return done if done is not None and proof == visitor.proof else None

    def take_undo(self, visitor: Visitor, key: str) -> tuple[Deed, ...]:
        """What takes it back, once."""
        done = self.get(visitor, key)
        if done is None:
            return ()
        self._found[key] = (visitor.proof, Done(deed=done.deed, became=done.became))
        return done.undo
