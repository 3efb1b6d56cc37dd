"""`threerings user`: accounts made, changed, ended; a password is never an argument and never told again."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import pytest

from tests.service.cli.running import Commands

GOOD = "korrekt-pferd-92"
BAD = (
    (("create", "a b", "--role", "agent"), "login: found 'a b', expected up to 40 letters"),
    (("create", "x", "--role", "agent", "--one-time"), "agent: found none, expected which agent this person is"),
    (("create", "x", "--role", "king", "--one-time"), "king"),
    (("create", "x", "--role", "leader", "--sees", "group:", "--one-time"), "--sees: found 'group:', expected"),
    (("create", "x", "--role", "leader", "--grant", "fly", "--one-time"), "fly"),
    (("create", "x", "--role", "leader"), "password: found no terminal to ask at, expected --password-file"),
    (("disable", "boss"), "LOGIN: found no account 'boss', expected one of `threerings user list`"),
    (("password", "boss", "--one-time"), "LOGIN: found no account 'boss'"),
    (("sessions", "boss"), "LOGIN: found no account 'boss'"),
)


@pytest.fixture
def here(threerings: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Commands in the folder of an installation that never ran; nobody is at a terminal."""
    (tmp_path / "threerings.toml").write_text('data_dir = "data"\nlanguage = "en"\n', encoding="utf-8")
    (tmp_path / "secret").write_text(GOOD + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(GOOD + "\n"))
    return threerings


def test_an_account_is_made_listed_changed_and_ended(here: Commands, tmp_path: Path) -> None:
    """Also as the first thing that an installation does; each act is a row of the audit, no password is in it."""
    made = here("user", "create", "Boss", "--role", "administrator", "--password-file", "secret", "--json")
    (account,) = made.lines
    assert (made.status, account["login"], account["role"], account["active"]) == (0, "Boss", "administrator", True)
    assert account["sees"]["everything"] is True
    here("user", "create", "li", "--role", "leader", "--sees", "group:早班", "--sees", "queue:sales", "--one-time")
    changed = here("user", "set", "LI", "--grant", "listen", "--withhold", "agents", "--name", "李丽", "--json")
    (told,) = changed.lines
    assert (told["name"], told["granted"], told["withheld"]) == ("李丽", ["listen"], ["agents"])
    assert (told["sees"]["groups"], told["sees"]["queues"]) == (["早班"], ["sales"])
    assert here("user", "disable", "li", "--json").lines[0]["active"] is False
    assert here("user", "enable", "li").out == "The account li is enabled.\n"
    assert here("user", "unlock", "li", "--lang", "zh").out == "已解锁账号 li。\n"
    assert here("user", "sessions", "li", "--end", "--json").lines == [{"ended": 0}]
    assert [each["login"] for each in here("user", "list", "--json").lines] == ["Boss", "li"]
    assert "李丽" in here("user", "list").out
    with sqlite3.connect(tmp_path / "data" / "threerings.db") as connection:
        rows = connection.execute("SELECT role, subject, details FROM audit_log ORDER BY id").fetchall()
    assert [json.loads(each[2])["what"] for each in rows] == [
        "account created", "account created", "account changed", "account disabled", "account enabled",
        "account unlocked",
    ]  # fmt: skip
    assert {each[0] for each in rows} == {"command"}
    assert GOOD not in repr(rows)


def test_a_password_comes_from_a_file_from_standard_input_or_is_made_for_once(here: Commands) -> None:
    """One made for once stands alone on its line, so that it can be piped; it is in no list."""
    assert here("user", "create", "a", "--role", "administrator", "--password-file", "-").status == 0
    once = here("user", "create", "b", "--role", "supervisor", "--one-time")
    assert len(once.out.strip().split("-")) == 4
    assert "shown this once" in once.err
    again = here("user", "password", "b", "--one-time", "--json").lines[0]
    assert again["must_change_password"] is True
    assert again["password"] not in here("user", "list", "--json").out
    assert here("user", "password", "b", "--password-file", "secret").out.startswith("The password of b is changed")


def test_an_easy_password_and_the_last_administrator_are_refused(here: Commands, tmp_path: Path) -> None:
    """In one line each, and nothing is stored."""
    (tmp_path / "easy").write_text("password123", encoding="utf-8")
    refused = here("user", "create", "boss", "--role", "administrator", "--password-file", "easy")
    assert (refused.status, refused.err) == (
        2, "threerings: password: found one that everybody tries first, expected another\n",
    )  # fmt: skip
    assert here("user", "list", "--json").lines == []
    here("user", "create", "boss", "--role", "administrator", "--one-time")
    last = here("user", "disable", "boss")
    assert (last.status, "the last active account" in last.err) == (2, True)
    assert here("user", "list", "--json").lines[0]["active"] is True


@pytest.mark.parametrize(("arguments", "told"), BAD)
def test_a_mistake_is_one_line(here: Commands, arguments: tuple[str, ...], told: str) -> None:
    """What was found and what was expected; the status is 2."""
    done = here("user", *arguments)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert told in done.err
