"""What becomes of an attempt of which no call is heard: recovery, without ever sending anything again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config.followups import Result
from schedulers.campaigns.records import DialAttempt, Evidence, Phase
from schedulers.dialling.runner import Runner
from schedulers.dialling.settling import settle_by_person
from schedulers.errors import RefusedError
from telephony.dialler import Placed
from tests.schedulers.dialling.world import SECOND, Centre


@pytest.fixture
def centre(migrated_store: Engine, tmp_path: Path) -> Centre:
    """A centre with one running campaign and one contact."""
    return Centre(migrated_store, tmp_path)


async def lose(centre: Centre, runner: Runner | None = None) -> DialAttempt:
    """An order that the PBX never answered, of which nothing was heard until its time was over."""
    centre.pbx.answers = lambda order: Placed.UNKNOWN
    runner = runner or centre.runner()
    await runner.tick()
    centre.pbx.up.clear()
    for _ in range(30):
        centre.clock.at += 5 * SECOND
        await runner.tick()
    return centre.of_campaign()[0]


async def test_what_nobody_heard_of_counts_and_is_not_sent_again(centre: Centre) -> None:
    """Indeterminate: a try and a contact, on the list, and the order left once."""
    (owed,) = centre.owe(1)
    attempt = await lose(centre)
    assert (attempt.phase, attempt.evidence) == (Phase.INDETERMINATE, Evidence.LATE)
    assert (centre.now_of(owed).counted, centre.now_of(owed).tried) == (1, Result.INDETERMINATE)
    assert (len(centre.pbx.orders), len(centre.of_campaign())) == (1, 1)


async def test_what_is_up_on_the_pbx_is_waited_for(centre: Centre) -> None:
    """However long the talk is; it is lost only when it is gone and nothing is known of it."""
    centre.owe(1)
    centre.pbx.answers = lambda order: Placed.UNKNOWN
    runner = centre.runner()
    await runner.tick()
    for _ in range(30):
        centre.clock.at += 60 * SECOND
        await runner.tick()
    assert centre.of_campaign()[0].phase is Phase.COMMITTED


@pytest.mark.parametrize("how", ["deaf", "no connection", "a call that goes on"])
async def test_nothing_is_lost_before_we_can_know(centre: Centre, how: str) -> None:
    """A gap that is not settled, a dialler that cannot be asked, a call that the facts know: all are waited for."""
    centre.owe(1)
    centre.pbx.answers = lambda order: Placed.UNKNOWN
    runner = centre.runner()
    await runner.tick()
    centre.pbx.up.clear()
    if how == "deaf":
        centre.floor.deaf_to.add("pbx")
    elif how == "no connection":
        centre.pbx.connected = False
    else:
        centre.end(centre.of_campaign()[0], ended_us=None)
    for _ in range(30):
        centre.clock.at += 60 * SECOND
        await runner.tick()
    assert centre.of_campaign()[0].phase is Phase.COMMITTED


async def test_a_later_log_settles_it(centre: Centre) -> None:
    """The gap is repaired after all: what the call says takes the place of not knowing it; one try, not two."""
    (owed,) = centre.owe(1)
    attempt = await lose(centre)
    centre.end(attempt, "busy", known="repaired")
    centre.hear()
    (attempt,) = centre.of_campaign()
    assert (attempt.phase, attempt.result, attempt.evidence) == (Phase.NOT_ANSWERED, Result.BUSY, Evidence.LOGS)
    assert (centre.now_of(owed).counted, centre.now_of(owed).tried) == (1, Result.BUSY)


async def test_logs_that_go_on_without_it_take_it_back(centre: Centre) -> None:
    """It was never dialled: it counts no more, and the customer is dialled again after the rest of a failed try."""
    (owed,) = centre.owe(1)
    runner = centre.runner()
    attempt = await lose(centre, runner)
    centre.floor.logs[attempt.channel_id] = True
    centre.clock.at += 60 * SECOND
    await runner.tick()
    assert centre.of_campaign()[0].phase is Phase.INDETERMINATE
    centre.floor.logs[attempt.channel_id] = False
    centre.clock.at += 60 * SECOND
    await runner.tick()
    (attempt,) = centre.of_campaign()
    assert (attempt.phase, attempt.evidence) == (Phase.REFUSED, Evidence.ABSENT)
    assert (centre.now_of(owed).counted, centre.now_of(owed).uncounted) == (0, 1)
    centre.clock.at += timedelta(minutes=15)
    await runner.tick()
    assert len(centre.pbx.orders) == 2


async def test_a_person_settles_it(centre: Centre) -> None:
    """With a result, on record with who said so; a talk is refused, and so is an attempt that is settled already."""
    (owed,) = centre.owe(1)
    attempt = await lose(centre)
    with pytest.raises(RefusedError, match="a talk is recorded as the follow-up's outcome"):
        settle_by_person(centre.book, attempt.id, Result.TALKED, "1000", centre.clock.at)
    settle_by_person(centre.book, attempt.id, Result.VOICEMAIL, "1000", centre.clock.at, "他说的")
    (attempt,) = centre.of_campaign()
    assert (attempt.phase, attempt.evidence, attempt.note) == (Phase.ANSWERED, Evidence.PERSON, "1000: 他说的")
    assert (centre.now_of(owed).counted, centre.now_of(owed).tried) == (1, Result.VOICEMAIL)
    for id_, found in ((attempt.id, "one that is answered"), (77, "no such one any more")):
        with pytest.raises(RefusedError, match=found):
            settle_by_person(centre.book, id_, Result.BUSY, "1000", centre.clock.at)


async def test_a_person_says_that_he_was_not_dialled(centre: Centre) -> None:
    """It counts no more."""
    (owed,) = centre.owe(1)
    attempt = await lose(centre)
    settle_by_person(centre.book, attempt.id, Result.FAILED, "1000", centre.clock.at)
    assert (centre.of_campaign()[0].phase, centre.now_of(owed).counted) == (Phase.REFUSED, 0)
