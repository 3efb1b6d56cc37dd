"""Good files: every column in both languages, laid over what is known, any number of times, in any order."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from config.calendars import OpenSpan
from schedulers.customers.records import Birthday, Customer, DoNotCall, Number, NumberUse
from schedulers.customers.told import Told, Wish, laid_over
from schedulers.storage.customer_writing import Origin, What, change_customer, load_changes, merge
from schedulers.storage.customers import load_spend
from tests.schedulers.customers.importing import AT, everybody, imported, with_agents, written

LATER = AT + timedelta(days=1)
CHINESE = """客户名单（内部）
客户编号*,客户姓名,类型,手机,办公电话,手机2,网点,等级,客户经理,生日,时区,作息,\
方言,语言,同意联系,勿扰,勿扰原因,勿扰至,资产（元）,消费,figure_visits,建档日期,销户日期,备注
K1,王 敏,经销商,138 0013 8000,021-88886666转801,前台,城北,核心,李强,农历八月十五,Asia/Urumqi,10:00-14:00 16:00-24:00,\
四川话,zh,是,是,客户要求,2026-12-31,"300,000",12,3,2024-02-29,2030-01-01,老客户
"""
ENGLISH = """id,name,sort,mobile,office,branch,tier,owner,birthday,zone,hours,\
dialect,language,consent,do_not_call,do_not_call_reason,do_not_call_until,assets,spend,figure_visits,since,until
K1,王 敏,经销商,138 0013 8000,021-88886666转801,城北,核心,1001,lunar 08-15,Asia/Urumqi,10:00-14:00 16:00-24:00,\
四川话,zh,yes,yes,客户要求,2026-12-31,300000,12,3,2024-02-29,2030-01-01
"""
WHOLE = Customer(
    id="K1",
    name="王 敏",
    sort="经销商",
    numbers=(
        Number(number="+8613800138000", written="138 0013 8000", label="mobile"),
        Number(number="+862188886666", written="021-88886666转801", label="office", use=NumberUse.SHARED),
    ),
    branch="城北",
    tier="核心",
    owner="1001",
    zone=ZoneInfo("Asia/Urumqi"),
    hours=(OpenSpan(opens=time(10), closes=time(14)), OpenSpan(opens=time(16), closes=None)),
    dialect="四川话",
    language="zh",
    birthday=Birthday(month=8, day=15, lunar=True),
    since=date(2024, 2, 29),
    until=date(2030, 1, 1),
    figures=(("assets", 300_000), ("spend", 12), ("visits", 3)),
    consent=True,
    do_not_call=DoNotCall(reason="客户要求", since=AT, until=datetime(2026, 12, 31, 16, tzinfo=UTC)),
)


@pytest.mark.parametrize(
    "content", [CHINESE, ENGLISH, CHINESE.encode("gb18030"), b"\xef\xbb\xbf" + ENGLISH.encode()]
)
def test_every_column_is_read_in_both_languages(store: Engine, tmp_path: Path, content: str | bytes) -> None:
    """In UTF-8 with or without its mark and in GB 18030; the last day of a wish not to be called is inside."""
    with store.begin() as connection:
        with_agents(connection)
    outcome = imported(store, [written(tmp_path, content)])
    assert (outcome.stored, outcome.found.added, outcome.found.refusals) == (True, 1, [])
    assert everybody(store) == [WHOLE]


def test_what_is_passed_over_of_a_good_row_is_told(store: Engine, tmp_path: Path) -> None:
    """A number that cannot be dialled beside one that can, and the columns that nobody reads."""
    with store.begin() as connection:
        with_agents(connection)
    path = written(tmp_path, CHINESE)
    found = imported(store, [path], dry_run=True).found
    assert [each.sentence() for each in found.warnings] == [
        f"{path}, row 3, column 手机2: found '前台', expected a number that can be dialled; the others are taken"
    ]
    assert list(found.unread) == ["备注"]
    assert everybody(store) == []


def test_the_same_file_twice_changes_nothing(store: Engine, tmp_path: Path) -> None:
    """Not even the instant since which he is not to be called, nor a line of the trace."""
    with store.begin() as connection:
        with_agents(connection)
    path = written(tmp_path, CHINESE)
    imported(store, [path])
    again = imported(store, [path], at=LATER)
    assert (again.found.added, again.found.changed, again.found.unchanged) == (0, 0, 1)
    assert everybody(store) == [WHOLE]
    with store.connect() as connection:
        assert [each.what for each in load_changes(connection, "K1")] == [What.ADDED]


def test_what_a_file_does_not_tell_stays_and_a_dash_takes_back(store: Engine, tmp_path: Path) -> None:
    """Columns that are not there and empty cells keep what is stored; the trace names file, row and who."""
    with store.begin() as connection:
        with_agents(connection)
    imported(store, [written(tmp_path, CHINESE)])
    path = written(tmp_path, "编号,姓名,等级,方言,勿扰,资产\nK1,,普通,-,-,—\n", "second")
    outcome = imported(store, [path], at=LATER)
    (now,) = everybody(store)
    assert (now.name, now.tier, now.dialect, now.do_not_call) == ("王 敏", "普通", None, None)
    assert now.figures == (("spend", 12), ("visits", 3))
    assert set(outcome.found.changes[0].fields) == {"tier", "dialect", "do_not_call", "figures"}
    with store.connect() as connection:
        last = load_changes(connection, "K1")[-1]
    assert (last.origin.by, last.origin.file, last.origin.row) == ("赵敏", str(path), 2)
    assert last.fields["tier"] == ("核心", "普通")


def test_a_customer_without_an_id_is_known_by_his_number(store: Engine, tmp_path: Path) -> None:
    """By the first that is his own; the same written otherwise is the same customer, and he is in no register."""
    imported(store, [written(tmp_path, "姓名,电话\n王敏,95588/13800138000\n")])
    imported(store, [written(tmp_path, "姓名,电话\n王敏敏,+86 138 0013 8000\n")])
    (only,) = everybody(store)
    assert (only.id, only.name, only.is_registered) == ("tel:+8613800138000", "王敏敏", False)


def test_a_number_that_was_wrong_stays_so_while_lists_still_have_it(store: Engine, tmp_path: Path) -> None:
    """The register is slower than the agent who found out."""
    path = written(tmp_path, "客户编号,电话\nK1,13800138000 13900139000\n")
    imported(store, [path])
    (before,) = everybody(store)
    wrong = Number(number="+8613800138000", written="13800138000", use=NumberUse.WRONG)
    with store.begin() as connection:
        change_customer(connection, "K1", Origin(by="1001", at=AT), numbers=(wrong, before.numbers[1]))
    assert imported(store, [path], at=LATER).found.unchanged == 1
    (after,) = everybody(store)
    assert [each.number for each in after.callable_numbers()] == ["+8613900139000"]


def test_a_row_of_a_merged_customer_is_the_others(store: Engine, tmp_path: Path) -> None:
    """Its register may know it by the old id for years; both in one file are told as twice the same."""
    imported(store, [written(tmp_path, "客户编号,姓名\nK1,王敏\nK2,王敏\n")])
    with store.begin() as connection:
        merge(connection, "K1", "K2", Origin(by="1001", at=AT))
    imported(store, [written(tmp_path, "客户编号,等级\nK1,核心\n")])
    assert [(each.id, each.tier) for each in everybody(store)] == [("K2", "核心")]
    both = imported(store, [written(tmp_path, "客户编号,等级\nK2,普通\nK1,核心\n")])
    assert [each.why for each in both.found.refusals] == [
        "found 'K1', who was merged into 'K2': row 2 has him too, expected one row a customer"
    ]


def test_spend_is_kept_by_month_wherever_its_sheet_stands(store: Engine, tmp_path: Path) -> None:
    """In fen, before or behind the sheet of customers; a corrected month replaces what was told of it."""
    spend: list[list[object]] = [["客户编号", "月份", "消费"], ["K1", "2026年10月", 1234.5], ["K1", "2026-09", "8"]]
    book = {"消费": spend, "客户": [["客户编号", "姓名"], ["K1", "王敏"]]}
    assert imported(store, [written(tmp_path, book)]).found.months == 2
    again = imported(store, [written(tmp_path, "客户编号,月份,消费额\nK1,202610,1000\nK1,2026/9/30,8.00\n")])
    assert again.found.months == 1
    with store.connect() as connection:
        assert load_spend(connection, "K1") == {"2026-09": 800, "2026-10": 100_000}


@pytest.mark.slow
def test_more_rows_than_a_batch_are_taken_in_together(store: Engine, tmp_path: Path) -> None:
    """A mistake in the last one undoes all; nothing of the file is left behind."""
    rows = [f"K{at},客户{at},1380013{at:04}" for at in range(4500)]
    good = "客户编号,姓名,手机\n" + "\n".join(rows)
    assert imported(store, [written(tmp_path, good + "\nK0,重复,\n")]).stored is False
    assert everybody(store) == []
    assert imported(store, [written(tmp_path, good)]).found.added == 4500
    assert len(everybody(store)) == 4500


def test_the_order_of_rows_does_not_matter(store: Engine, tmp_path: Path) -> None:
    """Rows, columns and sheets in any order make the same customers."""
    with store.begin() as connection:
        with_agents(connection)
    rows = [
        {"客户编号": f"K{at}", "手机": f"1380013{at:04}", "资产": str(at), "客户经理": "1001"} for at in range(30)
    ]
    seen = []
    for seed in range(3):
        drawn = random.Random(seed)
        names = drawn.sample(list(rows[0]), 4)
        lines = [",".join(row[name] for name in names) for row in drawn.sample(rows, len(rows))]
        imported(store, [written(tmp_path, "\n".join([",".join(names), *lines]))])
        seen.append(everybody(store))
    assert seen[0] == seen[1] == seen[2]
    with store.connect() as connection:
        assert len(load_changes(connection, "K7")) == 1


# -- laying over ---------------------------------------------------------------------------------------

_numbers = st.lists(
    st.builds(
        Number,
        number=st.sampled_from(["+861", "+862", "+863"]),
        written=st.just("x"),
        use=st.sampled_from(NumberUse),
    ),
    max_size=3,
    unique_by=lambda each: each.number,
).map(tuple)
_wishes = st.builds(
    Wish,
    reason=st.sampled_from([None, "", "客户要求"]),
    until=st.sampled_from([None, AT - timedelta(days=9), AT + timedelta(days=9)]),
)
_told = st.builds(
    Told,
    id=st.just("K1"),
    fields=st.lists(
        st.sampled_from([("name", "王敏"), ("name", None), ("tier", "核心"), ("sort", ""), ("consent", False)]),
        max_size=3,
        unique_by=lambda each: each[0],
    ).map(tuple),
    numbers=st.none() | _numbers,
    figures=st.lists(
        st.tuples(st.sampled_from(["assets", "spend"]), st.none() | st.integers(0, 9)),
        max_size=2,
        unique_by=lambda f: f[0],
    ).map(tuple),
    blocked=st.none() | st.booleans().map(lambda _: False) | _wishes,
)


@settings(max_examples=200)
@given(_told, _told)
def test_the_same_told_twice_is_told_once(first: Told, second: Told) -> None:
    """Whatever was known before, and however much later it is told again."""
    before = laid_over(first, None, AT)
    once = laid_over(second, before, AT)
    assert laid_over(second, once, AT + timedelta(days=30)) == once


@given(_told)
def test_nothing_told_changes_nothing(first: Told) -> None:
    """A row with only an id."""
    known = laid_over(first, None, AT)
    assert laid_over(Told(id="K1"), known, LATER) == known
