"""The commands `call note` and `call notes`: said once, shown in both languages, each mistake one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.cli.closing import SETTINGS, one
from tests.service.cli.running import Commands

NOTE = ("call", "note", "pbx/1.1", "--by", "1004")


def test_what_is_said_of_a_call_is_shown_with_every_change(with_calls: Commands) -> None:
    """A later word takes the place of an earlier one, which stays on record."""
    first = one(with_calls(*NOTE, "--code", "510", "--silent", "--json"))
    assert (first["code"], first["silent"], first["outcome"]) == ("510", True, None)
    one(with_calls(*NOTE, "--code", "520", "--reason", "heard the recording", "--json"))
    one(with_calls(*NOTE, "--not-silent", "--outcome", "报价已发", "--json"))
    one(with_calls(*NOTE, "--clear", "outcome", "--json"))
    found = one(with_calls("call", "notes", "pbx/1.1", "--json"))
    assert (found["call_id"], found["code"], found["silent"], found["outcome"]) == ("pbx/1.1", "520", False, None)
    assert [(each["field"], each["before"], each["after"], each["reason"]) for each in found["changes"]] == [
        ("code", None, "510", None),
        ("silent", None, True, None),
        ("code", "510", "520", "heard the recording"),
        ("silent", True, False, None),
        ("outcome", None, "报价已发", None),
        ("outcome", "报价已发", None, None),
    ]


@pytest.mark.parametrize(
    ("lang", "told"), [("zh", ("服务代号: 520", "无声: 是", "操作人")), ("en", ("code: 520", "silent: yes", "by"))]
)
def test_people_read_notes_in_their_language(with_calls: Commands, lang: str, told: tuple[str, ...]) -> None:
    """What holds now, then a table of the changes."""
    with_calls(*NOTE, "--code", "520", "--silent")
    shown = with_calls("call", "notes", "pbx/1.1", "--lang", lang)
    assert shown.status == 0
    assert all(each in shown.out for each in told), shown.out


def test_a_code_that_the_policy_does_not_list_is_refused(with_calls: Commands, tmp_path: Path) -> None:
    """Where it lists any: the consulting service does."""
    (tmp_path / "threerings.toml").write_text(SETTINGS + 'policy = "consulting"\n', encoding="utf-8")
    refused = with_calls(*NOTE, "--code", "999")
    assert (refused.status, refused.out) == (2, "")
    assert "--code: found '999', expected one of 510, 520, 521, " in refused.err
    assert one(with_calls(*NOTE, "--code", "521", "--json"))["code"] == "521"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (NOTE, "found nothing to say, expected --code, --silent, --outcome or --clear"),
        ((*NOTE, "--code", "510", "--clear", "code"), "found --code and --clear code, expected one"),
        ((*NOTE, "--code", " "), "code: found ' ', expected a text"),
        (("call", "note", "pbx/9.9", "--by", "a", "--silent"), "call: found none of the id 'pbx/9.9'"),
        (("call", "notes", "pbx/9.9"), "call: found none of the id 'pbx/9.9'"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(with_calls: Commands, arguments: tuple[str, ...], told: str) -> None:
    """And nothing is said of any call."""
    refused = with_calls(*arguments)
    assert (refused.status, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert told in refused.err
    assert one(with_calls("call", "notes", "pbx/1.1", "--json"))["changes"] == []
