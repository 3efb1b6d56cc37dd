"""`threerings destruction` and `threerings hold`: five acts by log-ins, and what the shell is told."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import insert

from analytics.storage.engine import open_store
from analytics.storage.recording_models import recording_files
from service.auth import accounts
from service.auth.accounts import Wanted
from service.auth.rights import Right, Role
from telephony.clock import to_microseconds
from tests.analytics import factory
from tests.analytics.recordings.tones import pcm16, tone, wave, write
from tests.service.auth.house import HASH, PASSWORD, light_hashes
from tests.service.cli.running import Commands, Done

__all__ = ["light_hashes"]

SETTINGS = """
data_dir = "data"
language = "en"
policy = "{folder}/own.toml"
[pbx.pbx]
host = "127.0.0.1"
user = "u"
secret_env = "NONE"
[pbx.pbx.logs]
recordings = "{folder}/monitor"
"""
POLICY = 'name = "own"\n[[version]]\nretention.days = 1\n'
PEOPLE = ("registrar", "reviewer", "director", "first", "second")


@pytest.fixture
def here(with_calls: Commands, tmp_path: Path, light_hashes: None, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """An installation with two recordings of old calls, five people, and nobody at a terminal."""
    (tmp_path / "threerings.toml").write_text(SETTINGS.format(folder=tmp_path), encoding="utf-8")
    (tmp_path / "own.toml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "word").write_text(PASSWORD + "\n", encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    with engine.begin() as connection:
        for login in PEOPLE:
            rights = {Right.DESTROY, Right.HOLD, *((Right.DIRECT,) if login == "director" else ())}
            wanted = Wanted(name=login.title(), role=Role.LEADER, granted=frozenset(rights))
            accounts.create(connection, login, wanted, HASH, factory.START)
        for number, call in ((1, "pbx/1.1"), (2, "pbx/2.1")):
            size = write(tmp_path / f"monitor/{number}.wav", wave(pcm16(tone(1, 0.5)))).stat().st_size
            row = {
                "pbx": "pbx", "path": f"{number}.wav", "size": size, "stamp": "1", "found_us": 0, "changed_us": 0,
                "condition": "ready", "call_id": call, "started_us": to_microseconds(factory.at(number)),
            }  # fmt: skip
            connection.execute(insert(recording_files).values(row))
    engine.dispose()
    return with_calls


def by(here: Commands, who: str, *arguments: str) -> Done:
    """A command of `destruction` by somebody."""
    return here("destruction", *arguments, "--as", who, "--password-file", "word", "--json")


def test_from_what_is_due_to_the_certificate(here: Commands, tmp_path: Path) -> None:
    """Each act is one command; the list says what is left to do, the certificate is whole."""
    assert here("destruction", "due", "--json").lines == [{"due": 2, "held": 0, "more": False}]
    (made,) = by(here, "registrar", "make").lines
    assert (made["id"], made["stage"], made["files"], made["left"][0]) == (1, "made", 2, "review")
    (reviewed,) = by(here, "reviewer", "review", "1", "--without", "2", "--note", "training").lines
    assert (reviewed["counts"]["listed"], reviewed["counts"]["left_out"]) == (1, 1)
    by(here, "director", "approve", "1")
    by(here, "first", "attend", "1")
    early = by(here, "first", "carry-out", "1", "--yes")
    assert (early.status, early.err) == (
        2,
        "threerings: begin: found 1 present, expected 2, each by his own log-in\n",
    )
    (attended,) = by(here, "second", "attend", "1").lines
    assert (attended["present"], attended["left"]) == (["first", "second"], ["begin"])
    (done,) = by(here, "second", "carry-out", "1", "--yes").lines
    assert (done["stage"], done["certificate"], done["counts"]["destroyed"]) == ("done", 1, 1)
    assert sorted(each.name for each in (tmp_path / "monitor").iterdir()) == ["2.wav"]
    (certificate,) = here("destruction", "certificate", "1", "--json").lines
    assert [each["act"] for each in certificate["document"]["acts"]][-1] == "finish"
    assert here("destruction", "verify", "--json").lines == [{"certificates": 1, "wrong": None}]
    (shown,) = here("destruction", "show", "1", "--json").lines
    assert [(each["state"], each["reason"]) for each in shown["items"]] == [
        ("destroyed", None),
        ("left_out", "training"),
    ]
    for language, word in (("zh", "已执行"), ("en", "carried out")):
        assert word in here("destruction", "list", "--lang", language).out
        assert here("destruction", "show", "1", "--lang", language).status == 0
        assert here("destruction", "certificate", "1", "--lang", language).status == 0


def test_a_file_that_cannot_be_destroyed_ends_with_status_1(here: Commands, tmp_path: Path) -> None:
    """The others are destroyed, and the certificate names it."""
    (tmp_path / "monitor/1.wav").unlink()
    by(here, "registrar", "make")
    by(here, "reviewer", "review", "1")
    by(here, "director", "approve", "1")
    by(here, "first", "attend", "1")
    by(here, "second", "attend", "1")
    done = by(here, "first", "carry-out", "1", "--yes")
    assert (done.status, done.err) == (
        1,
        "threerings: destruction 1: found 1 that could not be destroyed, expected none\n",
    )
    (certificate,) = here("destruction", "certificate", "1", "--json").lines
    assert certificate["document"]["not_destroyed"][0]["reason"] == "found no file, expected one"


def test_a_hold_is_placed_listed_and_lifted(here: Commands) -> None:
    """On a call and on a period; what is held is not due."""
    who = ("--as", "first", "--password-file", "word", "--json")
    (placed,) = here("hold", "add", "call", "pbx/1.1", "--reason", "court", *who).lines
    assert (placed["kind"], placed["target"], placed["placed_by"]) == ("call", "pbx/1.1", "first")
    (period,) = here("hold", "add", "period", "2026-11-02", "--reason", "audit", *who).lines
    assert (period["from"], period["to"]) == ("2026-11-01T16:00:00.000+00:00", "2026-11-02T16:00:00.000+00:00")
    assert here("destruction", "due", "--json").lines == [{"due": 0, "held": 2, "more": False}]
    (lifted,) = here("hold", "lift", str(period["id"]), "--reason", "over", *who).lines
    assert (lifted["lifted_by"], lifted["lift_reason"]) == ("first", "over")
    assert here("destruction", "due", "--json").lines == [{"due": 1, "held": 1, "more": False}]
    assert [each["id"] for each in here("hold", "list", "--in-force", "--json").lines] == [placed["id"]]
    assert "court" in here("hold", "list").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("make", "--as", "registrar"), "password: found no terminal to ask at, expected --password-file FILE"),
        (("make", "--as", "nobody", "--password-file", "word"), "log-in: found a wrong login or password"),
        (("make", "--as", "registrar", "--password-file", "none"), "none: found no text (FileNotFoundError)"),
        (("make", "--as", "registrar", "--password-file", "word", "--file", "1"), "expected both or neither"),
        (
            ("make", "--as", "registrar", "--password-file", "word", "--file", "9", "--reason", "x"),
            "files: found 9",
        ),
        (("approve", "1", "--as", "reviewer", "--password-file", "word"), "expected one with the right direct"),
        (("attend", "7", "--as", "first", "--password-file", "word"), "destruction: found none of the id 7"),
        (("show", "7"), "destruction: found none of the id 7"),
        (("certificate", "7"), "certificate: found none of the number 7"),
        (("drop", "7", "--as", "first", "--password-file", "word", "--reason", "x"), "found none of the id 7"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(here: Commands, arguments: tuple[str, ...], said: str) -> None:
    """Status 2, with what was found and expected, and without a password."""
    done = here("destruction", *arguments)
    assert done.status == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert PASSWORD not in done.err + done.out
