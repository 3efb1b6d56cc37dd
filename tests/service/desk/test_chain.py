"""A complaint from the event outside to the revisit of a satisfied customer, told by commands alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from analytics.storage.models import call_aliases
from tests.service.cli.running import Commands


def only(hotline: Commands, kind: str, state: str = "all") -> dict[str, Any]:
    """The one open follow-up of a kind."""
    (found,) = hotline("followups", "list", "--kind", kind, "--state", state, "--json").lines
    return dict(found)


def well(hotline: Commands, *arguments: str) -> list[Any]:
    """What a command prints that does all it is asked."""
    done = hotline("followups", *arguments, "--json")
    assert done.status == 0, done.err
    return done.lines


def test_a_complaint_goes_all_the_way_to_a_satisfied_revisit(hotline: Commands) -> None:
    """Dispatched, answered by the unit, the customer told; revisited, not accepted, again one level up; accepted."""
    (told,) = well(hotline, "trigger", "complaint_received", "C-1", "--key", "T-77", "--about", "class=general")
    assert told["new"]
    assert len(told["follow_ups"]) == 1
    dispatch = only(hotline, "complaint_dispatch")
    assert (dispatch["id"], dispatch["owner"]) == (told["follow_ups"][0], "1003")
    well(hotline, "record", dispatch["id"], "--by", "1003", "--note", "网络部")
    answer = only(hotline, "unit_answer")
    assert (answer["after"], answer["case"], answer["owner"]) == (dispatch["id"], dispatch["case"], "1002")
    well(hotline, "record", answer["id"], "--by", "1002")
    reply = only(hotline, "complaint_reply")
    well(hotline, "record", reply["id"], "--by", reply["owner"], "--elsewhere", "mobile")

    well(hotline, "trigger", "complaint_resolved", "13800138000", "--key", "T-77")
    revisit = only(hotline, "resolved_revisit")
    well(hotline, "record", revisit["id"], "--by", "1002", "--elsewhere", "mobile", "--answer", "mark=2")
    again = only(hotline, "revisit_again")
    assert (again["after"], again["level"], again["owner"]) == (revisit["id"], 1, "1002")
    well(hotline, "record", again["id"], "--by", "1002", "--elsewhere", "visit", "--answer", "mark=5")
    assert well(hotline, "list", "--customer", "C-1") == []

    (story,) = well(hotline, "show", again["id"])
    assert [each["kind"] for each in story["chain"]] == ["resolved_revisit", "revisit_again"]
    assert [each["what"] for each in story["changes"]] == ["born", "done"]
    assert story["answers"][0]["answer"] == 5
    assert story["follow_up"]["content"] is True


def test_an_outcome_by_the_id_of_a_merged_call_is_of_the_call_that_is_left(
    hotline: Commands, store: Engine
) -> None:
    """The agent names the younger call, as the phone showed it; the facts know the older one."""
    well(hotline, "trigger", "complaint_resolved", "C-1", "--key", "T-1")
    with store.begin() as connection:
        connection.execute(call_aliases.insert().values(alias_id="pbx/2.2", call_id="pbx/1.1"))
    item = only(hotline, "resolved_revisit")
    well(hotline, "record", item["id"], "--by", "1002", "--call", "pbx/2.2", "--answer", "mark=5")
    assert only(hotline, "resolved_revisit")["claimed_call"] == "pbx/1.1"


def test_the_sum_is_what_was_due_and_each_part_opens_its_items(hotline: Commands) -> None:
    """Satisfaction is counted with n; no percentage under the survey's ten answers."""
    for number in range(12):
        well(hotline, "trigger", "complaint_resolved", "C-1", "--key", f"T-{number}")
    ids = [each["id"] for each in well(hotline, "list", "--kind", "resolved_revisit")]
    for identity in ids[:9]:
        well(hotline, "record", identity, "--by", "1002", "--elsewhere", "mobile", "--answer", "mark=5")
    well(hotline, "record", ids[9], "--by", "1002", "--result", "rejected", "--close", "refused")

    period = ("--period", "2020-01-01/2040-01-01", "--kind", "resolved_revisit")
    (found,) = well(hotline, "coverage", *period)
    total = found["total"]
    assert (total["due"], total["done_on_time"], total["closed"], total["open_in_time"]) == (12, 9, 1, 2)
    assert total["closed_by_reason"] == {"refused": 1}
    assert (total["coverage"], total["reached"]) == (0.833333, 0.75)
    (said,) = found["satisfaction"]
    assert (said["answers"], said["satisfied"], said["rate"], said["refused"]) == (9, 9, None, 1)
    behind = well(hotline, "coverage", *period, "--items", "open_in_time")
    assert {each["id"] for each in behind} == set(ids[10:])

    well(hotline, "record", ids[10], "--by", "1002", "--elsewhere", "mobile", "--answer", "mark=3")
    (found,) = well(hotline, "coverage", *period)
    (said,) = found["satisfaction"]
    assert (said["answers"], said["satisfied"], said["rate"]) == (10, 9, 0.9)
    assert said["questions"][0]["marks"] == {"3": 1, "5": 9}
    assert said["questions"][0]["mean"] == 4.8
    (before,) = well(hotline, "coverage", *period, "--as-of", "2026-01-01")
    assert before["total"]["due"] == 0
    assert before["total"]["coverage"] is None


def test_the_same_trigger_ten_times_is_one(hotline: Commands) -> None:
    """The first makes it; the others say that it is known."""
    told = [well(hotline, "trigger", "complaint_resolved", "C-1", "--key", "T-1")[0] for _ in range(10)]
    assert [each["new"] for each in told] == [True] + [False] * 9
    assert len({each["follow_ups"][0] for each in told}) == 1
    assert len(well(hotline, "list")) == 1
