"""A month from issued to signed, and what stands in the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine

from analytics.closing import exemptions, objections
from analytics.closing.issues import issue, load_issues
from analytics.closing.month import IN_SPITE, Month, MonthState, Obstacle
from analytics.closing.objections import WINDOW_DAYS, Answer, raise_objection, window_end
from analytics.closing.records import About, Issue, Kind, Reason
from analytics.closing.sign_offs import load_month, sign
from analytics.errors import ClosingError
from tests.analytics.closing.issuing import ISSUED_AT, NOVEMBER, draft
from tests.analytics.factory import call
from tests.analytics.metrics.asking import SHANGHAI
from tests.analytics.stored import store_facts

MANY = 6
ROW = {"agent": "1004", "talk_minutes": 1.5}
AFTER = window_end(ISSUED_AT, WINDOW_DAYS, SHANGHAI)


def month(store: Engine, at: datetime = AFTER, gaps: tuple[str, ...] = ()) -> Month:
    """November."""
    with store.connect() as connection:
        return load_month(connection, NOVEMBER, gaps, at)


def signed(store: Engine, by: str = "张主任", at: datetime = AFTER, **more: Any) -> tuple[Issue, ...]:
    """Sign November."""
    values: dict[str, Any] = {"gaps": ()}
    with store.begin() as connection:
        return sign(connection, NOVEMBER, by=by, at=at, **(values | more))


def standing(found: Month) -> list[Obstacle]:
    """What stands in the way."""
    return [each.obstacle for each in found.standing]


def test_a_month_goes_from_open_to_signed_and_is_restated_with_a_reason(store: Engine) -> None:
    """Each restatement has a reason and needs a sign-off of its own; both stay on record."""
    assert month(store).state is MonthState.OPEN
    assert standing(month(store)) == [Obstacle.NOT_ISSUED]
    first = issue(store, draft(ROW))
    assert month(store).state is MonthState.ISSUED
    (done,) = signed(store)
    assert (done.id, done.signed_by, done.signed_at) == (first.id, "张主任", AFTER)
    assert month(store).state is MonthState.SIGNED
    second = issue(store, draft({**ROW, "talk_minutes": 2}, at=AFTER, reason="an objection was upheld"))
    restated = month(store, AFTER + timedelta(days=8))
    assert (restated.state, [each.id for each in restated.to_sign]) == (MonthState.RESTATED, [second.id])
    signed(store, at=AFTER + timedelta(days=8))
    with store.connect() as connection:
        assert [each.signed_by for each in load_issues(connection)] == ["张主任", "张主任"]


def test_all_reports_of_the_month_are_signed_together(store: Engine) -> None:
    """Each by its newest issue only."""
    issue(store, draft(ROW))
    issue(store, draft(ROW, reason="again"))
    issue(store, draft({"agent": "1004", "rate": 0.9}, name="three-rings"))
    assert [(each.report, each.number) for each in signed(store)] == [("minutes", 2), ("three-rings", 1)]


def test_who_issued_does_not_sign(store: Engine) -> None:
    """Not even one of several."""
    issue(store, draft(ROW, by="张主任"))
    issue(store, draft(ROW, by="王主管", name="three-rings"))
    for by in ("张主任", "王主管"):
        with pytest.raises(ClosingError, match=f"signed by: found {by}, expected another person"):
            signed(store, by=by)


def test_a_signed_month_is_not_signed_again(store: Engine) -> None:
    """There is nothing to sign."""
    issue(store, draft(ROW))
    signed(store)
    with pytest.raises(ClosingError, match="found the month signed, expected an issue that is not"):
        signed(store)


def test_of_many_who_sign_at_once_one_signs(store: Engine) -> None:
    """The others are told in one line."""
    issue(store, draft(ROW))
    together = Barrier(MANY)

    def one(number: int) -> str:
        together.wait()
        try:
            return f"{len(signed(store, by=f'{number}'))}"
        except ClosingError as error:
            return str(error)

    with ThreadPoolExecutor(MANY) as pool:
        told = list(pool.map(one, range(MANY)))
    assert told.count("1") == 1
    assert sum("expected an issue that is not" in each for each in told) == MANY - 1
    assert month(store).state is MonthState.SIGNED


def test_an_open_objection_stands_in_the_way_until_it_is_answered(store: Engine) -> None:
    """No reason sets it aside."""
    issue(store, draft(ROW))
    with store.begin() as connection:
        raise_objection(
            connection,
            agent="1004",
            period=NOVEMBER,
            about=About.MINUTES,
            target_id=None,
            text="too few",
            at=ISSUED_AT,
        )
    with pytest.raises(ClosingError, match=r"found open_objection \(objection 1 \(1004, 2026-11\): too few\)"):
        signed(store, in_spite="no time")
    with store.begin() as connection:
        objections.decide(connection, 1, Answer(uphold=False, by="王主管", text="counted again"), AFTER)
    assert standing(month(store)) == []


def test_an_undecided_exemption_stands_in_the_way(store: Engine) -> None:
    """Until a second person has decided, or it is withdrawn."""
    store_facts(store, [call(end=60)])
    issue(store, draft(ROW))
    with store.begin() as connection:
        exemptions.ask(
            connection,
            kind=Kind.CALL,
            target_id="pbx/1.1",
            reason=Reason.CRANK,
            text="singing",
            by="1004",
            at=AFTER,
        )
    assert standing(month(store)) == [Obstacle.UNDECIDED_EXEMPTION]
    with store.begin() as connection:
        exemptions.withdraw(connection, 1, by="1004", at=AFTER)
    assert standing(month(store)) == []


def test_a_report_counted_before_the_months_end_is_not_signed(store: Engine) -> None:
    """It has to be issued again when the month is over."""
    early = NOVEMBER.end - timedelta(seconds=1)
    issue(store, draft(ROW, as_of=early))
    with pytest.raises(ClosingError, match=r"found unfinished \(minutes .* as of 2026-11-30 23:59\+08:00\)"):
        signed(store, in_spite="no time")


def test_gaps_and_an_open_window_are_set_aside_by_a_reason(store: Engine) -> None:
    """The reason is on record with the sign-off, and nothing stands against the signed month any more."""
    issue(store, draft(ROW))
    gap = "main 2026-11-02T01:00:00+00:00: not heard, 2 calls inferred"
    found = month(store, ISSUED_AT, (gap,))
    assert standing(found) == [Obstacle.WINDOW_OPEN, Obstacle.OPEN_GAP]
    assert set(standing(found)) == IN_SPITE
    with pytest.raises(ClosingError, match=r"found window_open .* expected none, or --in-spite REASON"):
        signed(store, at=ISSUED_AT, gaps=(gap,))
    (done,) = signed(store, at=ISSUED_AT, gaps=(gap,), in_spite="the PBX has no logs", note="read at the meeting")
    assert (done.in_spite, done.sign_note) == ("the PBX has no logs", "read at the meeting")
    assert standing(month(store, ISSUED_AT, (gap,))) == []


def test_what_comes_up_after_the_sign_off_stands_there(store: Engine) -> None:
    """A month that is signed shows an objection that was raised while its window was open."""
    issue(store, draft(ROW))
    signed(store, at=ISSUED_AT, in_spite="the meeting is today")
    with store.begin() as connection:
        raise_objection(
            connection,
            agent="1004",
            period=NOVEMBER,
            about=About.MINUTES,
            target_id=None,
            text="too few",
            at=ISSUED_AT,
        )
    found = month(store, ISSUED_AT)
    assert (found.state, standing(found)) == (MonthState.SIGNED, [Obstacle.OPEN_OBJECTION])
