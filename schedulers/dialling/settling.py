"""What becomes of attempts whose call is not heard: recovery, after whatever broke.

The end of an attempt is its call's, as the facts tell it. Here is what is done where there is none. What is not up on
the PBX, of which the facts know nothing though we hear everything, and whose time is over, is indeterminate: it counts,
fulfils nothing, and is never sent again by itself. The PBX's own logs may say later that there was no such call.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from config.followups import Result
from schedulers.book import Book, Settle
from schedulers.campaigns.making import LONGEST_RING
from schedulers.campaigns.records import DialAttempt, Evidence, Phase, Why
from schedulers.dialling.floor import Floor
from schedulers.dialling.orders import Trunks
from schedulers.errors import RefusedError
from schedulers.followups.account import Account, Decision
from schedulers.followups.dialled import Tried, lost, refused, settled, taken_back
from schedulers.followups.rules import Rules
from schedulers.storage import customers
from schedulers.storage.campaigns import load_all
from schedulers.storage.dial_attempts import Ending, settle
from schedulers.storage.dial_hearing import call_began, tried_at
from schedulers.storage.dial_reading import load_attempts, load_indeterminate, load_live
from telephony.dialler import Dialler
from telephony.errors import TelephonyError

GRACE = timedelta(seconds=30)
"""Until a call that ended is in the facts, and was taken in: so long it is not looked for."""

SURE = timedelta(seconds=10)
"""So long after it was missed first it must still be missing: it may have ended this moment."""


@dataclass(slots=True, kw_only=True)
class Settler:
    """Settles the attempts of one store; it asks of the PBX and never sends anything.

    agent_ring: the longest that an agent's own phone may ring, before or after the customer's.
    """

    book: Book
    floor: Floor
    diallers: Mapping[str, Dialler]
    trunks: Trunks
    agent_ring: timedelta = timedelta(seconds=20)
    grace: timedelta = GRACE
    _missed: dict[int, datetime] = field(default_factory=dict, init=False)

    async def sweep(self, now: datetime) -> int:
        """Look once; how many attempts nobody knows the end of from now on."""
        waiting = await asyncio.to_thread(self._waiting, now)
        missing: list[DialAttempt] = []
        for pbx, attempts in waiting.items():
            missing += await self._missing(pbx, attempts)
        self._missed = {each.id: self._missed.get(each.id, now) for each in missing}
        over = [each for each in missing if self._missed[each.id] + SURE <= now]
        return await asyncio.to_thread(self._lose, over, now)

    def take_back(self, now: datetime) -> int:
        """Attempts of which the PBX's own logs say that there was no such call: they count no more."""
        after, count = 0, 0
        while True:
            with self.book.engine.connect() as connection:
                told = load_indeterminate(connection, after=after)
            if not told:
                return count
            after = told[-1].id
            unknown = [each for each in told if each.evidence is Evidence.LATE]
            count += sum(self._is_absent(each) and self._taken_back(each, now) for each in unknown)

    def _waiting(self, now: datetime) -> dict[str, list[DialAttempt]]:
        """By PBX, the attempts that should have been heard of by now, and were not."""
        with self.book.engine.connect() as connection:
            live = [each for each in load_live(connection) if each.phase is not Phase.PLANNED]
            rings = {each.id: each.ring for each in load_all(connection) if each.ring} if live else {}
            late = [each for each in live if self._latest(each, rings) <= now and not self.floor.deaf(each.pbx)]
            known = call_began(connection, [each.channel_id for each in late]) if late else set()
        found: dict[str, list[DialAttempt]] = defaultdict(list)
        for each in late:
            if each.channel_id not in known:
                found[each.pbx].append(each)
        return found

    def _latest(self, attempt: DialAttempt, rings: Mapping[int, timedelta]) -> datetime:
        """When its call, had nobody taken it, would be over and known."""
        trunk = self.trunks.get((attempt.pbx, attempt.trunk))
        ring = rings.get(attempt.campaign or 0) or (LONGEST_RING if trunk is None else trunk.ring)
        return (attempt.sent_at or tried_at(attempt)) + ring + self.agent_ring + self.grace

    async def _missing(self, pbx: str, attempts: list[DialAttempt]) -> list[DialAttempt]:
        """Those that are not up. Of a PBX that does not answer nothing is known."""
        dialler = self.diallers.get(pbx)
        if dialler is None or not dialler.connected:
            return []
        try:
            living = await dialler.living([each.channel_id for each in attempts])
        except (TelephonyError, OSError):
            return []
        return [each for each in attempts if each.channel_id not in living]

    def _lose(self, attempts: Iterable[DialAttempt], now: datetime) -> int:
        ending = Ending(phase=Phase.INDETERMINATE, at=now, evidence=Evidence.LATE, result=Result.INDETERMINATE)
        done = [each for each in attempts if settle_without_call(self.book, each, ending, lost)]
        for each in done:
            structlog.get_logger("schedulers.dialling").warning("attempt.indeterminate", attempt=each.id)
        return len(done)

    def _is_absent(self, attempt: DialAttempt) -> bool:
        return self.floor.logged(attempt.pbx, attempt.channel_id, tried_at(attempt)) is False

    def _taken_back(self, attempt: DialAttempt, now: datetime) -> bool:
        ending = Ending(
            phase=Phase.REFUSED, at=now, evidence=Evidence.ABSENT, result=Result.FAILED, note=attempt.note
        )
        return settle_without_call(self.book, attempt, ending, taken_back)


def settle_without_call(book: Book, attempt: DialAttempt, ending: Ending, decide: Settle | None) -> bool:
    """Write how an attempt ended that no call tells of, and what that is to its customer; decide None: nothing.

    False where another settled it meanwhile.
    """
    done: list[bool] = []

    def row(connection: Connection) -> bool:
        done.append(settle(connection, attempt, ending))
        return done[-1]

    if decide is None:
        with book.engine.begin() as connection:
            return row(connection)
    with book.engine.connect() as connection:
        customer = customers.survivor(connection, attempt.customer)
    book.settle(customer, tried_of(attempt, ending.at), decide, row)
    return done[-1]


def refuse(
    book: Book,
    attempt: DialAttempt,
    evidence: Evidence,
    now: datetime,
    *,
    note: str,
    why: Why | None = None,
    counts: bool = True,
) -> bool:
    """It is certain that the customer was not dialled. `counts`: a try that does not count, but is spaced and bounded.

    What never left our side is none at all; `why` says for what reason it did not.
    """
    ending = Ending(phase=Phase.REFUSED, at=now, evidence=evidence, result=Result.FAILED, why=why, note=note)
    return settle_without_call(book, attempt, ending, refused if counts else None)


def settle_by_person(book: Book, attempt_id: int, result: Result, by: str, now: datetime, note: str = "") -> None:
    """A person says how an attempt ended whose end nobody knows. FAILED: the customer was not dialled.

    Raises RefusedError: of another attempt, and of a talk, which is recorded as the follow-up's outcome.
    """
    with book.engine.connect() as connection:
        attempt = next(iter(load_attempts(connection, [attempt_id])), None)
    if attempt is None or attempt.phase is not Phase.INDETERMINATE or attempt.call is not None:
        raise _not_unknown(attempt_id, attempt)
    phase = Phase.REFUSED if result is Result.FAILED else Phase.NOT_ANSWERED
    phase = Phase.ANSWERED if result in ANSWERED_BY_SOMETHING else phase
    ending = Ending(phase=phase, at=now, evidence=Evidence.PERSON, result=result, note=f"{by}: {note}".rstrip(": "))

    def decide(account: Account, tried: Tried, rules: Rules) -> Decision:
        return settled(account, tried, result, rules, by)

    if not settle_without_call(book, attempt, ending, decide):
        raise _not_unknown(attempt_id, None)


def _not_unknown(attempt_id: int, attempt: DialAttempt | None) -> RefusedError:
    found = "no such one any more" if attempt is None else f"one that is {attempt.phase.value}"
    return RefusedError(f"attempt {attempt_id}", found, "one whose end nobody knows")


ANSWERED_BY_SOMETHING = frozenset(
    {Result.VOICEMAIL, Result.THIRD_PERSON, Result.WRONG_NUMBER, Result.SILENT, Result.AGENT_MISSED}
)
"""What a person says where the customer's own leg answered."""


def tried_of(attempt: DialAttempt, known_at: datetime) -> Tried:
    """An attempt as its customer's account is told of it."""
    return Tried(
        attempt=attempt.channel_id,
        follow_ups=attempt.follow_ups,
        number=attempt.number,
        agent=attempt.agent,
        at=tried_at(attempt),
        known_at=known_at,
    )
