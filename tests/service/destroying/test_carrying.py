"""Carried out: files are gone and their digests on record, what is held stays, and nothing is lost by a crash."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, select, text, update
from sqlalchemy.exc import DatabaseError

from analytics.storage.recording_models import recording_marks, recording_work
from service.auth.models import audit_log
from service.destroying import certificates, lists
from service.destroying.acts import Act, Stage
from service.destroying.errors import DestructionError
from service.destroying.holds import HoldKind
from service.destroying.items import ItemState
from service.destroying.models import destruction_acts, destruction_certificates, destruction_items, legal_holds
from service.listening import Shelf
from tests.analytics import factory
from tests.service.destroying.yard import LATER, SOUND, Yard


class Died(BaseException):
    """The process ended here."""


def test_what_is_carried_out_is_gone_and_certified(yard: Yard) -> None:
    """Files, their pictures, marks and work are gone; the certificate has the digest of the bytes, who, and when."""
    files = [yard.recording(n) for n in (1, 2)]
    tape = yard.shelf.look_at("pbx", "2026/11/q-1.wav", LATER.replace(year=2030))
    assert yard.shelf.picture(tape) is not None
    done = yard.carrier().carry_out(yard.begun().id)
    assert (done.standing.stage, done.certificate, done.counts) == (Stage.DONE, 1, {ItemState.DESTROYED: 2})
    assert list(yard.root.rglob("*.wav")) == []
    assert list((yard.root.parent / "data").rglob("*.json")) == []
    assert [yard.condition(each) for each in files] == ["destroyed", "destroyed"]
    assert (yard.rows(recording_marks), yard.rows(recording_work)) == (0, 0)
    with yard.engine.connect() as connection:
        told = certificates.need(connection, 1).document
        assert certificates.check_chain(connection) == (1, None)
        acts = [tuple(row) for row in connection.execute(select(audit_log.c.act, audit_log.c.login))]
    assert [each["sha256"] for each in told["destroyed"]] == [
        sha256(SOUND + bytes([n])).hexdigest() for n in (1, 2)
    ]
    assert [(each["act"], each["login"]) for each in told["acts"]] == [
        ("make", "registrar"), ("review", "reviewer"), ("approve", "director"), ("attend", "first"),
        ("attend", "second"), ("begin", "second"), ("finish", "second"),
    ]  # fmt: skip
    assert all(each["written_over"] for each in told["destroyed"])
    assert "q-1" not in json.dumps(told)
    assert acts[-1] == ("destroyed", "second")


def test_nothing_is_destroyed_before_all_acts_are_there(yard: Yard) -> None:
    """Neither of a list that is approved, nor of one that is done."""
    yard.recording(1)
    made = yard.approved()
    with pytest.raises(DestructionError, match="found one that is approved, expected carrying"):
        yard.carrier().carry_out(made.id)
    assert yard.carrier().go_on() == []
    assert len(list(yard.root.rglob("*.wav"))) == 1


def test_a_hold_that_is_placed_meanwhile_takes_the_file_off(yard: Yard) -> None:
    """After the director approved and both are present; the other file is destroyed."""
    kept, gone = yard.recording(1), yard.recording(2)
    made = yard.begun()
    hold = yard.deeds.place(yard.doer("first"), HoldKind.CALL, "court", target="pbx/1.1")
    done = yard.carrier().carry_out(made.id)
    assert done.counts == {ItemState.HELD: 1, ItemState.DESTROYED: 1}
    assert (yard.root / "2026/11/q-1.wav").read_bytes() == SOUND + b"\1"
    assert (yard.condition(kept), yard.condition(gone)) == ("ready", "destroyed")
    with yard.engine.connect() as connection:
        (told,) = certificates.need(connection, 1).document["not_destroyed"]
    assert (told["state"], told["reason"]) == ("held", f"hold {hold.id}")


def test_what_the_reviewer_takes_off_stays(yard: Yard) -> None:
    """With his reason, which he must give."""
    yard.recording(1)
    yard.recording(2)
    made, _ = yard.deeds.make_due(yard.doer("registrar"))
    with yard.engine.connect() as connection:
        first = lists.items_of(connection, made.id)[0]
    with pytest.raises(DestructionError, match="reason: found"):
        yard.deeds.act(made.id, Act.REVIEW, yard.doer("reviewer"), "", [first.id])
    with pytest.raises(DestructionError, match="found 0 of these items on it, expected 1"):
        yard.deeds.act(made.id, Act.REVIEW, yard.doer("reviewer"), "used in training", [9999])
    reviewed = yard.deeds.act(made.id, Act.REVIEW, yard.doer("reviewer"), "used in training", [first.id])
    assert reviewed.counts == {ItemState.LEFT_OUT: 1, ItemState.LISTED: 1}
    yard.deeds.act(made.id, Act.APPROVE, yard.doer("director"))
    for login in ("first", "second"):
        yard.deeds.act(made.id, Act.ATTEND, yard.doer(login))
    yard.deeds.act(made.id, Act.BEGIN, yard.doer("first"))
    yard.carrier().carry_out(made.id)
    assert [each.name for each in yard.root.rglob("*.wav")] == ["q-1.wav"]


@pytest.mark.parametrize("spoiled", ["missing", "linked", "named twice", "no folder"])
def test_what_cannot_be_destroyed_says_why_and_the_rest_is(yard: Yard, spoiled: str) -> None:
    """A file that is not there was not destroyed by us; a link, or a second name of the bytes, is not touched."""
    yard.recording(1)
    yard.recording(2)
    path = yard.root / "2026/11/q-1.wav"
    elsewhere = yard.root / "elsewhere.wav"
    if spoiled == "missing":
        path.unlink()
    elif spoiled == "linked":
        path.rename(elsewhere)
        path.symlink_to(elsewhere)
    elif spoiled == "named twice":
        os.link(path, elsewhere)
    else:
        path.unlink()
        (yard.root / "2026/11/q-2.wav").rename(yard.root / "q-2.wav")
        path.parent.rmdir()
    done = yard.carrier().carry_out(yard.begun().id)
    expected = {ItemState.FAILED: 2} if spoiled == "no folder" else {ItemState.FAILED: 1, ItemState.DESTROYED: 1}
    assert done.counts == expected
    with yard.engine.connect() as connection:
        reason = certificates.need(connection, 1).document["not_destroyed"][0]["reason"]
    assert reason.startswith("found ")
    if elsewhere.exists():
        assert elsewhere.read_bytes() == SOUND + b"\1"


class DyingShelf(Shelf):
    """Of a process that ends right after a file is gone, before it could say so."""

    def forget(self, path: Path) -> None:
        """The end."""
        raise Died


def test_a_crash_after_a_file_is_gone_is_found_at_the_next_start(yard: Yard) -> None:
    """Its intent is on record with its digest: it is certified as destroyed."""
    yard.recording(1)
    yard.recording(2)
    made = yard.begun()
    with pytest.raises(Died):
        yard.carrier(DyingShelf({"pbx": yard.root}, yard.root.parent / "data")).carry_out(made.id)
    assert len(list(yard.root.rglob("*.wav"))) == 1
    assert yard.carrier().go_on() == [made.id]
    with yard.engine.connect() as connection:
        told = certificates.need(connection, 1).document["destroyed"]
    assert [each["sha256"] for each in told] == [sha256(SOUND + bytes([n])).hexdigest() for n in (1, 2)]
    assert [each["written_over"] for each in told] == [None, True]


@pytest.mark.parametrize("last", range(1, 12))
def test_a_crash_at_any_transaction_loses_nothing(yard: Yard, last: int) -> None:
    """Whichever is the last to be begun: the next start comes to the same end, with one certificate."""
    for n in (1, 2, 3):
        yard.recording(n)
    made = yard.begun()
    begun = 0

    def die(connection: Any) -> None:
        nonlocal begun
        begun += 1
        if begun == last:
            raise Died

    event.listen(yard.engine, "begin", die)
    died = False
    try:
        yard.carrier().carry_out(made.id)
    except Died:
        died = True
    finally:
        event.remove(yard.engine, "begin", die)
    yard.carrier().go_on()
    with yard.engine.connect() as connection:
        done = lists.need(connection, made.id)
        assert certificates.check_chain(connection) == (1, None)
    assert done.counts == {ItemState.DESTROYED: 3}
    assert list(yard.root.rglob("*.wav")) == []
    assert died == (begun >= last)


def test_a_hold_after_a_crash_still_saves_the_file(yard: Yard) -> None:
    """The intent was on record, the file was not destroyed yet."""
    yard.recording(1)
    made = yard.begun()
    begun = 0

    def die(connection: Any) -> None:
        nonlocal begun
        begun += 1
        if begun == 4:  # after the list was read, the folders were looked for, and the intent was written
            raise Died

    event.listen(yard.engine, "begin", die)
    with pytest.raises(Died):
        yard.carrier().carry_out(made.id)
    event.remove(yard.engine, "begin", die)
    with yard.engine.connect() as connection:
        assert lists.items_of(connection, made.id)[0].state is ItemState.BEGUN
    yard.deeds.place(yard.doer("first"), HoldKind.PERIOD, "court", start=factory.START, end=LATER)
    yard.carrier().go_on()
    with yard.engine.connect() as connection:
        assert lists.need(connection, made.id).counts == {ItemState.HELD: 1}
    assert (yard.root / "2026/11/q-1.wav").exists()


def test_certificates_are_chained_and_a_changed_one_is_found(yard: Yard) -> None:
    """Each has the digest of the one before; the database refuses to change or delete one."""
    for n in (1, 2):
        yard.recording(n)
        yard.carrier().carry_out(yard.begun().id)
    with yard.engine.connect() as connection:
        first, second = (certificates.need(connection, n) for n in (1, 2))
        assert second.document["previous"] == {"number": 1, "sha256": first.sha256}
        assert certificates.check_chain(connection) == (2, None)
    yard.deeds.place(yard.doer("first"), HoldKind.CALL, "court", target="pbx/1.1")
    for table in (destruction_certificates, destruction_acts, destruction_items, legal_holds):
        with pytest.raises(DatabaseError), yard.engine.begin() as connection:
            connection.execute(delete(table))
    with pytest.raises(DatabaseError), yard.engine.begin() as connection:
        connection.execute(update(destruction_certificates).values(sha256="0"))
    with yard.engine.begin() as connection:
        _go_around_the_guard(connection)
        connection.execute(
            update(destruction_certificates).where(destruction_certificates.c.number == 1).values(document="{}")
        )
    with yard.engine.connect() as connection:
        count, wrong = certificates.check_chain(connection)
    assert count == 1
    assert wrong is not None
    assert wrong.startswith("certificate 1: found another text")


def _go_around_the_guard(connection: Any) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE destruction_certificates DISABLE TRIGGER ALL"))
    else:
        connection.execute(text("DROP TRIGGER destruction_certificates_update"))


def test_where_the_recordings_do_not_lie_nothing_is_said_of_them(yard: Yard) -> None:
    """A machine without the folder neither begins nor goes on; the one that has it comes to the end."""
    yard.recording(1)
    made = yard.begun()
    elsewhere = yard.carrier(Shelf({"pbx": yard.root.parent / "unmounted"}, yard.root.parent / "data"))
    with pytest.raises(
        DestructionError, match="recordings of pbx: found no folder here, expected it to be mounted"
    ):
        elsewhere.carry_out(made.id)
    assert elsewhere.go_on() == []
    assert yard.carrier().go_on() == [made.id]
    assert list(yard.root.rglob("*.wav")) == []
