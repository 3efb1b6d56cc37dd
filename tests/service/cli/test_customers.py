"""The commands of customers: taken in, listed, shown, exported and taken in again, changed and merged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.service.cli.closing import one
from tests.service.cli.running import Commands

CUSTOMERS = """客户编号,姓名,手机,办公电话,网点,等级,客户经理,生日,同意联系,勿扰,勿扰原因,勿扰至,资产,figure_visits
K1,王敏,13800138000,021-88886666转801,城北,核心,1001,农历八月十五,是,,,,300000,3
K2,"李强, 大",13900139000,,城南,普通,,2月29日,否,是,客户要求,2026-12-31,,
,散客,13700137000,,,,,,,,,,,
"""


@pytest.fixture
def here(threerings: Commands, tmp_path: Path) -> Commands:
    """An installation with one agent and three customers, one of them in no register."""
    (tmp_path / "data").mkdir()
    (tmp_path / "threerings.toml").write_text('data_dir = "data"\nlanguage = "en"\n')
    (tmp_path / "agents.csv").write_text("agent,name\n1001,赵敏\n")
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    assert threerings("people", "import", "agents.csv", "--kind", "agents").status == 0
    assert threerings("customers", "import", "customers.csv", "--by", "赵敏").status == 0
    return threerings


@pytest.fixture
def bare(threerings: Commands, tmp_path: Path) -> Commands:
    """An installation that has run no command yet."""
    (tmp_path / "threerings.toml").write_text('data_dir = "data"\nlanguage = "en"\n')
    return threerings


def shown(here: Commands, customer: str, *more: str) -> dict[str, Any]:
    """One customer as JSON."""
    return one(here("customers", "show", customer, "--json", *more))


def test_numbers_are_masked_unless_they_are_asked_for(here: Commands) -> None:
    """In lists and in what is shown of one, in ids that are numbers, and in the trace; also for people."""
    for command in (("list", "--json"), ("show", "K1", "--json"), ("show", "K1"), ("list",)):
        told = here("customers", *command).out
        assert "13800138000" not in told
        assert "13700137000" not in told
        assert "8000" in told
    assert [each["id"] for each in here("customers", "list", "--json").lines] == ["K1", "K2", "tel:+861****7000"]
    whole = shown(here, "K1", "--numbers")
    assert [each["number"] for each in whole["numbers"]] == ["+8613800138000", "+862188886666"]
    assert "+8613800138000" in here("customers", "list", "--numbers").out


def test_one_customer_is_shown_with_his_trace(here: Commands) -> None:
    """Who took him in, when and from which row of which file."""
    told = shown(here, "K1")
    assert (told["name"], told["owner"], told["birthday"]) == ("王敏", "1001", "lunar 08-15")
    assert (told["figures"], told["spend"], told["aliases"]) == ({"assets": 300000, "visits": 3}, {}, [])
    (added,) = told["changes"]
    assert (added["what"], added["by"], added["file"], added["row"]) == ("added", "赵敏", "customers.csv", 2)
    assert "added" in here("customers", "show", "K1").out
    nobody = here("customers", "show", "K9")
    assert (nobody.status, nobody.err.count("\n")) == (2, 1)


def test_what_is_exported_is_taken_in_again_and_changes_nothing(here: Commands, tmp_path: Path) -> None:
    """Every field, labels, extensions, the last day of a wish; into an empty store it makes the same customers."""
    everybody = here("customers", "export", "--json").lines
    (tmp_path / "again.csv").write_text(here("customers", "export").out)
    again = one(here("customers", "import", "again.csv", "--json"))
    assert (again["rows"], again["unchanged"], again["changed"], again["warned"]) == (3, 3, 0, 0)
    assert again["unread_columns"] == []
    for file in (tmp_path / "data").glob("threerings.db*"):
        file.unlink()
    here("people", "import", "agents.csv", "--kind", "agents")
    assert one(here("customers", "import", "again.csv", "--json"))["added"] == 3

    def plain(rows: list[Any]) -> list[Any]:
        """Without what is the import's own: since when, and how a number was written."""
        for row in rows:
            row["do_not_call"] = row["do_not_call"] and {**row["do_not_call"], "since": None}
            row["numbers"] = [{**each, "written": None} for each in row["numbers"]]
        return rows

    assert plain(here("customers", "export", "--json").lines) == plain(everybody)


@pytest.mark.parametrize(
    ("chosen", "ids"),
    [
        (("--number", "138 0013 8000"), ["K1"]),
        (("--branch", "城南"), ["K2"]),
        (("--tier", "核心"), ["K1"]),
        (("--owner", "1001"), ["K1"]),
        (("--limit", "1", "--after", "K1"), ["K2"]),
        (("--number", "13500135000"), []),
    ],
)
def test_a_list_is_chosen_from(here: Commands, chosen: tuple[str, ...], ids: list[str]) -> None:
    """By number in any form, branch, tier and owner, and page by page."""
    assert [each["id"] for each in here("customers", "list", "--json", *chosen).lines] == ids


def test_a_mistake_stores_nothing_unless_that_is_asked_for(here: Commands, tmp_path: Path) -> None:
    """One line on stderr names the first; with --partial the good rows are stored and the status is 1."""
    (tmp_path / "bad.csv").write_text("客户编号,姓名,客户经理\nK3,新,1001\nK4,新,1099\n")
    done = here("customers", "import", "bad.csv", "--json")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "row 3, column 客户经理: found '1099', expected an agent who is known" in done.err
    assert (done.lines[0]["stored"], done.lines[0]["refused"][0]["row"]) == (False, 3)
    assert here("customers", "show", "K3").status == 2
    dry = one(here("customers", "import", "customers.csv", "--dry-run", "--json"))
    assert (dry["stored"], dry["unchanged"]) == (False, 3)
    partial = here("customers", "import", "bad.csv", "--partial")
    assert (partial.status, shown(here, "K3")["owner"]) == (1, "1001")
    assert here("customers", "show", "K4").status == 2
    assert here("customers", "import", "nowhere.csv").err == (
        "threerings: nowhere.csv: found No such file or directory, expected a CSV or Excel file\n"
    )


def test_what_is_said_of_a_customer_stays_on_record(here: Commands) -> None:
    """Owner, wish and end, consent, a wrong number: each with who and why, and taken back again."""
    said = ("--by", "赵敏", "--reason", "called us", "--json")
    until = ("--do-not-call", "asked", "--until", "2027-01-31")
    told = one(here("customers", "set", "K1", *until, "--no-consent", "--wrong-number", "13800138000", *said))
    assert (told["consent"], told["do_not_call"]["reason"]) == (False, "asked")
    assert told["do_not_call"]["until"] == "2027-01-31T16:00:00.000+00:00"
    assert [each["use"] for each in told["numbers"]] == ["wrong", "shared"]
    back = ("--may-call", "--owner", "-", "--right-number", "+8613800138000")
    told = one(here("customers", "set", "K1", *back, *said))
    assert (told["do_not_call"], told["owner"], told["numbers"][0]["use"]) == (None, None, "own")
    last = shown(here, "K1")["changes"][-1]
    assert (last["by"], last["reason"]) == ("赵敏", "called us")
    assert set(last["fields"]) == {"do_not_call", "owner", "numbers"}
    assert "13800138000" not in here("customers", "show", "K1").out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("K1",), "found nothing to say, expected"),
        (("K9", "--tier", "x"), "found none of the id 'K9', expected one that is stored"),
        (("K1", "--owner", "1099"), "--owner: found '1099', expected the number of an agent who is known, or -"),
        (("K1", "--until", "2027-01-01"), "found --until alone, expected --do-not-call beside it"),
        (("K1", "--do-not-call", "x", "--may-call"), "found --do-not-call and --may-call, expected one"),
        (("K1", "--do-not-call", "x", "--until", "soon"), "--until: found 'soon', expected a date or a time"),
        (("K1", "--wrong-number", "13500135000"), "found one that customer 'K1' does not have"),
        (("K1", "--tier", " "), "--tier: found nothing, expected a text"),
    ],
)
def test_what_cannot_be_said_is_refused_in_one_line(
    here: Commands, arguments: tuple[str, ...], expected: str
) -> None:
    """Status 2, and nothing is changed."""
    done = here("customers", "set", *arguments, "--by", "赵敏")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert expected in done.err
    assert len(shown(here, "K1")["changes"]) == 1


def test_two_customers_become_one(here: Commands) -> None:
    """The first id finds the other; without --yes and a terminal nothing is done."""
    assert here("customers", "merge", "K1", "K2", "--by", "赵敏").status == 2
    told = one(here("customers", "merge", "K1", "K2", "--by", "赵敏", "--yes", "--json"))
    assert (told["id"], len(told["numbers"]), told["owner"]) == ("K2", 3, "1001")
    found = shown(here, "K1")
    assert (found["id"], found["aliases"], found["do_not_call"]["reason"]) == ("K2", ["K1"], "客户要求")
    assert found["changes"][-1]["fields"]["merged"]["before"]["name"] == "王敏"
    assert "13800138000" not in here("customers", "show", "K2", "--json").out
    assert here("customers", "merge", "K1", "K2", "--by", "赵敏", "--yes").status == 2


def test_people_read_it_in_their_language(here: Commands) -> None:
    """Heads and values, and what an import changed."""
    assert "客户经理" in here("customers", "list", "--lang", "zh").out
    assert "同意联系: 是" in here("customers", "show", "K1", "--lang", "zh").out
    Path("tier.csv").write_text("客户编号,等级,手机\nK1,普通,13600136000\n")
    told = here("customers", "import", "tier.csv", "--lang", "zh").out
    assert "更改 K1: 号码 2 → 1 · 级别 核心 → 普通" in told


def test_a_dry_run_is_the_first_command_of_an_installation(bare: Commands, tmp_path: Path) -> None:
    """It says what an empty store would take, and makes neither folder nor database."""
    (tmp_path / "first.csv").write_text("客户编号,姓名\nK1,彭建国\n")
    before = sorted(each.name for each in tmp_path.iterdir())
    dry = one(bare("customers", "import", "first.csv", "--dry-run", "--json"))
    assert (dry["stored"], dry["added"]) == (False, 1)
    assert sorted(each.name for each in tmp_path.iterdir()) == before
    assert one(bare("customers", "import", "first.csv", "--json"))["stored"]


def test_a_dry_run_over_an_older_store_names_both_versions(bare: Commands, tmp_path: Path) -> None:
    """It writes nothing, so it does not bring the tables to ours either."""
    (tmp_path / "first.csv").write_text("客户编号,姓名\nK1,彭建国\n")
    bare("customers", "import", "first.csv")
    (store,) = tmp_path.rglob("threerings.db")
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0016'")
        connection.commit()
    done = bare("customers", "import", "first.csv", "--dry-run")
    assert done.status == 2
    assert "found its tables at version 0016, expected" in done.err
