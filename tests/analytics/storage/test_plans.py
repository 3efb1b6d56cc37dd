"""Every question that the service asks of many facts finds its rows by an index, on both databases."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, select

from analytics.metrics.periods import day_period
from analytics.storage.aliases import merge_calls
from analytics.storage.asking import Questions
from analytics.storage.call_facts import facts_of_call
from analytics.storage.call_lists import CallChoice, Involved, count_calls, load_page
from analytics.storage.changes import hours_of_calls, known_span
from analytics.storage.claimed import load_balances
from analytics.storage.day_lines import load_stretches
from analytics.storage.dialects import dialect_of
from analytics.storage.differing import calls_of_agent, calls_to_compare
from analytics.storage.ingest import Ingester, Position
from analytics.storage.lost_rings import load_lost
from analytics.storage.models import (
    OF_A_CALL,
    agent_states,
    call_aliases,
    call_repairs,
    calls,
    holds,
    repaired_calls,
)
from analytics.storage.queries import LONGEST_US, StoredFacts
from analytics.storage.rejoin import reingest_people
from analytics.storage.repairs import Rebuilding, Replacing
from config.policy_loader import load_policy
from service.api.reading import Store
from service.gap_calls import calls_of_gap
from service.live.warm import facts_of_today
from service.pipeline.gaps import Gap, GapReason
from telephony.calls.facts import State
from telephony.clock import from_microseconds
from tests.analytics import factory
from tests.analytics.conftest import BOTH, fresh_store
from tests.analytics.storage.many_calls import call_of, fill
from tests.analytics.storage.plans import Plans, plans, statements

pytestmark = pytest.mark.slow

COUNT = 100_000
DAY_US = 86_400_000_000
ZONE = ZoneInfo("Asia/Shanghai")
CALL, BEGAN_US = call_of(COUNT // 2, COUNT)
BATCH = [call_of(number, COUNT)[0] for number in range(COUNT // 2, COUNT // 2 + 200)]
TALKS = [f"{each.replace('.', '.1')}/talk/1" for each in BATCH]
DAY = day_period(from_microseconds(BEGAN_US).astimezone(ZONE).date(), ZONE)
NOON = DAY.start + timedelta(hours=12)
NOW = from_microseconds(call_of(COUNT - 100, COUNT)[1])

GROWING = {table.name for table in (calls, holds, call_aliases, repaired_calls, call_repairs, *OF_A_CALL)}
"""The tables that grow with the centre's years; the others are as small as the centre."""

Work = Callable[[Connection], object]


@pytest.fixture(scope="module", params=BOTH)
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store with a year of calls."""
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


def gap(began: datetime, end: datetime | None) -> Gap:
    """A gap of the PBX `north`."""
    return Gap(pbx="north", start=began, end=end, why=GapReason.LOST, detail="", seq=1)


def choice(**more: Any) -> CallChoice:
    """The calls of thirty days."""
    return CallChoice(start_us=DAY.start_us - 29 * DAY_US, end_us=DAY.end_us, **more)


def facts(source: str) -> Callable[[Connection], Iterator[object]]:
    """Read one kind of facts of a day."""
    return lambda connection: getattr(StoredFacts(connection), source)(DAY.start_us, DAY.end_us)


def questions(connection: Connection) -> Questions:
    """What a batch asks."""
    return Questions(dialect_of(connection.dialect.name))


def replacing(connection: Connection) -> Replacing:
    """What a repair asks."""
    return Replacing(dialect_of(connection.dialect.name))


def batch(connection: Connection) -> None:
    """Store one call with its parts."""
    told = [
        factory.call(CALL, revision=9),
        factory.offering(CALL, id=f"{CALL}/offering"),
        factory.talk(CALL, id=TALKS[0], holds=((1, 2),)),
    ]
    dialect = dialect_of(connection.dialect.name)
    Ingester(dialect).ingest(connection, told, Position(pbx="north", stored_up_to=1, reread_from=1))


def rebuild(connection: Connection) -> None:
    """Replace one call."""
    how = Rebuilding(sources="cel", parts={BATCH[2]: CALL}, repaired_at=datetime(2026, 12, 1, tzinfo=UTC))
    Ingester(dialect_of(connection.dialect.name)).replace_calls(connection, [factory.call(CALL, end=5)], how)


WORK: dict[str, tuple[Work, set[str]]] = {
    "the calls of a day": (facts("calls"), {"calls_started"}),
    "the calls of a day that were heard in part": (
        lambda connection: StoredFacts(connection).inferred(DAY.start_us, DAY.end_us),
        {"calls_started"},
    ),
    "the offerings of a day": (facts("offerings"), {"offerings_offered", "calls_pkey"}),
    "the offerings, talks and waits of some calls": (
        lambda connection: [
            list(getattr(StoredFacts(connection), source)(BATCH))
            for source in ("offerings_of", "talks_of", "waits_of")
        ],
        {"offerings_call", "talks_call", "queue_visits_call", "holds_pkey", "calls_pkey"},
    ),
    "what agents handed on in a day": (facts("handed_on"), {"transfers_at", "calls_pkey"}),
    "what rolling up a day asks of its hours": (
        lambda connection: hours_of_calls(connection, BATCH),
        {"calls_pkey"},
    ),
    "where the facts begin": (known_span, {"calls_started", "agent_states_state"}),
    "the talks of a day": (facts("talks"), {"talks_started", "calls_pkey", "holds_pkey"}),
    "the waits of a day": (facts("waits"), {"queue_visits_joined", "calls_pkey"}),
    "the agents' states of a day": (
        lambda connection: StoredFacts(connection).states(DAY.start_us, DAY.end_us, [State.WRAP_UP]),
        {"agent_states_state", "agent_states_lasting"},
    ),
    "one call": (
        lambda connection: facts_of_call(connection, CALL),
        {
            "call_aliases_pkey", "call_aliases_call", "calls_pkey", "queue_visits_call", "offerings_call", "talks_call",
            "holds_pkey", "transfers_call", "digits_call", "recordings_call", "claims_call", "agent_states_call",
        },
    ),
    "which calls of a batch merged": (
        lambda connection: questions(connection).survivors(connection, BATCH),
        {"call_aliases_pkey"},
    ),
    "which calls of a batch are repaired": (
        lambda connection: questions(connection).repaired(connection, BATCH),
        {"repaired_calls_pkey"},
    ),
    "which talks of a batch are stored": (
        lambda connection: questions(connection).talk_revisions(connection, TALKS),
        {"talks_pkey"},
    ),
    "the holds that a batch replaces": (
        lambda connection: questions(connection).drop_outdated_holds(connection, TALKS),
        {"holds_pkey", "talks_pkey"},
    ),
    "a batch of facts": (batch, {"talks_pkey", "holds_pkey"}),
    "what is stored of calls that logs tell": (
        lambda connection: replacing(connection).stored(connection, BATCH),
        {"call_aliases_pkey", "calls_pkey", "talks_call", "repaired_calls_pkey"},
    ),
    "a call in the place of another": (
        rebuild,
        {"calls_pkey", "talks_call", "holds_pkey", "offerings_call", "agent_states_call", "call_aliases_call"},
    ),
    "a merge": (
        lambda connection: merge_calls(connection, [(BATCH[0], BATCH[1])], {}),
        {"calls_pkey", "call_aliases_call", "talks_call", "offerings_call", "agent_states_call", "claims_call"},
    ),
    "what both sides say of an hour's calls": (
        lambda connection: calls_to_compare(connection, BEGAN_US, BEGAN_US + DAY_US // 24),
        {"calls_started", "talks_call", "claims_call", "transfers_call", "queue_visits_call", "holds_pkey"},
    ),
    "a corrected mapping": (
        lambda connection: reingest_people(connection, BEGAN_US, BEGAN_US + DAY_US),
        {"offerings_offered", "talks_started", "claims_at", "agent_states_state"},
    ),
    "the calls that a gap touched": (
        lambda connection: calls_of_gap(connection, gap(NOON, NOON + timedelta(hours=2))),
        {"calls_started", "call_repairs_call"},
    ),
    "the calls of a gap that goes on": (
        lambda connection: calls_of_gap(connection, gap(NOW, None)),
        {"calls_started", "call_repairs_call"},
    ),
    "the next page of calls": (
        lambda connection: Store(connection.engine, lambda: load_policy("default")).calls(DAY, 5, (BEGAN_US, CALL)),
        {"calls_started"},
    ),
    "how a day's calls ended": (
        lambda connection: Store(connection.engine, lambda: load_policy("default")).counts(DAY),
        {"calls_started"},
    ),
    "a page of an agent's calls": (
        lambda connection: load_page(
            connection, choice(involved=(Involved(agents=frozenset({"1031"})),)), limit=51, after=(BEGAN_US, CALL)
        ),
        {"offerings_agent", "talks_agent"},
    ),
    "how many calls an agent had": (
        lambda connection: count_calls(connection, choice(involved=(Involved(agents=frozenset({"1031"})),))),
        {"offerings_agent", "talks_agent"},
    ),
    "a page of a queue's calls": (
        lambda connection: load_page(
            connection, choice(involved=(Involved(queues=frozenset({"none"})),)), limit=51, after=(BEGAN_US, CALL)
        ),
        {"queue_visits_queue"},
    ),
    "the line of an agent's week": (
        lambda connection: load_stretches(connection, "1031", BEGAN_US - 5 * DAY_US, BEGAN_US),
        {"offerings_agent", "talks_agent", "holds_pkey", "agent_states_state"},
    ),
    "the rings that a month lost": (
        lambda connection: load_lost(
            connection, load_policy("default"), BEGAN_US - 5 * DAY_US, BEGAN_US, BEGAN_US, agents=frozenset({"1031"})
        ),
        {"offerings_agent"},
    ),
    "what the PBX claims of five days": (
        lambda connection: load_balances(connection, BEGAN_US - 5 * DAY_US, BEGAN_US),
        {"claims_at", "talks_call", "holds_pkey"},
    ),
    "one agent's days beside the PBX's claims": (
        lambda connection: calls_of_agent(connection, "1031", BEGAN_US - 5 * DAY_US, BEGAN_US),
        {"offerings_agent", "talks_agent", "claims_call"},
    ),
    "the calls of a customer": (
        lambda connection: connection.execute(
            select(calls.c.id).where(calls.c.customer == "13810000007").order_by(calls.c.started_us.desc()).limit(20)
        ),
        {"calls_customer"},
    ),
    "what the live view begins with": (
        lambda connection: facts_of_today(connection.engine, load_policy("default"), NOW),
        {"calls_started", "agent_states_lasting"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORK)
def test_a_question_reads_what_it_needs_and_no_table_from_end_to_end(many: Engine, name: str) -> None:
    """The indexes that are meant for it are used, and no table that grows with the years is read whole."""
    work, indexes = WORK[name]
    found = planned(many, work)
    assert found.scanned & GROWING == set()
    assert indexes - found.indexes == set()


def test_the_states_of_a_day_are_read_in_the_months_that_they_can_begin_in(many: Engine) -> None:
    """PostgreSQL leaves out every other month; of those it looks only for the few states that last for weeks."""

    def work(connection: Connection) -> object:
        began = agent_states.c.started_us
        wanted = select(agent_states).where(began >= DAY.start_us - LONGEST_US, began < DAY.end_us)
        return connection.execute(wanted.where(agent_states.c.state == State.WRAP_UP.value)).all()

    found = planned(many, work)
    if many.dialect.name == "postgresql":
        assert found.partitions == {"agent_states_202605"}
    else:
        assert found.partitions == set()
