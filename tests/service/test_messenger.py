"""One message through Apprise: the bytes that arrive at real receivers, and how each failure is told."""

from __future__ import annotations

import email
import email.policy
import io
import json
import logging
import subprocess
import sys
from pathlib import Path

import apprise
import pytest

from config.secrets import SecretSource
from schedulers.notices.texts import Message
from schedulers.notices.trying import Ending, Tried
from service.messenger import send
from tests.service.receivers import closed_port, hook, mailbox

MESSAGE = Message(title="跟进已逾期", body="投诉回访，号码 138****8000\n第二行 <b>&amp; error=500.")
SOURCE = SecretSource(key="notices.channel.x.url_env", env="X")


def sent(url: str, key: str = "k-1") -> Tried:
    """Send the message to a URL."""
    return send(SOURCE, {"X": url}, MESSAGE, key)


def test_a_program_gets_the_message_whole_with_its_key() -> None:
    """As JSON; the header tells one notice from another, with or without a query in the URL."""
    with hook() as kept:
        assert sent(f"json://127.0.0.1:{kept.port}/in") == Tried(ending=Ending.TAKEN)
        assert sent(f"json://127.0.0.1:{kept.port}/in?rto=5", "k-2").ending is Ending.TAKEN
    (path, headers, body), (_, more, _) = kept.received
    found = json.loads(body)
    assert (path.rstrip("/"), found["title"], found["message"]) == ("/in", MESSAGE.title, MESSAGE.body)
    assert (headers["Idempotency-Key"], more["Idempotency-Key"]) == ("k-1", "k-2")


@pytest.mark.parametrize("scheme", ["form", "xml"])
def test_other_programs_get_the_key_too(scheme: str) -> None:
    """As forms and as XML."""
    with hook() as kept:
        assert sent(f"{scheme}://127.0.0.1:{kept.port}/").ending is Ending.TAKEN
    assert kept.received[0][1]["Idempotency-Key"] == "k-1"


def test_a_mail_arrives_with_subject_and_plain_text() -> None:
    """Chinese characters are whole, and what looks like markup is text."""
    with mailbox() as kept:
        assert sent(_mail(kept.port)) == Tried(ending=Ending.TAKEN)
    ((sender, recipients, content),) = kept.received
    mail = email.message_from_bytes(content, policy=email.policy.default)
    text = mail.get_body(("plain",))
    assert text is not None
    assert (sender, recipients) == ("FROM:<three@example.net>", ["TO:<duty@example.net>"])
    assert mail["Subject"] == MESSAGE.title
    assert text.get_content().replace("\r\n", "\n").strip() == MESSAGE.body


def _mail(port: int) -> str:
    return f"mailto://127.0.0.1:{port}/?from=three@example.net&to=duty@example.net&smtp=127.0.0.1&mode=insecure"


@pytest.mark.parametrize(
    ("status", "ending"),
    [
        (400, Ending.REFUSED),
        (401, Ending.REFUSED),
        (404, Ending.REFUSED),
        (408, Ending.UNKNOWN),
        (429, Ending.REFUSED),
        (500, Ending.REFUSED),
        (502, Ending.UNKNOWN),
        (503, Ending.REFUSED),
        (504, Ending.UNKNOWN),
    ],
)
def test_a_status_is_a_refusal_unless_a_server_between_gave_up(status: int, ending: Ending) -> None:
    """Then the receiver may have it."""
    with hook() as kept:
        kept.answers = [status]
        assert sent(f"json://127.0.0.1:{kept.port}/") == Tried(ending=ending, why=f"http {status}")
    assert len(kept.received) == 1


def test_a_receiver_that_hangs_up_may_have_the_message() -> None:
    """It has it here, and the sender cannot know."""
    with hook() as kept:
        kept.answers = [None]
        assert sent(f"json://127.0.0.1:{kept.port}/") == Tried(ending=Ending.UNKNOWN, why="no answer")
    assert len(kept.received) == 1


@pytest.mark.parametrize("url", ["json://127.0.0.1:{port}/", "mailto://127.0.0.1:{port}/?{mail}"])
def test_a_port_without_a_listener_is_a_refusal(url: str) -> None:
    """Nothing was sent."""
    mail = "from=a@example.net&to=b@example.net&smtp=127.0.0.1&mode=insecure"
    assert sent(url.format(port=closed_port(), mail=mail)) == Tried(ending=Ending.REFUSED, why="unreachable")


def test_plain_text_where_tls_is_asked_for_is_a_refusal() -> None:
    """The message is not sent before the receiver is trusted."""
    with hook() as kept:
        assert sent(f"jsons://127.0.0.1:{kept.port}/") == Tried(ending=Ending.REFUSED, why="no trusted TLS")
    assert kept.received == []


@pytest.mark.parametrize(
    ("verb", "reply", "tried"),
    [
        ("MAIL", "451 later", Tried(ending=Ending.REFUSED, why="smtp 451")),
        ("RCPT", "550 nobody", Tried(ending=Ending.REFUSED, why="smtp 550")),
        ("DATA", "554 no", Tried(ending=Ending.REFUSED, why="smtp 554")),
        (".", "552 too large", Tried(ending=Ending.REFUSED, why="smtp 552")),
        (".", None, Tried(ending=Ending.UNKNOWN, why="no answer")),
    ],
)
def test_a_mail_server_refuses_plainly_or_leaves_it_open(verb: str, reply: str | None, tried: Tried) -> None:
    """A server that hangs up after the last line may have taken the mail."""
    with mailbox() as kept:
        kept.refusals = {verb: reply}
        assert sent(_mail(kept.port)) == tried


@pytest.mark.parametrize("url", ["", "nothing", "nosuch://x", "dingtalk://", "http://", "mailto://"])
def test_an_address_of_no_service_is_a_refusal(url: str) -> None:
    """It is read again at the next try, when it may have been mended."""
    assert sent(url).ending is Ending.REFUSED


def test_an_address_in_a_file_is_read_at_each_try(tmp_path: Path) -> None:
    """A file that is not there yet is a refusal; one that was written since counts at once."""
    source = SecretSource(key="notices.channel.x.url_file", file=tmp_path / "url")
    assert send(source, {}, MESSAGE, "k") == Tried(ending=Ending.REFUSED, why="no readable address")
    with hook() as kept:
        (tmp_path / "url").write_text(f"json://127.0.0.1:{kept.port}/\n", encoding="utf-8")
        assert send(source, {}, MESSAGE, "k").ending is Ending.TAKEN


def test_no_secret_of_an_address_is_logged_or_told() -> None:
    """Whatever goes wrong, the words of Apprise and of what it uses stay within."""
    heard = io.StringIO()
    listening = logging.StreamHandler(heard)
    root = logging.getLogger()
    before = root.level
    root.addHandler(listening)
    root.setLevel(logging.DEBUG)
    try:
        with hook() as kept:
            kept.answers = [500, None]
            urls = [f"json://user:geheim@127.0.0.1:{kept.port}/geheim"] * 2 + ["nosuch://geheim@x"]
            whys = [sent(url).why for url in urls]
    finally:
        root.setLevel(before)
        root.removeHandler(listening)
    assert whys == ["http 500", "no answer", "no address of a known service"]
    assert "geheim" not in heard.getvalue()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("dingtalk://SEC0123456789@" + "a1" * 32 + "/", "oapi.dingtalk.com"),
        ("wecombot://0123abcd-0123-0123-0123-0123456789ab", "qyapi.weixin.qq.com"),
    ],
)
def test_the_robots_of_dingtalk_and_wecom_are_asked_for_a_text(
    url: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their servers are fixed within Apprise: the request is looked at where it would leave the machine."""
    import requests

    asked: list[requests.PreparedRequest] = []

    def leave(_: object, request: requests.PreparedRequest, **__: object) -> requests.Response:
        asked.append(request)
        response = requests.Response()
        response.status_code, response.request = 200, request
        response._content = b'{"errcode": 0}'
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", leave)
    assert sent(url).ending is Ending.TAKEN
    (request,) = asked
    body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
    assert str(request.url).startswith(f"https://{host}/")
    assert "138****8000" in json.dumps(json.loads(body), ensure_ascii=False)
    assert len(apprise.Apprise(url)) == 1


def test_apprise_is_not_imported_before_something_is_sent() -> None:
    """It takes half a second: commands and a service without channels do not pay for it."""
    code = (
        "import sys, service.app; from service.cli.commands import GROUPS, PLAIN, command_at; "
        "[command_at(where) for _, commands in GROUPS.values() for where in commands.values()]; "
        "[command_at(where) for where, _ in PLAIN.values()]; sys.exit('apprise' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
