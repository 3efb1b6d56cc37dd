"""Every question about follow-ups finds its rows by an index, on both databases."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine

from config.followups import Cap
from schedulers.customers.records import Customer
from schedulers.followups.account import Contact, Decision, Uncreated
from schedulers.followups.records import What
from schedulers.storage.accounts import load_accounts, load_follow_ups
from schedulers.storage.calls import unheard_calls
from schedulers.storage.campaign_candidates import load_ready
from schedulers.storage.coverage import (
    Chosen,
    Standing,
    count_due,
    count_items,
    count_quarters,
    load_coverage,
    load_items,
)
from schedulers.storage.customer_history import load_history
from schedulers.storage.dial_committing import Limits, count_trunk
from schedulers.storage.dial_reading import (
    load_by_channel,
    load_indeterminate,
    load_live,
    load_of_agent,
    load_of_campaign,
    load_of_follow_up,
)
from schedulers.storage.dial_refusals import refusals_of
from schedulers.storage.hearing import (
    about_number,
    customers_to_wake,
    note_heard,
    series_due,
    series_of_customers,
)
from schedulers.storage.lists import Cursor, Moment, View, Whose, case_of, count_views, load_page
from schedulers.storage.planning import Day, plan_day
from schedulers.storage.story import load_story
from schedulers.storage.writing import known_triggers, write
from tests.analytics.conftest import BOTH, fresh_store
from tests.analytics.storage.plans import Plans, plans, statements
from tests.schedulers.storage.many_followups import GROWING, fill, id_at
from tests.schedulers.storage.placing import campaign
from tests.schedulers.storage.stories import HOUR, START, attempted, born, decision, follow_up

pytestmark = pytest.mark.slow

COUNT = 40_000
MIDDLE = COUNT // 2 + 3  # open
NOW = START + timedelta(minutes=MIDDLE)
IDS = [id_at(number, COUNT) for number in range(MIDDLE, MIDDLE + 100)]
CUSTOMERS = [f"C{100_000 + number}" for number in range(1000, 1100)]
CALLS = {f"pbx/{number}.1": 2 for number in range(MIDDLE, MIDDLE + 100)}
MOMENT = Moment(now=NOW, day_end=NOW + 8 * HOUR)
DUE = Chosen(start=NOW, end=NOW + 2 * HOUR, as_of=NOW + HOUR)
ONE, GROUP = Whose(owners=["1003"]), Whose(groups=["g3"])
AFTER = Cursor(is_agreed=False, at=NOW, id=IDS[0])

Work = Callable[[Connection], object]


@pytest.fixture(scope="module", params=BOTH)
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store with a month of follow-ups."""
    with fresh_store(request, tmp_path_factory.mktemp("many")) as engine:
        fill(engine, COUNT)
        yield engine


def planned(engine: Engine, work: Work) -> Plans:
    """How the database runs what the work asks of it; nothing of it stays."""
    with engine.connect() as connection:
        with statements(engine) as sent:
            found = work(connection)
            if isinstance(found, Iterator):
                deque(found, maxlen=0)
        connection.rollback()
        assert sent
        told = plans(connection, sent)
        connection.rollback()
    return told


def customers(connection: Connection, ids: object) -> dict[str, Customer]:
    """Everybody is known."""
    return {id_: Customer(id=id_) for id_ in CUSTOMERS}


def writing(connection: Connection) -> object:
    """A birth, and a change of what is stored already."""
    stored = load_follow_ups(connection, [IDS[0]])[IDS[0]]
    nothing = Uncreated(kind="kind1", key="call:pbx/9.9", at=NOW, why="short")
    told = decision(born(follow_up()), attempted(stored, NOW), uncreated=(nothing,))
    assert told.changes[1].what is What.ATTEMPTED
    return write(connection, [told, told])


def page(view: View, whose: Whose, after: Cursor | None = None) -> Work:
    """Read one page of a list."""
    return lambda connection: load_page(connection, view, whose, MOMENT, after=after, limit=20)


WORK: dict[str, tuple[Work, set[str]]] = {
    "a hundred accounts": (
        lambda connection: load_accounts(connection, CUSTOMERS, NOW, customers, with_ended=IDS),
        {"follow_ups_customer", "follow_ups_pkey", "follow_up_attempts_pkey", "customer_contacts_pkey"},
    ),
    "writing": (writing, {"follow_ups_pkey", "follow_up_triggers_pkey", "follow_up_changes_pkey"}),
    "which triggers are known": (
        lambda connection: known_triggers(connection, IDS),
        {"follow_up_triggers_pkey"},
    ),
    "what is due in a period, as of an instant": (
        lambda connection: load_coverage(connection, DUE),
        {"follow_up_changes_due"},
    ),
    "a page of what is behind a figure": (
        lambda connection: load_items(connection, DUE, [Standing.CLOSED], after=(NOW + HOUR, IDS[0])),
        {"follow_up_changes_due"},
    ),
    "the days of a calendar, and the count apart": (
        lambda connection: (
            count_quarters(connection, DUE),
            count_due(connection, DUE),
            count_items(connection, DUE),
        ),
        {"follow_up_changes_due"},
    ),
    "the history of a customer": (
        lambda connection: load_history(connection, CUSTOMERS[0], ["13900000001"], before=NOW),
        {"follow_ups_customer", "follow_ups_past", "follow_up_changes_pkey"},
    ),
    "a story": (
        lambda connection: load_story(connection, IDS[0]),
        {"follow_ups_pkey", "follow_up_changes_pkey", "follow_up_attempts_pkey", "follow_up_answers_pkey"},
    ),
    "an agent's list": (page(View.NOW, ONE), {"follow_ups_agreed_owner", "follow_ups_owner"}),
    "an agent's next page": (page(View.OPEN, ONE, AFTER), {"follow_ups_owner"}),
    "a group's list": (page(View.OVERDUE, GROUP), {"follow_ups_agreed_group", "follow_ups_group"}),
    "everybody's next page": (page(View.OPEN, Whose(), AFTER), {"follow_ups_due"}),
    "how long an agent's lists are": (
        lambda connection: count_views(connection, ONE, MOMENT),
        {"follow_ups_owner"},
    ),
    "a chain": (lambda connection: case_of(connection, IDS[0]), {"follow_ups_case"}),
    "who must be woken": (
        lambda connection: customers_to_wake(connection, START + 3 * HOUR),
        {"follow_ups_wake"},
    ),
    "which series go on": (lambda connection: series_due(connection, START + 25 * HOUR), {"follow_up_series_next"}),
    "the series of customers": (
        lambda connection: series_of_customers(connection, CUSTOMERS),
        {"follow_up_series_customer"},
    ),
    "what a missed number has already": (
        lambda connection: about_number(connection, "kind3", f"+86139{MIDDLE}", START),
        {"follow_ups_number"},
    ),
    "which calls are news": (
        lambda connection: unheard_calls(connection, START, "CN"),
        {"heard_calls_pkey"},
    ),
}

CAMPAIGN = replace(campaign(kinds=("kind3",)), id=4)
DIALLING: dict[str, tuple[Work, set[str]]] = {
    "who is ready for a campaign": (
        lambda connection: load_ready(connection, CAMPAIGN, START + 9 * HOUR, limit=50),
        {"follow_ups_agreed", "dial_refusals_pkey"},
    ),
    "who is ready for a list": (
        lambda connection: load_ready(connection, replace(CAMPAIGN, listed=True), START + 9 * HOUR, limit=50),
        {"dial_refusals_pkey"},
    ),
    "which attempts are live": (load_live, {"dial_attempt_serves_pkey"}),
    "the attempt of an agent": (
        lambda connection: load_of_agent(connection, "1003"),
        {"dial_attempts_live_agent"},
    ),
    "whose end nobody knows": (load_indeterminate, {"dial_attempts_unknown"}),
    "attempts by channel": (
        lambda connection: load_by_channel(connection, ["tr-aaaaaaaa-7", "tr-aaaaaaaa-8"]),
        {"dial_attempts_channel"},
    ),
    "a page of a campaign's attempts": (
        lambda connection: load_of_campaign(connection, 4, after=500, limit=50),
        {"dial_attempts_of_campaign"},
    ),
    "the attempts at a follow-up": (
        lambda connection: load_of_follow_up(connection, IDS[0]),
        {"dial_attempt_serves_follow_up"},
    ),
    "what goes on at a trunk": (
        lambda connection: count_trunk(connection, ("pbx", "trunk"), Limits(channels=9, per_second=9), NOW),
        {"dial_attempts_committed_at"},
    ),
    "why one was not dialled": (
        lambda connection: refusals_of(connection, 4, IDS[0]),
        {"dial_refusals_pkey"},
    ),
}


@pytest.mark.parametrize("name", WORK)
def test_a_question_reads_what_it_needs_and_no_table_from_end_to_end(many: Engine, name: str) -> None:
    """The indexes that are meant for it are used, and no table that grows is read whole."""
    work, indexes = WORK[name]
    found = planned(many, work)
    assert found.scanned & {table.name for table in GROWING} == set()
    assert indexes - found.indexes == set()


@pytest.mark.parametrize("name", DIALLING)
def test_dialling_reads_live_rows_and_what_it_needs(many: Engine, name: str) -> None:
    """As above; the few live attempts among all that ever were are read by an index over them alone."""
    work, indexes = DIALLING[name]
    found = planned(many, work)
    if any(index.startswith("dial_attempts_live_") for index in found.indexes):
        found.scanned.discard("dial_attempts")
    assert found.scanned & {table.name for table in GROWING} == set()
    assert indexes - found.indexes == set()


def test_a_day_is_planned_from_one_index(many: Engine) -> None:
    """What is open is read in the customers' order, and nothing is sorted by the database."""
    day = Day(start=NOW, end=NOW + 8 * HOUR, caps=(Cap(count=2, span=timedelta(days=1)),))
    found = planned(many, lambda connection: plan_day(connection, day))
    assert found.indexes == {"follow_ups_customer", "customer_contacts_pkey"}


def test_what_is_heard_and_noted_reads_nothing_else(many: Engine) -> None:
    """Writing it costs the same however much there is."""

    def work(connection: Connection) -> None:
        note_heard(connection, CALLS)
        contact = Contact(customer=CUSTOMERS[0], at=NOW)
        write(connection, [Decision(contacts=(contact,)), Decision(withdrawn=(contact,))])

    assert planned(many, work).scanned & {table.name for table in GROWING} == set()
