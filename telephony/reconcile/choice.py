"""For each call the stream's facts or the logs', never both; and an honest end for what neither tells. Pure.

Calls of the two sources are the same call where one of them names a channel of the other. Two calls of the logs that
either source joined (a conference, a transfer) are one call, and stand or fall together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telephony.calls.facts import (
    AgentStateFact,
    CallFact,
    Disposition,
    EndedBy,
    Fact,
    Known,
    OfferingFact,
    QueueVisitFact,
    TalkFact,
    VisitEnd,
)
from telephony.reconcile.hearing import Verdict

REBUILD = frozenset({Verdict.TOUCHED, Verdict.UNHEARD})
SAME_FAILURE = timedelta(seconds=2)
CONSULT = "/consult"
WORST = (Verdict.WHOLE, Verdict.OPEN, Verdict.UNHEARD, Verdict.TOUCHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """What the logs say: each channel's call (its key), what the stream is worth for it, and the logs' facts."""

    keys: Mapping[str, str]  # uniqueid -> the call's key
    verdicts: Mapping[str, Verdict]  # key -> verdict
    facts: tuple[Fact, ...]
    thin: frozenset[str] = frozenset()  # keys of calls that CEL does not tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The facts to believe; and of which calls of the logs the stream told nothing, a part, or all."""

    facts: list[Fact]
    verdicts: dict[Verdict, int]


def choose(
    pbx: str, heard: Iterable[Fact], logged: Logged, gaps: Iterable[tuple[datetime, datetime | None]]
) -> Chosen:
    """The newest facts of both sources to one set of facts in which every call is once."""
    heard = list(heard)
    joined = _Joined(pbx, logged.keys)
    for fact in (*heard, *logged.facts):
        if isinstance(fact, CallFact):
            joined.join(fact.id, *fact.alias_ids, fact.merged_into or fact.id)
        elif isinstance(fact, TalkFact) and fact.id.endswith(CONSULT):
            # Told in the customer's call, of a call of its own: what is worth nothing for one is so for the other.
            joined.join(fact.call_id, fact.id.rpartition("/talk/")[0])
    verdicts = joined.verdicts(logged.verdicts)
    told = _Owners(heard, joined)
    for key in _told_better(heard, told, joined, logged):
        if verdicts.get(key) is Verdict.TOUCHED:
            verdicts[key] = Verdict.WHOLE
    rebuilt = _Owners(logged.facts, joined)
    facts = [fact for fact in heard if verdicts.get(told.key(fact), Verdict.WHOLE) not in REBUILD]
    unlogged = {fact.id for fact in facts if isinstance(fact, CallFact) and told.key(fact) not in verdicts}
    facts = close_unheard(facts, [start for start, _ in gaps], unlogged)
    mended = [
        fact for fact in logged.facts if fact.call_id and verdicts.get(rebuilt.key(fact), Verdict.WHOLE) in REBUILD
    ]
    answers = _answers_to_unheard(facts, mended)
    facts = [fact for fact in facts if fact.call_id not in answers] + mended
    counts = {verdict: sum(each is verdict for each in verdicts.values()) for verdict in Verdict}
    return Chosen(facts=facts, verdicts=counts)


def _told_better(heard: Iterable[Fact], told: _Owners, joined: _Joined, logged: Logged) -> set[str | None]:
    """Calls whose end was heard and that CEL does not tell: CDR and queue_log know less than most of the events."""
    thick = {joined.root(key) for key in logged.verdicts if key not in logged.thin}
    ended = (
        told.key(fact)
        for fact in heard
        if isinstance(fact, CallFact) and fact.disposition not in (None, Disposition.INDETERMINATE)
    )
    return {key for key in ended if key not in thick}


def _answers_to_unheard(heard: Iterable[Fact], rebuilt: Iterable[Fact]) -> set[str]:
    """Failed Originates of which the stream heard the answer and no channel: the logs tell the channel's own call."""
    ended = [fact.ended_at for fact in rebuilt if isinstance(fact, CallFact) and fact.ended_at is not None]
    return {
        fact.id
        for fact in heard
        if isinstance(fact, CallFact)
        and fact.disposition is Disposition.FAILED
        and fact.ended_at == fact.started_at
        and any(abs(fact.started_at - at) <= SAME_FAILURE for at in ended)
    }


class _Joined:
    """Calls of the logs that are one call (union-find over their keys)."""

    def __init__(self, pbx: str, keys: Mapping[str, str]) -> None:
        self._prefix = f"{pbx}/"
        self._keys = keys
        self._into: dict[str, str] = {}

    def join(self, *ids: str) -> None:
        """Whatever these ids lead to is one call."""
        keys = [key for each in ids if (key := self._keys.get(each.removeprefix(self._prefix))) is not None]
        for key in keys[1:]:
            one, other = self.root(keys[0]), self.root(key)
            if one != other:
                self._into[other] = one

    def key(self, call_id: str) -> str | None:
        """The call of the logs that an id leads to."""
        key = self._keys.get(call_id.removeprefix(self._prefix))
        return None if key is None else self.root(key)

    def verdicts(self, verdicts: Mapping[str, Verdict]) -> dict[str | None, Verdict]:
        """By call, the worst verdict of its parts: one part that was not heard whole spoils the whole."""
        found: dict[str | None, Verdict] = {}
        for key, verdict in verdicts.items():
            root = self.root(key)
            found[root] = max(found.get(root, Verdict.WHOLE), verdict, key=WORST.index)
        return found

    def root(self, key: str) -> str:
        """The call that a key's call is a part of, or itself."""
        while (into := self._into.get(key)) is not None:
            key = into
        return key


class _Owners:
    """Which call of the logs each fact of one source belongs to."""

    def __init__(self, facts: Iterable[Fact], joined: _Joined) -> None:
        self._joined = joined
        self._stays = {
            fact.id: fact.merged_into
            for fact in facts
            if isinstance(fact, CallFact) and fact.merged_into is not None
        }

    def key(self, fact: Fact) -> str | None:
        """The key, or None for a call that no log tells (and for facts of no call)."""
        call_id = fact.call_id
        if not call_id:
            return None
        for _ in range(len(self._stays) + 1):
            into = self._stays.get(call_id)
            if into is None:
                break
            call_id = into
        return self._joined.key(call_id)


def close_unheard(facts: list[Fact], lost_at: list[datetime], unlogged: set[str]) -> list[Fact]:
    """Calls that no log tells and of which nothing was heard since a gap: they end there, as far as is known."""
    ends: dict[str, datetime] = {}
    for fact in facts:
        if (
            isinstance(fact, CallFact)
            and fact.ended_at is None
            and fact.merged_into is None
            and fact.id in unlogged
        ):
            lost = next((at for at in lost_at if at >= fact.at), None)
            if lost is not None:
                ends[fact.id] = lost
    return [_closed(fact, ends[fact.call_id]) if fact.call_id in ends else fact for fact in facts]


def _closed(fact: Fact, at: datetime) -> Fact:
    match fact:
        case CallFact():
            answered = fact.answered_at is not None
            return replace(
                fact,
                known=Known.INFERRED,
                ended_at=at,
                ended_by=EndedBy.UNKNOWN,
                disposition=Disposition.ANSWERED if answered else Disposition.INDETERMINATE,
            )
        case TalkFact() | OfferingFact() | AgentStateFact() if fact.ended_at is None:
            return replace(fact, ended_at=at)
        case QueueVisitFact() if fact.ended is None:
            return replace(fact, left_at=fact.left_at or at, ended=VisitEnd.UNKNOWN)
        case _:
            return fact
