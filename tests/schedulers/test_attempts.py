"""The store and our own attempts: what was known of one gives way to what is known better, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, select

from config.followups import Result
from schedulers.book import Book
from schedulers.errors import RefusedError
from schedulers.followups.dialled import Tried, lost, taken_back
from schedulers.followups.records import FollowUp, What
from schedulers.storage.followup_models import customer_contacts, follow_ups
from schedulers.storage.story import Story, load_story
from tests.schedulers.followups.worlds import MOBILE, at, customer, happened, people, policy_of, rules_of, said
from tests.schedulers.test_keeper import KINDS, heard, register

CHANNEL = "tr-abcdefgh-7"
NOW = at("2026-11-02 10:00")


@pytest.fixture
def book(store: Engine, tmp_path: Path) -> Book:
    """A centre that owes one customer a call since nine o'clock."""
    book = Book(engine=store, rules=rules_of(policy_of(tmp_path, KINDS), people()))
    register(store, customer())
    book.happened([("C-1", happened("event:report", "2026-11-02 09:00"))])
    return book


def story(store: Engine) -> Story:
    """All that led to where its only follow-up stands."""
    with store.connect() as connection:
        found = load_story(connection, connection.execute(select(follow_ups.c.id)).scalar_one())
    assert found is not None
    return found


def item(store: Engine) -> FollowUp:
    """The only follow-up."""
    return story(store).follow_up


def contacts(store: Engine) -> int:
    """How often the customer was contacted."""
    with store.connect() as connection:
        return connection.execute(select(func.count()).select_from(customer_contacts)).scalar_one()


def tried(store: Engine, known_at: datetime = NOW) -> Tried:
    """Our attempt at ten."""
    return Tried(
        attempt=CHANNEL, follow_ups=(item(store).id,), number=MOBILE, agent="1001", at=NOW, known_at=known_at
    )


def yes(connection: Connection) -> bool:
    """The attempt was still to be settled."""
    return True


def test_a_lost_attempt_is_stored_and_the_logs_take_it_back(store: Engine, book: Book) -> None:
    """One row under its key, whatever becomes known; the contact goes with it."""
    book.settle("C-1", tried(store), lost, yes)
    assert (item(store).counted, contacts(store)) == (1, 1)
    later = NOW + timedelta(minutes=5)
    (change, *_) = book.settle("C-1", tried(store, later), taken_back, yes)
    told, (attempt,) = story(store), story(store).attempts
    assert change.what is What.TAKEN_BACK
    assert (told.follow_up.counted, told.follow_up.uncounted, contacts(store)) == (0, 1, 0)
    assert (attempt.key, attempt.result, attempt.counts) == (f"attempt:{CHANNEL}", Result.FAILED, False)
    assert book.settle("C-1", tried(store, later), taken_back, yes) == ()


def test_the_call_of_a_lost_attempt_takes_its_place(store: Engine, book: Book) -> None:
    """As the PBX's logs tell it afterwards: one try, one contact, and a talk that waits for its outcome."""
    book.settle("C-1", tried(store), lost, yes)
    call = heard(store, "2026-11-02 10:00:02", inbound=False, talk_seconds=60, attempt_id=CHANNEL)
    for _ in range(2):
        book.hear(at("2026-11-01 00:00"), "CN")
    told, (attempt,) = story(store), story(store).attempts
    assert (told.follow_up.counted, told.follow_up.reached_call, contacts(store)) == (1, call, 1)
    assert (attempt.key, attempt.call, attempt.result) == (f"attempt:{CHANNEL}", call, Result.TALKED)
    book.say("C-1", said("2026-11-02 10:05", told.follow_up, call=call))
    assert item(store).call == call


def test_what_another_settled_meanwhile_is_left_alone(store: Engine, book: Book) -> None:
    """The attempt's own row says so."""
    assert book.settle("C-1", tried(store), lost, lambda connection: False) == ()
    assert (item(store).counted, contacts(store)) == (0, 0)


def test_the_attempts_row_and_what_it_means_are_written_together_or_not_at_all(store: Engine, book: Book) -> None:
    """What is refused leaves the row as it was."""

    def row(connection: Connection) -> bool:
        connection.execute(customer_contacts.insert().values(customer="C-2", at_us=1))
        return True

    def no(*anything: object) -> None:
        raise RefusedError("attempt", "this", "another")

    with pytest.raises(RefusedError):
        book.settle("C-1", tried(store), no, row)  # type: ignore[arg-type]
    assert contacts(store) == 0


def test_a_lost_call_to_a_number_of_nobody_is_a_contact(store: Engine, book: Book) -> None:
    """Who is in no register is known by his number, and caps hold for him too."""
    unknown = Tried(attempt=CHANNEL, follow_ups=(), number="+8613900000000", agent="1001", at=NOW, known_at=NOW)
    book.settle("", unknown, lost, yes)
    assert contacts(store) == 1


def test_a_customer_whose_phone_was_answered_by_nobody_of_ours_was_contacted(store: Engine, book: Book) -> None:
    """It is no try of the three to five."""
    heard(store, "2026-11-02 10:00:02", inbound=False, attempt_id=CHANNEL, disposition="picked_up")
    book.hear(at("2026-11-01 00:00"), "CN")
    assert (item(store).counted, item(store).uncounted, contacts(store)) == (0, 1, 1)


def test_the_agents_word_of_a_call_is_stored_in_the_place_of_telephonys(store: Engine, book: Book) -> None:
    """A mailbox that sounded like a talk."""
    call = heard(store, "2026-11-02 10:00:02", inbound=False, talk_seconds=60)
    book.hear(at("2026-11-01 00:00"), "CN")
    book.say("C-1", said("2026-11-02 10:05", item(store), Result.VOICEMAIL, call=call))
    assert [each.result for each in story(store).attempts] == [Result.VOICEMAIL]


def test_a_call_that_was_never_placed_after_all_is_no_contact(store: Engine, book: Book) -> None:
    """The agent says that the line failed: it counted until then."""
    call = heard(store, "2026-11-02 10:00:02", inbound=False)
    book.hear(at("2026-11-01 00:00"), "CN")
    assert contacts(store) == 1
    book.say("C-1", said("2026-11-02 10:05", item(store), Result.FAILED, call=call))
    assert contacts(store) == 0
