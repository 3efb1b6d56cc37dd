"""`threerings notices`: what was told is listed, a channel is tried, and what was not sent surely is sent again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from analytics.storage.engine import open_store
from config.followups import Promises
from config.loader import load_settings
from config.notices import Recipient, RecipientKind
from schedulers.notices.outbox import put, settle, take
from schedulers.notices.records import Notice, Topic
from schedulers.notices.trying import Ending, NoticeState, Tried
from service.migrations import upgrade
from service.noticing import telling_by
from telephony.clock import SystemClock
from tests.service.cli.running import Commands
from tests.service.receivers import closed_port, hook

KEYS = [
    *("id", "topic", "about", "recipient", "channel", "language", "state"),
    *("wanted_at", "next_at", "tries", "ended_at", "why"),
]
SETTINGS = """
data_dir = "data"
language = "en"
[notices.channel.robot]
url_env = "ROBOT"
[notices.channel.nobody]
url_file = "nobody"
[notices.to]
1001 = ["robot"]
"""


@pytest.fixture
def here(threerings: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Commands in the folder of an installation with two channels."""
    (tmp_path / "threerings.toml").write_text(SETTINGS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return threerings


def told(folder: Path, endings: Sequence[Ending | None]) -> None:
    """A notice for each ending, tried once where it has one."""
    settings = load_settings(folder / "threerings.toml", {})
    settings.data_dir.mkdir(exist_ok=True)
    by, now = telling_by(settings, Promises()), SystemClock().now()
    engine = open_store(settings.database_url)
    upgrade(engine)
    with engine.begin() as connection:
        for number, ending in enumerate(endings):
            recipient = Recipient(kind=RecipientKind.AGENT, name="1001")
            notice = Notice(topic=Topic.OVERDUE, about=f"item-{number}", recipient=recipient, wanted_at=now)
            assert put(connection, [notice], by) == 1
            if ending is not None:
                sent = take(connection, now, "lease", by)
                settle(connection, sent, "lease", Tried(ending=ending, why=ending.value), now, by)
    engine.dispose()


def test_what_became_of_each_notice_is_listed(here: Commands, tmp_path: Path) -> None:
    """As JSON with all names of the contract, and as a table in either language."""
    assert here("notices", "list", "--json").lines == []
    told(tmp_path, [Ending.TAKEN, Ending.REFUSED, Ending.UNKNOWN])
    found = {each["about"]: each for each in here("notices", "list", "--json").lines}
    assert {name: each["state"] for name, each in found.items()} == {
        "item-0": "sent",
        "item-1": "failed",
        "item-2": "indeterminate",
    }
    failed = found["item-1"]
    assert list(failed) == KEYS
    assert (failed["topic"], failed["recipient"], failed["channel"]) == ("overdue", "1001", "robot")
    assert (failed["tries"], failed["why"], failed["ended_at"]) == (1, "refused", None)
    assert failed["next_at"] > failed["wanted_at"]
    (only,) = here("notices", "list", "--state", "sent", "--limit", "5", "--json").lines
    assert only["about"] == "item-0"
    assert "跟进已逾期" in here("notices", "list", "--lang", "zh").out
    assert "given up" not in here("notices", "list").out


def test_a_channel_is_tried_at_once(here: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the language that is asked for; status 1 and the reason where it was not taken."""
    with hook() as kept:
        monkeypatch.setenv("ROBOT", f"json://127.0.0.1:{kept.port}/")
        done = here("notices", "test", "robot", "--json")
        assert (done.status, done.lines) == (0, [{"channel": "robot", "ending": "taken", "why": ""}])
        assert here("notices", "test", "robot", "--lang", "zh").out == "通道已接收。\n"
        kept.answers = [403]
        refused = here("notices", "test", "robot")
    assert b"Notices of Three Rings" in kept.received[0][2]
    assert len(kept.received) == 3
    assert refused.status == 1
    assert refused.err.strip().endswith("robot: found refused (http 403), expected that it was taken")


def test_a_channel_without_an_address_fails_its_test(here: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is not there, and a port where nobody listens: both told without the address."""
    done = here("notices", "test", "nobody", "--json")
    assert (done.status, done.lines[0]["why"]) == (1, "no readable address")
    monkeypatch.setenv("ROBOT", f"json://user:geheim@127.0.0.1:{closed_port()}/")
    done = here("notices", "test", "robot")
    assert done.status == 1
    assert "unreachable" in done.err
    assert "geheim" not in done.err


def test_what_was_not_sent_surely_is_wanted_again(here: Commands, tmp_path: Path) -> None:
    """A failed one at once; one that may have come only where somebody says so; never one that was sent."""
    told(tmp_path, [Ending.TAKEN, Ending.REFUSED, Ending.UNKNOWN])
    ids = {each["state"]: each["id"] for each in here("notices", "list", "--json").lines}
    assert here("notices", "retry", ids["failed"], "--json").lines == [{"wanted": 1}]
    unsure = here("notices", "retry", ids["indeterminate"])
    assert unsure.status == 2
    assert "so it may come twice, expected --yes" in unsure.err
    assert here("notices", "retry", ids["indeterminate"], "--yes", "--lang", "zh").out == "将重新发送: 1\n"
    assert here("notices", "retry", ids["sent"], "--yes").status == 2
    states = sorted(each["state"] for each in here("notices", "list", "--json").lines)
    assert states == [NoticeState.SENT, NoticeState.WANTED, NoticeState.WANTED]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("test", "mail"), "CHANNEL: found 'mail', expected one of robot, nobody"),
        (("retry",), "notices retry: found both or neither of ID and --given-up, expected one of them"),
        (("retry", "x", "--given-up"), "found both or neither"),
        (("retry", "x"), "ID: found none of the id 'x', expected one of `threerings notices list`"),
        (("list", "--state", "gone"), "gone"),
        (("list", "--limit", "0"), "--limit"),
    ],
)
def test_a_mistake_is_one_line(here: Commands, arguments: tuple[str, ...], message: str) -> None:
    """Status 2, with what was found and what was expected."""
    done = here("notices", *arguments)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert done.err.count("\n") == 1


def test_all_that_was_given_up_is_wanted_again(here: Commands, tmp_path: Path) -> None:
    """After a channel was mended; there may be none."""
    told(tmp_path, [None])
    assert here("notices", "retry", "--given-up", "--json").lines == [{"wanted": 0}]
