"""Attempts in the database: one state machine, which no second scheduler and no late word can turn back."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from config.followups import Result
from schedulers.campaigns.changes import Turn
from schedulers.campaigns.records import CampaignState, DialAttempt, DialMode, Evidence, Phase, Why
from schedulers.errors import RefusedError
from schedulers.storage.campaign_models import dial_attempts
from schedulers.storage.campaigns import By, turn_campaign
from schedulers.storage.dial_asking import ask_to_dial
from schedulers.storage.dial_attempts import (
    Ending,
    Lease,
    drop,
    given_back,
    note_hold,
    plan,
    renew_leases,
    sent,
    settle,
)
from schedulers.storage.dial_committing import Fresh, commit, durable
from schedulers.storage.dial_reading import (
    iterate_of_campaign,
    load_attempts,
    load_by_channel,
    load_holds,
    load_indeterminate,
    load_live,
    load_of_agent,
    load_of_follow_up,
)
from schedulers.storage.installation import load_nonce, renew_nonce
from tests.schedulers.storage.placing import (
    LEASE,
    LIMITS,
    NOW,
    SECOND,
    committed,
    intent,
    permitted,
    planned,
    stored_campaign,
)

LOST = Ending(phase=Phase.INDETERMINATE, at=NOW, evidence=Evidence.LATE, result=Result.INDETERMINATE)


def now_of(store: Engine, attempt: DialAttempt) -> DialAttempt:
    """An attempt as it stands."""
    with store.connect() as connection:
        return load_attempts(connection, [attempt.id])[0]


def do(store: Engine, step: Callable[..., object], *told: object) -> object:
    """One step in a transaction of its own."""
    with store.begin() as connection:
        return step(connection, *told)


def test_a_planned_attempt_has_a_channel_of_its_own(store: Engine) -> None:
    """It is named by the installation's nonce and its id, and all that was told of it is kept."""
    told = intent(1, follow_ups=("f2", "f1"), dial_at=None)
    (made,) = planned(store, told)
    with store.begin() as connection:
        nonce = load_nonce(connection, NOW)
        assert load_by_channel(connection, [made.channel_id, "1795.1"]) == {made.channel_id: made}
    assert re.fullmatch("[a-z2-7]{8}", nonce)
    assert made.channel_id == f"tr-{nonce}-{made.id}a"
    assert (made.phase, made.follow_ups, made.dial_at) == (Phase.PLANNED, ("f2", "f1"), None)
    assert (made.runner, made.lease_until, made.planned_at) == ("one", LEASE.until, NOW)


def test_no_attempts_channel_begins_like_anothers(store: Engine) -> None:
    """Asterisk 22 refuses a channel whose id is the beginning of a living one's: the first beside the tenth."""
    made = [planned(store, intent(number))[0].channel_id for number in range(1, 25)]
    assert len(set(made)) == 24
    assert not [(one, other) for one in made for other in made if one != other and other.startswith(one)]


def test_a_new_nonce_names_only_what_comes_after_it(store: Engine) -> None:
    """What was planned before keeps its channel."""
    (before,) = planned(store, intent(1))
    do(store, renew_nonce, NOW)
    (after,) = planned(store, intent(2))
    assert now_of(store, before).channel_id == before.channel_id
    assert before.channel_id.split("-")[1] != after.channel_id.split("-")[1]


@pytest.mark.parametrize("same", ["customer", "number", "agent"])
def test_nobody_is_in_two_live_attempts(store: Engine, same: str) -> None:
    """The second plan for a customer, number or agent is told so; once the first has ended it is planned."""
    (first,) = planned(store, intent(1))
    second = replace(intent(2), **{same: getattr(first, same)})
    with store.begin() as connection:
        assert plan(connection, [second, intent(3)], NOW, LEASE)[1] == (second,)
    committed(store, [first])
    do(store, settle, now_of(store, first), LOST)
    with store.begin() as connection:
        assert plan(connection, [second], NOW, LEASE)[1] == ()


def test_of_many_who_plan_the_same_one_wins(store: Engine) -> None:
    """Threads that plan the same customers and agents at once make one live attempt for each."""
    won: list[DialAttempt] = []
    barrier = threading.Barrier(4)

    def work(runner: str) -> None:
        barrier.wait()
        for number in range(1, 6):
            with store.begin() as connection:
                won.extend(plan(connection, [intent(number)], NOW, Lease(runner=runner, until=LEASE.until))[0])

    threads = [threading.Thread(target=work, args=(f"runner{each}",)) for each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each.customer for each in won) == [f"C{number}" for number in range(1, 6)]
    with store.connect() as connection:
        assert len(load_live(connection)) == 5


def test_committing_is_by_phase_and_channels_of_the_trunk(store: Engine) -> None:
    """A trunk of three channels and two calls a second takes two now, and one more a second later."""
    attempts = planned(store, *map(intent, range(1, 6)))
    first = committed(store, attempts)
    assert [each.phase for each in first.attempts] == [Phase.COMMITTED] * 2
    assert [why for _, why in first.dropped] == [Why.TRUNK_RATE] * 3
    again = planned(store, *map(intent, range(3, 6)))
    second = committed(store, again, NOW + SECOND)
    assert len(second.attempts) == 1
    assert [why for _, why in second.dropped] == [Why.TRUNK_FULL] * 2
    assert now_of(store, again[-1]).why is Why.TRUNK_FULL


def test_a_committed_attempt_is_not_committed_again(store: Engine) -> None:
    """Whoever asks a second time gets nothing to send, and the row stays as it is."""
    attempts = planned(store, intent(1))
    committed(store, attempts)
    before = now_of(store, attempts[0])
    again = committed(store, attempts)
    assert (again.attempts, [why for _, why in again.dropped]) == ((), [Why.LEASE_LOST])
    assert now_of(store, before) == before


def test_what_another_holds_is_left_alone(store: Engine) -> None:
    """Another scheduler gets nothing of it; its own does, until the lease has run out."""
    first, second = planned(store, intent(1), intent(2))
    assert committed(store, [first], runner="two").attempts == ()
    assert now_of(store, first).phase is Phase.PLANNED
    assert len(committed(store, [first]).attempts) == 1
    late = committed(store, [second], NOW + 20 * SECOND)
    assert (late.attempts, now_of(store, second).why) == ((), Why.LEASE_LOST)


def test_a_renewed_lease_holds(store: Engine) -> None:
    """A scheduler that is alive keeps what it planned, however long an agent looks at the record."""
    (attempt,) = planned(store, intent(1))
    assert do(store, renew_leases, Lease(runner="one", until=NOW + 60 * SECOND)) == 1
    assert len(committed(store, [attempt], NOW + 30 * SECOND).attempts) == 1


def test_a_click_is_taken_up_by_any_scheduler(store: Engine) -> None:
    """It was planned by a command, which dials nothing itself."""
    told = intent(1, campaign=None, mode=DialMode.CLICK, follow_ups=())
    (attempt,) = planned(store, told, lease=Lease(runner="", until=None))
    found = committed(store, [attempt], NOW + 90 * SECOND, runner="two").attempts
    assert [(each.runner, each.campaign, each.follow_ups) for each in found] == [("two", None, ())]


def test_the_campaign_is_read_anew(store: Engine) -> None:
    """What was stopped after the plan is seen by whoever commits."""
    with store.begin() as connection:
        made = stored_campaign(connection)
    attempts = planned(store, intent(1, campaign=made.id))
    do(store, turn_campaign, made.id, Turn.STOPPED, By(at=NOW))
    seen: list[Fresh] = []

    def permit(fresh: Fresh) -> Why | None:
        seen.append(fresh)
        return Why.STOPPED

    with store.begin() as connection:
        assert commit(connection, [attempts[0].id], "one", NOW, permit, LIMITS).attempts == ()
    assert [each.campaign.state for each in seen if each.campaign is not None] == [CampaignState.STOPPED]
    assert now_of(store, attempts[0]).why is Why.STOPPED


def test_two_who_commit_at_once_share_a_trunk(store: Engine) -> None:
    """Together they commit what the trunk takes in a second, not each of them."""
    attempts = planned(store, *map(intent, range(1, 9)))
    taken: list[DialAttempt] = []
    barrier = threading.Barrier(2)

    def work(some: tuple[DialAttempt, ...]) -> None:
        barrier.wait()
        for each in some:
            with store.begin() as connection:
                taken.extend(commit(connection, [each.id], "one", NOW, permitted, LIMITS).attempts)

    threads = [threading.Thread(target=work, args=(attempts[half::2],)) for half in (0, 1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(taken) == 2


def test_its_agent_asks_for_it(store: Engine) -> None:
    """Asked twice it is the first instant; another agent, or one that is given up, is refused."""
    (attempt,) = planned(store, intent(1, dial_at=None))
    assert do(store, load_of_agent, attempt.agent) == attempt
    do(store, ask_to_dial, attempt.id, attempt.agent, NOW + SECOND)
    do(store, ask_to_dial, attempt.id, attempt.agent, NOW + 2 * SECOND)
    assert now_of(store, attempt).dial_at == NOW + SECOND
    with pytest.raises(RefusedError, match="expected one that 1099 looks at"):
        do(store, ask_to_dial, attempt.id, "1099", NOW)
    do(store, drop, [attempt.id], Why.LAPSED, NOW)
    with pytest.raises(RefusedError, match="found one that is dropped"):
        do(store, ask_to_dial, attempt.id, attempt.agent, NOW)


STEPS: dict[str, Callable[[Engine, DialAttempt], object]] = {
    "drop": lambda store, each: do(store, drop, [each.id], Why.LAPSED, NOW),
    "commit": lambda store, each: committed(store, [each]),
    "sent": lambda store, each: do(store, sent, each.id, NOW),
    "settle": lambda store, each: do(store, settle, each, LOST),
}
ORDER = {Phase.PLANNED: 0, Phase.COMMITTED: 1, Phase.SENT: 2}


def test_a_row_never_goes_back(store: Engine) -> None:
    """Whatever steps come in whatever order: each leaves it where it is, or takes it further."""
    depth = 3 if store.dialect.name == "sqlite" else 2  # a cluster takes its time for each commit
    for number, steps in enumerate(product(STEPS, repeat=depth)):
        store_at = NOW + number * 2 * SECOND
        (attempt,) = planned(store, intent(1), at=store_at)
        phase = Phase.PLANNED
        for step in steps:
            STEPS[step](store, now_of(store, attempt))
            after = now_of(store, attempt).phase
            assert ORDER.get(after, 3) >= ORDER.get(phase, 3), (steps, step)
            assert ORDER.get(phase, 3) < 3 or after is phase, (steps, step)
            phase = after
        end(store, attempt)


def end(store: Engine, attempt: DialAttempt) -> None:
    """However it stands, it is live no more, and far back."""
    do(store, drop, [attempt.id], Why.LAPSED, NOW)
    do(store, settle, now_of(store, attempt), LOST)
    far = dial_attempts.update().where(dial_attempts.c.committed_us.is_not(None)).values(committed_us=0)
    with store.begin() as connection:
        connection.execute(far)


def test_what_is_settled_upon_an_older_revision_changes_nothing(store: Engine) -> None:
    """Two hear of the same end: the second one is told that it knows an older row."""
    (attempt,) = committed(store, planned(store, intent(1))).attempts
    assert do(store, settle, attempt, LOST) is True
    assert do(store, settle, attempt, replace(LOST, phase=Phase.ANSWERED)) is False
    assert now_of(store, attempt).phase is Phase.INDETERMINATE


def test_whose_end_nobody_knows_is_listed_until_it_is_settled(store: Engine) -> None:
    """A later word, of a log or a person, takes it off the list; the attempt says by what that is known."""
    attempts = committed(store, planned(store, intent(1), intent(2))).attempts
    for each in attempts:
        do(store, settle, each, LOST)
    with store.connect() as connection:
        assert [each.id for each in load_indeterminate(connection)] == [each.id for each in attempts]
        assert load_live(connection) == ()
    first = now_of(store, attempts[0])
    do(store, settle, first, Ending(phase=Phase.NOT_ANSWERED, at=NOW, evidence=Evidence.LOGS, result=Result.BUSY))
    settled = now_of(store, first)
    with store.connect() as connection:
        assert [each.id for each in load_indeterminate(connection)] == [attempts[1].id]
        assert [each.evidence for each in iterate_of_campaign(connection, 1)] == [Evidence.LOGS, Evidence.LATE]
        assert load_of_follow_up(connection, "f1") == (settled,)


def test_an_agent_is_held_until_his_attempt_is_over(store: Engine) -> None:
    """The hold outlives the process; once the attempt is dropped it says that he is to be given back."""
    (attempt,) = planned(store, intent(1))
    do(store, note_hold, attempt, NOW)
    with store.connect() as connection:
        assert [(each.agent, each.device, each.is_over) for each in load_holds(connection)] == [
            ("1001", "PJSIP/1001", False)
        ]
    do(store, drop, [attempt.id], Why.AGENT_GONE, NOW)
    with store.connect() as connection:
        assert [each.is_over for each in load_holds(connection)] == [True]
    do(store, given_back, "1001", attempt.id)
    with store.connect() as connection:
        assert load_holds(connection) == ()


def test_the_database_refuses_what_makes_no_sense(store: Engine) -> None:
    """A live row with an end, or a sent one that was never committed, is stored by no road."""
    (attempt,) = planned(store, intent(1))
    chosen = dial_attempts.update().where(dial_attempts.c.id == attempt.id)
    for values in ({"ended_us": 1}, {"phase": "sent"}, {"phase": "dialled"}, {"number": ""}):
        with pytest.raises(IntegrityError), store.begin() as connection:
            connection.execute(chosen.values(values))
    with store.connect() as connection:
        assert connection.execute(select(dial_attempts.c.phase)).scalars().all() == ["planned"]


def test_what_is_committed_outlives_a_power_cut(store: Engine) -> None:
    """The transaction that commits waits for the disk; those after it on the same connection need not."""
    asked = "PRAGMA synchronous" if store.dialect.name == "sqlite" else "SHOW synchronous_commit"
    with durable(store) as connection:
        assert connection.exec_driver_sql(asked).scalar() in {2, "on"}
    if store.dialect.name == "sqlite":
        with store.connect() as connection:
            assert connection.exec_driver_sql(asked).scalar() == 1
