"""Who did it, and whether a second person is another one."""

from __future__ import annotations

import pytest

from analytics.closing.persons import must_differ, same_person, written
from analytics.errors import ClosingError

NAMES = {"1004": "王娜娜", "1005": "王娜娜", "1006": "Li Qiang"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1004", "1004", True),
        ("1004", "王娜娜", True),
        ("王娜娜", "1005", True),
        ("li qiang", "1006", True),
        ("１００６", "Li Qiang ", True),
        ("1004", "1005", False),
        ("1006", "王娜娜", False),
        ("王主管", "张主任", False),
    ],
)
def test_an_agent_is_one_person_by_id_and_by_name(one: str, other: str, same: bool) -> None:
    """However it is written; two agents of one name are two persons by their ids."""
    assert same_person(one, other, NAMES) is same
    assert same_person(other, one, NAMES) is same


def test_the_first_person_is_refused_as_the_second() -> None:
    """The line says who was found and whom it must not be."""
    with pytest.raises(ClosingError, match="decided by: found 王娜娜, expected another person than 1004"):
        must_differ("decided by", "王娜娜", "1004", NAMES)


@pytest.mark.parametrize("text", ["", " \n", "\x00", "a\x1bb"])
def test_a_text_that_nobody_can_read_is_refused(text: str) -> None:
    """And one in several lines becomes one."""
    with pytest.raises(ClosingError, match=r"note: found .* expected a text"):
        written(text, "note")
    assert written(" 王 \n 主管\t", "note") == "王 主管"
