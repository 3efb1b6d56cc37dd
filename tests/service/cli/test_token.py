"""`threerings token`: made once, listed without its secret, ended; each mistake is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.cli.running import Commands

BAD = (
    (("create", " "), "NAME: found ' ', expected up to 100 letters"),
    (("create", "x" * 101), "NAME: found"),
    (("create", "a\x00b"), "NAME: found"),
    (("create", "x", "--expires", "soon"), "--expires: found 'soon', expected a day or an instant to come"),
    (("create", "x", "--expires", "2001-01-01"), "--expires: found '2001-01-01', which has come"),
    (("create", "x", "--scope", "all"), "all"),
    (("revoke", "00000000"), "token: found none of the id '00000000', expected one of `threerings token list`"),
)


@pytest.fixture
def here(threerings: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Commands in the folder of an installation that never ran."""
    (tmp_path / "threerings.toml").write_text('data_dir = "data"\nlanguage = "en"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return threerings


def test_a_token_is_made_listed_and_ended(here: Commands) -> None:
    """Also as the first thing that an installation does; its text is told once and never again."""
    made = here(
        "token", "create", "报表", "--scope", "read", "--scope", "export", "--expires", "2999-01-01", "--json"
    )
    (token,) = made.lines
    assert (made.status, token["scopes"], token["valid"]) == (0, ["export", "read"], True)
    assert token["expires_at"] == "2998-12-31T16:00:00.000+00:00"
    assert token["token"].startswith(f"tr_{token['id']}_")
    assert here("token", "revoke", token["id"], "--json").lines == [{"id": token["id"], "revoked": True}]
    listed = here("token", "list", "--json")
    assert [(each["name"], each["valid"]) for each in listed.lines] == [("报表", False)]
    assert token["token"] not in listed.out


def test_for_people_the_token_stands_alone_on_its_line(here: Commands) -> None:
    """So that it can be piped; what to do with it is told beside it, in either language."""
    made = here("token", "create", "wall", "--lang", "zh")
    assert made.out.startswith("tr_")
    assert len(made.out.split()) == 1
    assert made.err == "请立即保存：令牌只显示这一次。\n"
    assert "wall" in here("token", "list", "--lang", "zh").out
    assert "权限" in here("token", "list", "--lang", "zh").out
    ended = here("token", "revoke", made.out.split("_")[1])
    assert ended.out == "The token is revoked.\n"


@pytest.mark.parametrize(("arguments", "message"), BAD)
def test_a_mistake_is_one_line(here: Commands, arguments: tuple[str, ...], message: str) -> None:
    """Status 2, with what was found and what was expected."""
    done = here("token", *arguments)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert done.err.count("\n") == 1


def test_without_settings_there_is_no_store_to_keep_a_token_in(
    threerings: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told as such."""
    monkeypatch.chdir(tmp_path)
    assert threerings("token", "list").status == 2
