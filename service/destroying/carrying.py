"""Carrying out a list: each file's digest first on record, then the file destroyed, then that it is. Blocking.

An item goes through two transactions. The first writes the intent: the digest of the bytes as they are. The second
keeps holds from being placed meanwhile, asks whether one stands in the way, destroys, and says so. Whatever breaks
off in between is found again by `go_on`: a file with its intent on record that is not there any more was destroyed, one
that is there is asked after once more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update

from analytics.storage.changes import mark_calls
from analytics.storage.recording_models import recording_files, recording_marks, recording_work
from config.policies import Policy
from service.auth import accounts, audit
from service.auth.audit import Entry
from service.auth.entrance import Known
from service.destroying.acts import Act, Person, Stage, Step
from service.destroying.certificates import issue
from service.destroying.choosing import hold_on
from service.destroying.errors import DestructionError
from service.destroying.holds import holding, take_turn
from service.destroying.items import Item, ItemState
from service.destroying.lists import DestructionList, act, item_of, items_of, need, unfinished
from service.destroying.models import destruction_items
from service.destroying.wiping import digest_of, stamp_of, wipe
from service.errors import RecordingPlaceError
from service.listening import Condition, Shelf
from telephony.clock import to_microseconds

OPEN = (ItemState.LISTED, ItemState.BEGUN)


class Carrier:
    """Carries lists out over a store that it writes, and the folders of recordings."""

    def __init__(
        self, engine: Engine, shelf: Shelf, policy: Callable[[], Policy], country: str, now: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._shelf = shelf
        self._policy = policy
        self._country = country
        self._now = now
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Let go after the file at hand; the next start goes on."""
        self._stopped.set()

    def go_on(self) -> list[int]:
        """Finish what was begun and broken off, where its recordings lie here; which lists. Raises SQLAlchemyError."""
        with self._engine.connect() as connection:
            waiting = [each for each in unfinished(connection) if not self._lacking(connection, each)]
        for list_id in waiting:
            self.carry_out(list_id)
        return waiting

    def check(self, list_id: int) -> None:
        """Raise DestructionError where the recordings of a list do not lie here: nothing could be said of them."""
        with self._engine.connect() as connection:
            if lacking := self._lacking(connection, list_id):
                expected = "it to be mounted, or this to be done where it is"
                raise DestructionError(
                    f"recordings of {', '.join(lacking)}: found no folder here, expected {expected}"
                )

    def _lacking(self, connection: Connection, list_id: int) -> list[str]:
        """The PBXs whose folders are not here, of files that are still to be destroyed."""
        named = {each.pbx for each in items_of(connection, list_id) if each.state in OPEN}
        return sorted(each for each in named if not self._shelf.has(each))

    def carry_out(self, list_id: int) -> DestructionList:
        """Destroy what stands on a list that was begun, and issue its certificate, unless it is stopped.

        Raises DestructionError, SQLAlchemyError.
        """
        with self._engine.connect() as connection:
            found = need(connection, list_id)
            waiting = [each for each in items_of(connection, list_id) if each.state in OPEN]
        if found.standing.stage is not Stage.CARRYING:
            raise DestructionError(f"{found.title}: found one that is {found.standing.stage}, expected carrying")
        self.check(list_id)
        for item in waiting:
            if self._stopped.is_set():
                return found
            self._destroy(item)
        return self._finish(list_id, found.standing.by[Act.BEGIN])

    def _finish(self, list_id: int, who: Person) -> DestructionList:
        with self._engine.begin() as connection:
            take_turn(connection)
            found = need(connection, list_id)
            if found.standing.stage is Stage.DONE:
                return found  # somebody else came to its end first
            done = act(connection, list_id, Step(act=Act.FINISH, person=who, at=self._now()))
            issue(connection, done, self._policy().digest(), self._now())
            done = need(connection, list_id)
            self._note(connection, done, who)
        return done

    def _note(self, connection: Connection, done: DestructionList, who: Person) -> None:
        actor = Known(accounts.need(connection, who.account))
        details = {"certificate": done.certificate, **_counts(done)}
        entry = Entry(at=self._now(), visitor=actor, act=audit.Act.DESTROYED, subject=done.title, details=details)
        audit.note(connection, entry)

    # -- one file --------------------------------------------------------------------------------

    def _destroy(self, item: Item) -> None:
        try:
            path = self._shelf.find(item.pbx, item.path)
            if path is not None and self._intend(item, path):
                self._end(item.id, path)
            elif path is None:
                self._gone(item)
        except (DestructionError, RecordingPlaceError) as error:
            self._fail(item.id, str(error))
        except OSError as error:
            self._fail(item.id, error.strerror or type(error).__name__)

    def _intend(self, item: Item, path: Path) -> bool:
        """Put the digest on record; whether the file is still to be destroyed."""
        digest, stamp = digest_of(path)
        with self._engine.begin() as connection:
            fresh = _locked(connection, item.id)
            if fresh.state not in OPEN or self._is_held(connection, fresh):
                return False
            told = {"state": ItemState.BEGUN.value, "sha256": digest, "stamp": stamp}
            self._tell(connection, item.id, **told, begun_us=to_microseconds(self._now()))
        return True

    def _end(self, item_id: int, path: Path) -> None:
        """Destroy, where nobody placed a hold meanwhile, and say so in the same transaction."""
        with self._engine.begin() as connection:
            fresh = _locked(connection, item_id)
            if fresh.state is not ItemState.BEGUN or self._is_held(connection, fresh):
                return
            if path.exists():
                if stamp_of(path) != fresh.stamp:
                    raise DestructionError(
                        "found a file that changed since its digest was taken, expected that one"
                    )
                overwritten = wipe(path)
            else:
                overwritten = False  # somebody who carried out the same list was faster
            self._shelf.forget(path)
            self._say_destroyed(connection, fresh, overwritten=overwritten)

    def _gone(self, item: Item) -> None:
        """A file that is not there: destroyed where its intent is on record, else never found."""
        with self._engine.begin() as connection:
            fresh = _locked(connection, item.id)
            if fresh.state is ItemState.BEGUN:
                self._say_destroyed(connection, fresh, overwritten=None)
            elif fresh.state is ItemState.LISTED:
                self._ended(connection, fresh.id, ItemState.FAILED, "found no file, expected one")

    def _say_destroyed(self, connection: Connection, item: Item, *, overwritten: bool | None) -> None:
        told = {"overwritten": overwritten} if overwritten is not None else {}
        self._tell(connection, item.id, **told)
        self._ended(connection, item.id, ItemState.DESTROYED, "")
        of = recording_files.c.id == item.file_id
        connection.execute(update(recording_files).where(of).values(condition=Condition.DESTROYED.value, detail=""))
        connection.execute(delete(recording_marks).where(recording_marks.c.file_id == item.file_id))
        connection.execute(delete(recording_work).where(recording_work.c.file_id == item.file_id))
        if item.call_id is not None:
            mark_calls(connection, {item.call_id})

    def _is_held(self, connection: Connection, item: Item) -> bool:
        hold = hold_on(connection, holding(connection, self._country), item.call_id, to_microseconds(item.began_at))
        if hold is not None:
            self._ended(connection, item.id, ItemState.HELD, f"hold {hold}")
        return hold is not None

    def _fail(self, item_id: int, reason: str) -> None:
        with self._engine.begin() as connection:
            if _locked(connection, item_id).state in OPEN:
                self._ended(connection, item_id, ItemState.FAILED, reason)

    def _ended(self, connection: Connection, item_id: int, state: ItemState, reason: str) -> None:
        self._tell(connection, item_id, state=state.value, reason=reason, ended_us=to_microseconds(self._now()))

    def _tell(self, connection: Connection, item_id: int, **told: Any) -> None:
        if told:
            connection.execute(update(destruction_items).where(destruction_items.c.id == item_id).values(**told))


def _locked(connection: Connection, item_id: int) -> Item:
    """The item as it is now, after whoever placed a hold or destroyed before us."""
    take_turn(connection)
    return item_of(connection.execute(select(destruction_items).where(destruction_items.c.id == item_id)).one())


def _counts(found: DestructionList) -> dict[str, int]:
    return {state.value: count for state, count in found.counts.items()}
