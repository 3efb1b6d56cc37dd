"""Work lists page by page, and what people do to one or many follow-ups, each with its undo."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from service.dashboard.numerals import mask
from tests.service.cli.running import Commands
from tests.service.desk.centre import MOBILE, OTHER
from tests.service.desk.test_chain import well


@pytest.fixture
def three(hotline: Commands) -> list[str]:
    """Three revisits; their ids in the order of the list."""
    for number, customer in enumerate(("C-1", "C-2", "C-1")):
        well(hotline, "trigger", "complaint_resolved", customer, "--key", f"T-{number}")
    return [each["id"] for each in well(hotline, "list")]


def test_pages_follow_each_other_by_their_cursor(hotline: Commands, three: list[str]) -> None:
    """Every item once, and the last page names no further one."""
    found: list[str] = []
    after: tuple[str, ...] = ()
    for _ in range(3):
        done = hotline("followups", "list", "--limit", "1", *after, "--json")
        found += [each["id"] for each in done.lines]
        after = ("--after", done.err.split("--after ")[1].strip()) if done.err else ()
    assert found == three
    assert not done.err


def test_a_table_shows_the_number_masked_in_both_languages(hotline: Commands, three: list[str]) -> None:
    """The name of the kind and the heads are Chinese or English; the number never shows its middle."""
    english, chinese = hotline("followups", "list"), hotline("followups", "list", "--lang", "zh")
    assert "Revisit after solving" in english.out
    assert "owner" in english.out
    assert "办结回访" in chinese.out
    assert "负责人" in chinese.out
    for done in (english, chinese, hotline("followups", "show", three[0])):
        assert mask(MOBILE) in done.out or mask(OTHER) in done.out
        assert MOBILE not in done.out
        assert OTHER not in done.out


def test_what_is_closed_is_opened_again_by_the_line_that_it_says(hotline: Commands, three: list[str]) -> None:
    """And the story keeps both."""
    done = hotline("followups", "close", three[0], "--reason", "duplicate", "--by", "1002")
    line = re.search(r"threerings (followups reopen \w+) --by …", done.err)
    assert done.status == 0
    assert line is not None
    assert hotline(*line[1].split(), "--by", "1002").status == 0
    (story,) = well(hotline, "show", three[0])
    assert [each["what"] for each in story["changes"]] == ["born", "closed", "reopened"]


def test_all_of_an_owner_are_handed_over_after_a_yes(hotline: Commands, three: list[str]) -> None:
    """Without a terminal --yes is asked for; the undo names each former owner."""
    owner = well(hotline, "list")[0]["owner"]
    mine = {each["id"] for each in well(hotline, "list", "--agent", owner)}
    to = next(each for each in ("1002", "1003", "1004") if each != owner)
    refused = hotline("followups", "hand-over", "--owner", owner, "--to", to, "--by", "1001")
    assert refused.status == 2
    assert "expected --yes" in refused.err
    done = hotline("followups", "hand-over", "--owner", owner, "--to", to, "--by", "1001", "--yes")
    assert done.status == 0
    assert f"--to {owner} --by" in done.err
    assert mine <= {each["id"] for each in well(hotline, "list", "--agent", to)}
    assert well(hotline, "list", "--agent", owner) == []


def test_of_several_the_good_ones_are_done_and_the_others_say_why(hotline: Commands, three: list[str]) -> None:
    """Status 1; where none could be done, 2."""
    done = hotline("followups", "close", three[0], "none", "--reason", "duplicate", "--by", "1002", "--json")
    assert done.status == 1
    assert [each["done"] for each in done.lines] == [True, False]
    assert "expected the id of a follow-up" in done.lines[1]["refused"]
    assert hotline("followups", "close", three[0], "--reason", "duplicate", "--by", "1002").status == 2


def test_a_kind_permits_its_reasons_only(hotline: Commands, three: list[str]) -> None:
    """Unreachable needs its attempts; a reason that nobody knows is refused with those there are."""
    few = hotline("followups", "close", three[0], "--reason", "unreachable", "--by", "1002")
    assert few.status == 2
    assert "found 0 attempts that reached the network, expected at least 3" in few.err
    other = hotline("followups", "close", three[0], "--reason", "lazy", "--by", "1002")
    assert other.status == 2
    assert "'lazy', expected one of unreachable, wrong_contact, refused" in other.err


def test_another_due_time_is_set_and_set_back(hotline: Commands, three: list[str]) -> None:
    """By the line that it says; a time that has passed is refused."""
    before = well(hotline, "show", three[0])[0]["follow_up"]["due_at"]
    to = (datetime.now(UTC) + timedelta(days=5)).isoformat(timespec="seconds")
    done = hotline("followups", "reschedule", three[0], "--to", to, "--by", "1002")
    line = re.search(r"threerings (followups reschedule \w+ --to \S+) --by", done.err)
    assert done.status == 0
    assert line is not None
    assert hotline(*line[1].split(), "--by", "1002").status == 0
    assert well(hotline, "show", three[0])[0]["follow_up"]["due_at"][:19] == before[:19]
    past = hotline("followups", "reschedule", three[0], "--to", "2026-01-01T10:00", "--by", "1002")
    assert past.status == 2
    assert "expected after" in past.err


def test_an_agreed_time_replaces_the_due_time_and_stands_first(hotline: Commands, three: list[str]) -> None:
    """`agree` is a contact in which another time was asked for; the reminder before it may be acknowledged."""
    to = datetime.now(UTC).replace(microsecond=0) + timedelta(days=9)
    what = [each["what"] for each in well(hotline, "agree", three[2], to.isoformat(), "--by", "1002")]
    assert what == ["attempted", "agreed"]
    (first, *_) = well(hotline, "list")
    assert (first["id"], first["agreed_at"][:19]) == (three[2], to.isoformat()[:19])
    assert [each["id"] for each in well(hotline, "list", "--state", "agreed")] == [three[2]]
    well(hotline, "acknowledge", three[2], "--by", "1002")
    well(hotline, "note", three[2], "客户在开会", "--by", "1002")
    (story,) = well(hotline, "show", three[2])
    assert [each["what"] for each in story["changes"]][-2:] == ["acknowledged", "noted"]
    assert story["changes"][-1]["note"] == "客户在开会"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "--state", "late"), "--state: found 'late', expected one of due, today, overdue"),
        (("list", "--kind", "nothing"), "kind: found 'nothing', expected one of"),
        (("list", "--after", "x"), "--after: found 'x', expected the cursor of the page before"),
        (("show", "x"), "follow-up: found none of the id 'x'"),
        (("close", "--reason", "duplicate", "--by", "1"), "found none, expected ids, or --owner and --kind"),
        (("coverage", "--kind", "nothing"), "--kind: found 'nothing', expected one of"),
        (("coverage", "--as-of", "soon"), "--as-of: found 'soon'"),
        (("trigger", "rain", "C-1", "--key", "1"), "event: found 'rain', expected one of complaint_received"),
        (("trigger", "complaint_resolved", "C-9", "--key", "1"), "customer: found 'C-9', expected a customer's id"),
        (
            ("trigger", "complaint_resolved", "C-1", "--key", "1", "--at", "2099-01-01"),
            "expected an instant that has",
        ),
        (("record", "x", "--by", "1002"), "follow-up: found 'x', expected the id of a follow-up"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(hotline: Commands, arguments: tuple[str, ...], said: str) -> None:
    """Status 2; what, found and expected."""
    done = hotline("followups", *arguments)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert said in done.err


def test_an_answer_is_held_to_its_survey(hotline: Commands, three: list[str]) -> None:
    """A mark beyond the scale, a question that nobody asks, and customers mixed are refused."""
    for answer, said in (("mark=6", "expected a mark from 1 to 5"), ("colour=3", "expected one of mark, else")):
        done = hotline("followups", "record", three[0], "--by", "1002", "--elsewhere", "mobile", "--answer", answer)
        assert done.status == 2
        assert said in done.err
    mixed = hotline("followups", "record", *three, "--by", "1002", "--elsewhere", "mobile")
    assert mixed.status == 2
    assert "expected those of one customer" in mixed.err
