"""What people do about destruction and holds, each in a transaction together with its row of the audit. Blocking.

Pages and commands stand over the same functions: who may is asked there, who did what is judged by `acts`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine, select

from analytics.storage.aliases import resolve
from analytics.storage.recording_models import recording_files
from config.policies import Policy
from service.auth import audit
from service.auth.audit import Actor, Entry
from service.destroying import choosing, holds, lists
from service.destroying.acts import Act, Person, Step
from service.destroying.choosing import Chosen
from service.destroying.errors import DestructionError
from service.destroying.holds import Hold, HoldKind
from service.destroying.items import Basis
from service.destroying.lists import DestructionList

Made = TypeVar("Made", DestructionList, Hold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who does something: the person on record, the same as the audit names him, and from where."""

    person: Person
    actor: Actor
    address: str = ""


class Deeds:
    """Over a store: `writing` may write, and on SQLite keeps all others from it, so what takes long reads."""

    def __init__(
        self,
        reading: Engine,
        writing: Engine,
        policy: Callable[[], Policy],
        country: str,
        now: Callable[[], datetime],
    ) -> None:
        self._reading = reading
        self._engine = writing
        self._policy = policy
        self._country = country
        self._now = now

    # -- lists -----------------------------------------------------------------------------------

    def due(self, look_at: int | None = None) -> Chosen:
        """What is past retention now, and on no open list. Of so many old files at most, where `look_at` is given."""
        with self._reading.connect() as connection:
            return choosing.past_retention(connection, self._policy(), self._country, self._now(), look_at)

    def make_due(self, who: Doer) -> tuple[DestructionList, bool]:
        """A list of what is past retention; whether there is more than one list holds."""
        found = self.due()

        def work(connection: Connection) -> DestructionList:
            named = [each.file_id for each in found.candidates]
            return self._make(connection, named, Basis.RETENTION, "", who, held=found.held)

        return self._do(who, work, act=Act.MAKE.value), found.more

    def make_named(
        self, who: Doer, reason: str, files: Collection[int] = (), calls: Collection[str] = ()
    ) -> DestructionList:
        """A list of files, and of all files of calls, for a reason."""

        def work(connection: Connection) -> DestructionList:
            named = {*files, *_files_of(connection, calls)}
            return self._make(connection, named, Basis.BY_HAND, reason, who)

        return self._do(who, work, act=Act.MAKE.value)

    def act(
        self, list_id: int, act: Act, who: Doer, note: str = "", without: Collection[int] = ()
    ) -> DestructionList:
        """Review, approve, attend, begin or drop."""
        if act in (Act.MAKE, Act.FINISH):
            raise DestructionError(f"{act}: found an act that is not done to a list by itself, expected another")
        step = Step(act=act, person=who.person, at=self._now(), note=note)
        return self._do(
            who,
            lambda connection: lists.act(connection, list_id, step, without=without),
            act=act.value,
            left_out=len(without),
        )

    def _make(
        self,
        connection: Connection,
        named: Collection[int],
        basis: Basis,
        reason: str,
        who: Doer,
        held: int = 0,
    ) -> DestructionList:
        """Whether each may be listed is asked within the transaction, in which nobody else lists or holds."""
        holds.take_turn(connection)
        policy = self._policy()
        chosen = choosing.named(connection, policy, self._country, named) if named else Chosen(candidates=())
        return lists.make(
            connection, replace(chosen, held=held), basis=basis, reason=reason, policy=policy.name, who=who.person,
            at=self._now(),
        )  # fmt: skip

    # -- holds -----------------------------------------------------------------------------------

    def place(
        self,
        who: Doer,
        kind: HoldKind,
        reason: str,
        target: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Hold:
        """Hold a call, a customer, or all that began in [start, end)."""

        def work(connection: Connection) -> Hold:
            by, now = who.person.login, self._now()
            return holds.place(connection, kind, reason=reason, by=by, at=now, target=target, start=start, end=end)

        return self._do(who, work, act="hold")

    def lift(self, who: Doer, hold_id: int, reason: str) -> Hold:
        """End a hold."""

        def work(connection: Connection) -> Hold:
            return holds.lift(connection, hold_id, reason=reason, by=who.person.login, at=self._now())

        return self._do(who, work, act="lift")

    def _do(self, who: Doer, work: Callable[[Connection], Made], **details: str | int) -> Made:
        with self._engine.begin() as connection:
            made = work(connection)
            entry = Entry(
                at=self._now(), visitor=who.actor, act=audit.Act.CHANGED, subject=made.title, address=who.address,
                details=dict(details),
            )  # fmt: skip
            audit.note(connection, entry)
        return made


def _files_of(connection: Connection, calls: Collection[str]) -> set[int]:
    found: set[int] = set()
    for call in calls:
        wanted = select(recording_files.c.id).where(recording_files.c.call_id == resolve(connection, call))
        files = set(connection.execute(wanted).scalars())
        if not files:
            raise DestructionError(f"call: found no recording of {call!r}, expected one or more")
        found |= files
    return found
