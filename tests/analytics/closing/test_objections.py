"""Objections: raised within the window, answered by somebody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from analytics.closing.exemptions import ask
from analytics.closing.issues import issue
from analytics.closing.objections import (
    WINDOW_DAYS,
    Answer,
    decide,
    load_objections,
    raise_objection,
    window_end,
    withdraw,
)
from analytics.closing.records import About, Kind, Objection, Reason
from analytics.closing.states import ObjectionState
from analytics.errors import ClosingError
from tests.analytics.closing.issuing import ISSUED_AT, NOVEMBER, draft
from tests.analytics.factory import call, offering
from tests.analytics.metrics.asking import SHANGHAI
from tests.analytics.stored import store_facts

ROW = {"agent": "1004", "talk_minutes": 1.5}
UNTIL = window_end(ISSUED_AT, WINDOW_DAYS, SHANGHAI)


def raised(store: Engine, about: About = About.MINUTES, at: datetime = ISSUED_AT, **more: Any) -> Objection:
    """Raise an objection to November."""
    values: dict[str, Any] = {"agent": "1004", "target_id": None, "text": "a call of mine is missing"}
    with store.begin() as connection:
        return raise_objection(connection, period=NOVEMBER, about=about, at=at, **(values | more))


def answered(store: Engine, objection: Objection, *, uphold: bool = True, **more: Any) -> Objection:
    """Answer it."""
    values: dict[str, Any] = {"by": "王主管", "text": "true"}
    with store.begin() as connection:
        return decide(connection, objection.id, Answer(uphold=uphold, **(values | more)), ISSUED_AT)


@pytest.fixture
def issued(store: Engine) -> Engine:
    """A store in which November's minutes were issued."""
    issue(store, draft(ROW))
    return store


def test_the_window_ends_with_the_last_of_its_days() -> None:
    """Issued on the first of December: the seven days are those from the second to the eighth."""
    assert datetime(2026, 12, 9, tzinfo=SHANGHAI) == UNTIL
    late = datetime(2026, 12, 1, 23, 59, 59, tzinfo=SHANGHAI)
    assert window_end(late, 7, SHANGHAI) == UNTIL
    assert window_end(late + timedelta(seconds=1), 7, SHANGHAI) == UNTIL + timedelta(days=1)


@pytest.mark.parametrize(("month", "hours"), [(3, 71), (10, 73)])
def test_a_window_with_a_change_of_clocks_has_whole_days(month: int, hours: int) -> None:
    """Two days after the day of issue, one of them of 23 or of 25 hours."""
    berlin = ZoneInfo("Europe/Berlin")
    issued_at = datetime(2026, month, 27 if month == 3 else 23, tzinfo=berlin)
    assert window_end(issued_at, 2, berlin).astimezone(UTC) - issued_at.astimezone(UTC) == timedelta(hours=hours)


def test_it_is_raised_until_the_window_ends_and_not_at_its_end(issued: Engine) -> None:
    """Who comes late is told until when it was open."""
    assert raised(issued, at=UNTIL - timedelta(microseconds=1)).state is ObjectionState.OPEN
    with pytest.raises(ClosingError, match=r"expected it before 2026-12-08T16:00:00\+00:00: until then 2026-11"):
        raised(issued, at=UNTIL)


def test_a_restatement_opens_the_window_again(issued: Engine) -> None:
    """What was issued anew may be objected to for as long again."""
    issue(issued, draft(ROW, at=UNTIL, reason="a late log"))
    assert raised(issued, at=UNTIL + timedelta(days=6)).period == "2026-11"


def test_there_must_be_something_issued_to_object_to(issued: Engine) -> None:
    """Minutes were issued, rings were not; one call may be objected to with either."""
    with pytest.raises(ClosingError, match="found none issued of 2026-11, expected the report three-rings"):
        raised(issued, About.RINGS)
    store_facts(issued, [call(end=60)])
    assert raised(issued, About.CALL, target_id="pbx/1.1").target_id == "pbx/1.1"


def test_what_it_is_about_must_be_stored(issued: Engine) -> None:
    """A call for minutes, an offering for rings."""
    with pytest.raises(ClosingError, match="call: found none of the id 'pbx/7'"):
        raised(issued, target_id="pbx/7")


def test_an_answer_is_on_record_and_final(issued: Engine) -> None:
    """Who, when, what; the second answer is refused."""
    found = answered(issued, raised(issued), uphold=False, text="the log shows none")
    assert (found.state, found.decided_by, found.answer) == (
        ObjectionState.REJECTED,
        "王主管",
        "the log shows none",
    )
    assert found.decided_at == ISSUED_AT
    with pytest.raises(ClosingError, match="found rejected, expected open to uphold it"):
        answered(issued, found)


def test_nobody_answers_his_own_objection(issued: Engine) -> None:
    """Somebody else has to."""
    found = raised(issued)
    with pytest.raises(ClosingError, match="found 1004, expected another person than 1004"):
        answered(issued, found, by="1004")


def test_an_upheld_objection_names_what_follows_from_it(issued: Engine) -> None:
    """An exemption and a restatement that exist; not the first issue, and nothing where it is rejected."""
    store_facts(issued, [call(end=60), offering(end=9)])
    with issued.begin() as connection:
        exemption = ask(
            connection,
            kind=Kind.CALL,
            target_id="pbx/1.1",
            reason=Reason.TEST,
            text="ours",
            by="1004",
            at=ISSUED_AT,
        )
    found = raised(issued)
    with pytest.raises(ClosingError, match=r"found minutes 2026-11 agent no\. 1, expected a restatement"):
        answered(issued, found, restatement_id=1)
    with pytest.raises(ClosingError, match="exemption: found none of the id 9"):
        answered(issued, found, exemption_id=9)
    with pytest.raises(ClosingError, match="found a rejection with an outcome"):
        answered(issued, found, uphold=False, exemption_id=exemption.id)
    second = issue(issued, draft(ROW, reason="upheld"))
    done = answered(issued, found, exemption_id=exemption.id, restatement_id=second.id)
    assert (done.exemption_id, done.restatement_id) == (exemption.id, second.id)


def test_an_agent_takes_his_objection_back(issued: Engine) -> None:
    """It stays on record."""
    found = raised(issued)
    with issued.begin() as connection:
        assert withdraw(connection, found.id, by="1004", at=ISSUED_AT).state is ObjectionState.WITHDRAWN
        assert [each.id for each in load_objections(connection, NOVEMBER.start, NOVEMBER.end)] == [found.id]
