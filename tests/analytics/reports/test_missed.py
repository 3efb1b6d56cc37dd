"""Numbers that were missed and not spoken with since, by the rules of the metric."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.periods import Period, parse_period
from analytics.reports.missed import missed_report
from analytics.reports.report import Cell
from analytics.sources import figures_of
from analytics.storage.last_talks import last_talks
from analytics.values import LastTalk
from config.policies import NumberLists, Policy, PolicyVersion
from telephony.calls.facts import CallFact, Direction, Disposition, Fact, TalkKind, VisitEnd
from telephony.clock import to_microseconds
from tests.analytics.factory import CUSTOMER, START, at, call, talk, visit
from tests.analytics.metrics.asking import SHANGHAI, TODAY, figure, policy
from tests.analytics.stored import store_facts

OTHER = "13900139000"


def nobody(numbers: Collection[str]) -> dict[str, LastTalk]:
    """Nobody ever spoke with anybody."""
    return {}


def missed(number: str = CUSTOMER, start: float = 0, stayed: float = 30, **more: object) -> CallFact:
    """A caller who gives up."""
    name = f"pbx/{number}.{start}"
    values: dict[str, object] = {"customer": number, "disposition": Disposition.ABANDONED} | more
    return call(name, start=start, end=start + stayed, **values)


def spoken(number: str = CUSTOMER, start: float = 0, direction: Direction = Direction.OUTBOUND) -> CallFact:
    """Somebody speaks with a number, by default since the centre called it."""
    name = f"pbx/{number}.{start}.t"
    return call(name, start=start, answered=start + 5, end=start + 60, customer=number, direction=direction)


def rows(
    facts: list[Fact], *, as_of: datetime | None = None, period: Period = TODAY, rules: Policy | None = None
) -> tuple[dict[str, Cell], ...]:
    """The rows of the report, by default as known when the day is over."""
    return missed_report(FactsInMemory(facts), rules or policy(), period, as_of or period.end, nobody).rows


def numbers(found: tuple[dict[str, Cell], ...]) -> list[Cell]:
    """Only the numbers."""
    return [row["number"] for row in found]


def test_a_number_has_one_row_with_all_its_missed_calls() -> None:
    """How often, first and last, how long it stayed, and the queue of the last call."""
    first, last = missed(), missed(start=600, stayed=45.5)
    visits = [visit(last.call_id, joined=610, left=645.5, ended=VisitEnd.ABANDONED, queue="support")]
    (row,) = rows([first, last, *visits])
    assert (row["number"], row["number_e164"], row["times"]) == (CUSTOMER, f"+86{CUSTOMER}", 2)
    assert row["first_missed_at"] == "2026-11-02T01:00:00.000+00:00"
    assert row["last_missed_at"] == "2026-11-02T01:10:00.000+00:00"
    assert (row["disposition"], row["queue"]) == ("abandoned", "support")
    assert (row["wait_seconds"], row["longest_wait_seconds"]) == (45.5, 45.5)
    assert (row["missed_again"], row["last_agent"]) == (False, None)


def test_who_was_spoken_with_since_is_not_owed_a_call() -> None:
    """Whether the centre called or the customer got through; the latest missed call stands first."""
    back = [missed(), spoken(start=300)]
    through = [missed(OTHER), spoken(OTHER, 300, Direction.INBOUND)]
    assert rows([*back, *through]) == ()
    assert numbers(rows([missed(), missed(OTHER, start=60)])) == [OTHER, CUSTOMER]


def test_a_talk_before_the_missed_call_returns_nothing() -> None:
    """Only what began after it does."""
    assert numbers(rows([spoken(start=-300), missed()])) == [CUSTOMER]


def test_who_was_missed_again_after_a_talk_is_owed_again() -> None:
    """His row has only the calls since, and says so."""
    (row,) = rows([missed(), spoken(start=300), missed(start=900)])
    assert (row["times"], row["missed_again"], row["first_missed_at"]) == (1, True, "2026-11-02T01:15:00.000+00:00")


def test_a_call_after_the_period_closes_what_was_missed_in_it() -> None:
    """As far as it is known at the as-of instant."""
    facts = [missed(), spoken(start=2 * 86_400)]
    assert numbers(rows(facts, as_of=TODAY.end + timedelta(hours=1))) == [CUSTOMER]
    assert rows(facts, as_of=TODAY.end + timedelta(days=3)) == ()
    assert rows(facts, period=parse_period("2026-11-03", SHANGHAI)) == ()


def test_whom_nobody_can_call_back_is_not_listed() -> None:
    """Withheld numbers, short abandons, outbound calls, switchboards, and numbers that are in no figure."""
    lists = NumberLists(test=("138*",), switchboards=("400*",))
    rules = policy(PolicyVersion(numbers=lists))
    facts = [
        missed(),
        missed("4001112222"),
        missed(OTHER, stayed=4.9),
        missed(OTHER, start=60, direction=Direction.OUTBOUND),
        call("pbx/9.9", end=30, customer=None, disposition=Disposition.ABANDONED),
    ]
    assert rows(facts, rules=rules) == ()


@given(
    st.lists(
        st.tuples(st.sampled_from([CUSTOMER, OTHER, "13700137000"]), st.integers(0, 36_000), st.booleans()),
        max_size=14,
        unique_by=lambda each: each[1],
    )
)
def test_within_the_same_hours_the_count_is_the_metrics(told: list[tuple[str, int, bool]]) -> None:
    """Of one day, whatever calls there were: rows of numbers that were not spoken with since they first were missed."""
    facts = [missed(number, start) if is_missed else spoken(number, start) for number, start, is_missed in told]
    as_of = START + timedelta(hours=12)
    found = rows(list(facts), as_of=as_of)
    counted = figure(facts, "missed_not_called_back", as_of=as_of)
    assert sum(not row["missed_again"] for row in found) == counted


def test_who_spoke_with_a_number_last_is_told_from_the_store(store: Engine) -> None:
    """However long ago, customers' talks only, and nothing after the as-of instant; on both databases."""
    earlier = [
        spoken(start=-90 * 86_400),
        talk(f"pbx/{CUSTOMER}.{-90 * 86_400}.t", start=-90 * 86_400, end=-90 * 86_400 + 50, device="PJSIP/1001"),
        spoken(start=-3_600),
        talk(f"pbx/{CUSTOMER}.-3600.t", start=-3_590, end=-3_540, device="PJSIP/1002"),
        talk(f"pbx/{CUSTOMER}.-3600.t", start=-3_580, end=-3_540, device="PJSIP/1003", kind=TalkKind.CONSULT),
    ]
    store_facts(store, [*earlier, missed(), missed(OTHER)])
    with store.connect() as connection:
        rules = policy()
        told = missed_report(
            figures_of(connection, rules),
            rules,
            TODAY,
            TODAY.end,
            lambda some: last_talks(connection, some, to_microseconds(TODAY.end)),
        ).rows
        before = last_talks(connection, [CUSTOMER], to_microseconds(at(-3_600)))
    assert {row["number"]: row["last_agent"] for row in told} == {CUSTOMER: "1002", OTHER: None}
    assert before[CUSTOMER].agent == "1001"
