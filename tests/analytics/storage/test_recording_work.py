"""The queue of what is to be listened to."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, select

from analytics.storage.recording_models import recording_work
from analytics.storage.recording_work import (
    DELAYS,
    MOST_TRIES,
    VANISHED,
    Failure,
    Job,
    Priority,
    Standing,
    claim,
    enqueue,
    fail,
    failures,
    finish,
    give_up_vanished,
    is_due,
    release,
    renew,
    retry,
    standing,
    withdraw,
)
from tests.analytics.factory import at
from tests.analytics.storage.recorded import put_file

pytestmark = pytest.mark.slow

LEASE = timedelta(minutes=2)


def _take(store: Engine, holder: str, now: datetime, most: int = 1) -> list[Job]:
    with store.begin() as connection:
        return claim(connection, holder, now, LEASE, most)


def test_what_somebody_waits_for_goes_first(store: Engine) -> None:
    """Then what is new, then the archive; among equals what is due longest."""
    with store.begin() as connection:
        enqueue(connection, [1], Priority.ARCHIVE, at(0))
        enqueue(connection, [3], Priority.NEW, at(1))
        enqueue(connection, [2], Priority.NEW, at(2))
        enqueue(connection, [4], Priority.PICKED, at(3))
    taken = [_take(store, "a", at(10))[0].file_id for _ in range(4)]
    assert taken == [4, 3, 2, 1]
    assert _take(store, "a", at(10)) == []


def test_several_are_taken_at_once_and_nobody_takes_them_too(store: Engine) -> None:
    """As many as there are of one priority."""
    with store.begin() as connection:
        enqueue(connection, range(1, 1202), Priority.NEW, at(0))
    assert [each.file_id for each in _take(store, "a", at(1), 1000)] == list(range(1, 1001))
    assert [each.file_id for each in _take(store, "b", at(1), 1000)] == list(range(1001, 1202))


def test_a_picked_file_stays_picked_when_it_is_found_anew(store: Engine) -> None:
    """And a waiting one goes first once it is picked."""
    with store.begin() as connection:
        enqueue(connection, [1, 2], Priority.NEW, at(0))
        enqueue(connection, [2], Priority.PICKED, at(5))
        enqueue(connection, [2], Priority.ARCHIVE, at(6))
    assert [_take(store, "a", at(10))[0].file_id for _ in range(2)] == [2, 1]


def test_a_lease_is_kept_by_renewing_and_lost_by_silence(store: Engine) -> None:
    """After it the file is another's, and whoever had it can neither finish nor renew nor fail it."""
    with store.begin() as connection:
        enqueue(connection, [1], Priority.NEW, at(0))
    (job,) = _take(store, "a", at(0))
    assert _take(store, "b", at(119)) == []
    with store.begin() as connection:
        assert renew(connection, "a", 1, at(100), LEASE)
    assert _take(store, "b", at(219)) == []
    assert _take(store, "b", at(220)) == [Job(file_id=1, tries=2)]
    with store.begin() as connection:
        assert not renew(connection, "a", 1, at(221), LEASE)
        assert fail(connection, "a", job, "late", at(221)) is None
        assert not finish(connection, "a", 1)
        assert finish(connection, "b", 1)
        assert connection.execute(select(recording_work)).all() == []


def test_what_is_to_be_done_anew_is_taken_out_of_every_hand(store: Engine) -> None:
    """Its file changed: what is found of the old one is not stored."""
    with store.begin() as connection:
        enqueue(connection, [1], Priority.NEW, at(0))
    _take(store, "a", at(0))
    with store.begin() as connection:
        enqueue(connection, [1], Priority.NEW, at(5))
        assert not finish(connection, "a", 1)
    assert _take(store, "b", at(5)) == [Job(file_id=1, tries=1)]
    with store.begin() as connection:
        withdraw(connection, [1])
        assert not finish(connection, "b", 1)


def test_what_fails_rests_longer_each_time_and_is_given_up_with_its_reason(store: Engine) -> None:
    """And begins anew when somebody asks for it."""
    file_id = put_file(store, "bad.wav")
    now = at(0)
    with store.begin() as connection:
        enqueue(connection, [file_id], Priority.NEW, now)
    rests = []
    for _ in range(MOST_TRIES):
        (job,) = _take(store, "a", now)
        with store.begin() as connection:
            again = fail(connection, "a", job, f"try {job.tries}", now)
        if again is not None:
            with store.connect() as connection:
                assert not is_due(connection, again - timedelta(microseconds=1))
                assert is_due(connection, again)
                assert not is_due(connection, again, ["elsewhere"])
            assert _take(store, "a", again - timedelta(microseconds=1)) == []
            rests.append(again - now)
            now = again
    assert rests == list(DELAYS)
    assert _take(store, "a", now + timedelta(days=9)) == []
    with store.begin() as connection:
        assert failures(connection, 10) == [
            Failure(file_id=file_id, pbx="pbx", path="bad.wav", tries=5, failed_at=now, reason="try 5")
        ]
        assert failures(connection, 10, after=file_id) == []
        assert retry(connection, now, [file_id + 1]) == 0
        assert retry(connection, now) == 1
    assert _take(store, "a", now) == [Job(file_id=file_id, tries=1)]


def test_a_file_that_ends_whoever_touches_it_is_given_up(store: Engine) -> None:
    """Its tries count though nobody could say how they ended."""
    put_file(store)
    with store.begin() as connection:
        enqueue(connection, [1], Priority.NEW, at(0))
    taken = 0
    for number in range(20):
        now = at(number * 121)
        with store.begin() as connection:
            give_up_vanished(connection, now)
        taken += len(_take(store, f"holder {number}", now))
    assert taken == MOST_TRIES
    with store.connect() as connection:
        assert [each.reason for each in failures(connection, 10)] == [VANISHED]


def test_a_file_that_is_given_back_was_never_taken(store: Engine) -> None:
    """By whoever has it; the try does not count."""
    with store.begin() as connection:
        enqueue(connection, [1], Priority.NEW, at(0))
    _take(store, "a", at(0))
    with store.begin() as connection:
        release(connection, "b", 1)
    assert _take(store, "c", at(1)) == []
    with store.begin() as connection:
        release(connection, "a", 1)
    assert _take(store, "c", at(1)) == [Job(file_id=1, tries=1)]


def test_the_queue_says_how_it_stands(store: Engine) -> None:
    """What waits, is in somebody's hands, was given up; since when, and how long it sounds."""
    ids = [put_file(store, f"{number}.wav", length_ms=number * 1000) for number in range(1, 5)]
    with store.begin() as connection:
        assert standing(connection, at(0)) == Standing(waiting=0, working=0, failed=0, oldest_at=None, waiting_ms=0)
        assert not is_due(connection, at(0))
        for seconds, file_id in enumerate(ids):
            enqueue(connection, [file_id], Priority.NEW, at(seconds))
    for _ in range(MOST_TRIES):
        with store.begin() as connection:
            (job,) = claim(connection, "a", at(0), LEASE)
            fail(connection, "a", job, "broken", at(-100_000))
    _take(store, "a", at(5))
    with store.connect() as connection:
        told = standing(connection, at(6))
    assert told == Standing(waiting=2, working=1, failed=1, oldest_at=at(1), waiting_ms=9000)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_and_nothing_done_twice_whoever_dies(store: Engine, seed: int) -> None:
    """Five workers that finish, fail, give back or die at random: each file is done once, or given up with a reason."""
    draw, now, done = Random(seed), at(0), list[int]()
    files = [put_file(store, f"{number}.wav") for number in range(30)]
    with store.begin() as connection:
        enqueue(connection, files, Priority.NEW, now)
    hands: dict[str, list[Job]] = {f"worker {number}": [] for number in range(5)}
    for _ in range(4000):
        now += timedelta(seconds=draw.choice((1, 1, 30, 60)))
        holder = draw.choice(sorted(hands))
        with store.begin() as connection:
            give_up_vanished(connection, now)
            if not hands[holder]:
                hands[holder] = claim(connection, holder, now, LEASE, draw.randint(1, 3))
                continue
            job = hands[holder].pop()
            match draw.choice(("finish", "finish", "fail", "release", "die")):
                case "finish":
                    done += [job.file_id] if finish(connection, holder, job.file_id) else []
                case "fail":
                    fail(connection, holder, job, "by chance", now)
                case "release":
                    release(connection, holder, job.file_id)
                case _:
                    hands[f"{holder}+"] = []
                    del hands[holder]
        with store.connect() as connection:
            if standing(connection, now).oldest_at is None:
                break
    with store.connect() as connection:
        given_up = failures(connection, 100)
    assert sorted([*done, *(each.file_id for each in given_up)]) == files
    assert all(each.reason in ("by chance", VANISHED) for each in given_up)
