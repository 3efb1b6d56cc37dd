"""A call of ours is its attempt's: whose it is, what it was for, and how it ended, whatever its number says."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from config.followups import Result
from schedulers.campaigns.records import DialMode, Evidence, Phase, Why
from schedulers.customers.records import Number
from schedulers.followups.records import FollowUp
from schedulers.storage.customer_writing import Origin, merge
from schedulers.storage.dial_asking import ask_for_call
from schedulers.storage.dial_attempts import Intent
from schedulers.storage.followup_models import customer_contacts
from telephony.clock import to_microseconds
from tests.schedulers.dialling.world import MORNING, SECOND, Centre, call_of

SHARED = (Number(number="+8613800138000", written="13800138000"),)


@pytest.fixture
def centre(migrated_store: Engine, tmp_path: Path) -> Centre:
    """A centre with one running campaign."""
    return Centre(migrated_store, tmp_path)


def counted(centre: Centre, owed: list[FollowUp]) -> list[int]:
    """How often each was tried."""
    return [centre.now_of(each).counted for each in owed]


async def test_of_two_who_share_a_number_the_one_who_was_dialled_was_tried(centre: Centre) -> None:
    """The number alone would say the other; and they are not both dialled at once."""
    owed = centre.owe(2, numbers=SHARED)
    await centre.runner().tick()
    (attempt,) = centre.of_campaign()
    centre.clock.at += 20 * SECOND
    centre.end(attempt, customer="13800138000")
    centre.hear()
    assert counted(centre, owed) == [int(each.customer == attempt.customer) for each in owed]


async def test_a_call_revised_is_settled_anew(centre: Centre) -> None:
    """The stream knew half of it; the logs know all: the attempt says what is known last."""
    (owed,) = centre.owe(1)
    await centre.runner().tick()
    (attempt,) = centre.of_campaign()
    call = centre.end(attempt, "indeterminate", known="inferred")
    centre.hear()
    (told,) = centre.of_campaign()
    assert (told.phase, told.evidence, told.call) == (Phase.INDETERMINATE, Evidence.HEARD, call)
    with centre.store.begin() as connection:
        connection.exec_driver_sql("UPDATE calls SET revision = 2, disposition = 'busy', known = 'repaired'")
    centre.hear()
    (told,) = centre.of_campaign()
    assert (told.phase, told.result, told.evidence) == (Phase.NOT_ANSWERED, Result.BUSY, Evidence.LOGS)
    assert counted(centre, [owed]) == [1]


@pytest.mark.parametrize(
    ("disposition", "phase", "result"),
    [
        ("picked_up", Phase.ANSWERED, Result.AGENT_MISSED),
        ("voicemail", Phase.ANSWERED, Result.VOICEMAIL),
        ("cancelled", Phase.NOT_ANSWERED, Result.NO_ANSWER),
        ("failed", Phase.NOT_ANSWERED, Result.FAILED),
    ],
)
async def test_the_customers_own_leg_says_how_it_ended(
    centre: Centre, disposition: str, phase: Phase, result: Result
) -> None:
    """Whether he answered is told apart from what he then heard."""
    centre.owe(1)
    await centre.runner().tick()
    centre.end(centre.of_campaign()[0], disposition)
    centre.hear()
    (told,) = centre.of_campaign()
    assert (told.phase, told.result) == (phase, result)


async def test_an_agent_who_answered_was_not_missed(centre: Centre) -> None:
    """His phone first, and it was taken; the customer's was not."""
    intent = Intent(
        campaign=None, mode=DialMode.CLICK, follow_ups=(), customer="tel:+8613900000000", number="+8613900000000",
        agent="1002", device="PJSIP/1002", pbx="pbx", trunk="out", by="1002", dial_at=MORNING,
    )  # fmt: skip
    with centre.store.begin() as connection:
        ask_for_call(connection, intent, MORNING)
    await centre.runner().tick()
    centre.end(centre.attempts()[0], "no_answer", leg="answered", agent="1002")
    centre.hear()
    assert (centre.attempts()[0].phase, centre.attempts()[0].result) == (Phase.NOT_ANSWERED, Result.NO_ANSWER)
    with centre.store.connect() as connection:
        assert connection.execute(select(customer_contacts.c.customer)).scalars().all() == ["tel:+8613900000000"]


async def test_who_is_merged_while_he_is_dialled_is_tried_as_who_he_is_now(centre: Centre) -> None:
    """What is owed has moved to the other, and the attempt with it."""
    owed = centre.owe(2)
    centre.floor.agents = ["1001"]
    await centre.runner().tick()
    (attempt,) = centre.of_campaign()
    other = "C-2" if attempt.customer == "C-1" else "C-1"
    with centre.store.begin() as connection:
        merge(connection, attempt.customer, other, Origin(at=centre.clock.at, by="1000"))
    assert centre.of_campaign()[0].customer == other
    centre.end(attempt)
    centre.hear()
    assert sum(counted(centre, owed)) == 1
    assert centre.of_campaign()[0].phase is Phase.NOT_ANSWERED


async def test_what_was_learned_while_deaf_is_taken_in_before_anybody_is_dialled(centre: Centre) -> None:
    """A call that the logs told, of an attempt that a restored backup knows no more: he was talked with already."""
    (owed,) = centre.owe(1)
    centre.floor.deaf_to.add("pbx")
    runner = centre.runner()
    await runner.tick()
    began, ended = to_microseconds(MORNING), to_microseconds(MORNING + 30 * SECOND)
    told = call_of(
        centre.store,
        "tr-lost-7",
        began,
        "answered",
        ended_us=ended,
        talk=20,
        known="repaired",
        customer="13800100001",
    )
    centre.clock.at += 60 * SECOND
    centre.floor.deaf_to.clear()
    await runner.tick()
    assert centre.pbx.numbers() == []
    assert (centre.now_of(owed).reached_call, centre.whys(owed)) == (told, [Why.DEAF])
