"""Webhooks over HTTP: another system's JSON becomes a follow-up; what is not signed, fresh and new does not."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import Engine, select

from config.loader import check_settings, load_settings
from config.policy_loader import load_policy
from config.settings import Settings
from schedulers.storage.followup_models import follow_ups
from service.api.errors import errors_in_shape
from service.hooks.serving import build_hooks
from tests.analytics.conftest import empty_store, migrated, migrated_file, postgres_url, store
from tests.service.desk.centre import furnish

__all__ = ["empty_store", "migrated", "migrated_file", "postgres_url", "store"]

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
SECRET = "correct-horse"
HOOKS = """
[hooks.shop]
secret_env = "SHOP_SECRET"
event_path = "type"
customer = "order.buyer.phone"
key = "order.id"
at = "order.changed"
[hooks.shop.events]
"ticket.closed" = "complaint_resolved"
"weather" = "rain"
[hooks.shop.about]
class = "order.tags.0"
amount = "order.total"

[hooks.plain]
secret_env = "SHOP_SECRET"
signed = "body"
timestamp = "sent"
event = "complaint_resolved"
"""
TOLD: dict[str, Any] = {
    "type": "ticket.closed",
    "order": {
        "id": 77,
        "buyer": {"phone": "13800138000"},
        "changed": "2026-11-27T09:59:00",
        "tags": ["general"],
        "total": 120,
    },
}


class Sender:
    """Posts to the hooks of a service whose clock stands still."""

    def __init__(self, session: ClientSession, engine: Engine) -> None:
        self.session, self.engine, self.url = session, engine, ""
        self.now = NOW

    async def __call__(
        self,
        told: object,
        *,
        secret: str = SECRET,
        at: datetime = NOW,
        hook: str = "shop",
        body: bytes | None = None,
    ) -> tuple[int, Any]:
        """Status and answer of a signed post."""
        content = json.dumps(told).encode() if body is None else body
        stamp = str(int(at.timestamp()))
        signed = content if hook == "plain" else stamp.encode() + b"." + content
        made = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        headers = {"X-Signature": f"sha256={made}", "X-Timestamp": stamp}
        async with self.session.post(f"{self.url}/hooks/{hook}", data=content, headers=headers) as response:
            return response.status, await response.json()

    def made(self) -> list[Any]:
        """The follow-ups that there are: trigger's key, attributes, birth."""
        with self.engine.connect() as connection:
            columns = follow_ups.c
            return list(
                connection.execute(select(columns.trigger_key, columns.about, columns.born_us, columns.customer))
            )


def settings_of(folder: Path, text: str, database: str = "") -> Path:
    """A file of settings."""
    path = folder / "threerings.toml"
    path.write_text((f'database_url = "{database}"\n' if database else "") + text, encoding="utf-8")
    return path


@pytest.fixture
async def send(store: Engine, tmp_path: Path) -> AsyncIterator[Sender]:
    """The hooks of the hotline, on both databases."""
    furnish(store)
    path = settings_of(tmp_path, HOOKS, store.url.render_as_string(hide_password=False))
    settings: Settings = load_settings(path, {})
    policy = load_policy("hotline")
    app = web.Application(middlewares=[errors_in_shape])
    async with ClientSession() as session:
        sender = Sender(session, store)
        app.add_routes(build_hooks(app, settings, lambda: policy, lambda: sender.now, {"SHOP_SECRET": SECRET}))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        sender.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield sender
        await runner.cleanup()


async def test_what_the_sender_tells_becomes_a_follow_up(send: Sender) -> None:
    """By his word for the event, the customer's number, his key, his instant by the centre's clocks, his attributes."""
    status, answer = await send(TOLD)
    assert (status, answer["event"], answer["new"]) == (200, "complaint_resolved", True), answer
    ((key, about, born_us, customer),) = send.made()
    assert (key, customer) == ("event:77", "C-1")
    assert json.loads(about) == [["amount", 120], ["class", "general"]]
    assert born_us == int(datetime(2026, 11, 27, 1, 59, tzinfo=UTC).timestamp() * 1_000_000)


async def test_a_replay_is_refused_and_the_same_event_told_anew_makes_nothing(send: Sender) -> None:
    """The very same post is 409; a new post of the same key is known."""
    assert (await send(TOLD))[0] == 200
    status, answer = await send(TOLD)
    assert (status, answer["error"]["error_id"]) == (409, "replayed")
    status, answer = await send(TOLD, at=NOW + timedelta(seconds=1))
    assert (status, answer["new"]) == (200, False)
    assert len(send.made()) == 1


async def test_what_is_not_signed_so_is_refused(send: Sender) -> None:
    """Another secret, a body that was changed, no signature at all: 401, and nothing is made."""
    assert (await send(TOLD, secret="wrong"))[1]["error"]["error_id"] == "bad_signature"
    headers = {"X-Signature": "0" * 64, "X-Timestamp": str(int(NOW.timestamp()))}
    for shown in (headers, {}, {"X-Signature": "é"}):
        async with send.session.post(f"{send.url}/hooks/shop", json=TOLD, headers=shown) as response:
            assert response.status == 401
    assert send.made() == []


async def test_an_old_timestamp_is_refused_and_the_edge_is_in_time(send: Sender) -> None:
    """Five minutes before or after are near, a second more is not."""
    for seconds in (-301, 301):
        status, answer = await send(TOLD, at=NOW + timedelta(seconds=seconds))
        assert (status, answer["error"]["error_id"]) == (401, "bad_timestamp")
    assert (await send(TOLD, at=NOW - timedelta(seconds=300)))[0] == 200


async def test_a_timestamp_within_the_body_is_held_to_the_same(send: Sender) -> None:
    """With `signed = "body"`."""
    told = {"customer": "C-2", "key": "k", "sent": int(NOW.timestamp())}
    assert (await send(told, hook="plain"))[0] == 200
    old = told | {"sent": int(NOW.timestamp()) - 3000}
    assert (await send(old, hook="plain"))[1]["error"]["error_id"] == "bad_timestamp"
    assert (await send({"customer": "C-2", "key": "k"}, hook="plain"))[1]["error"]["error_id"] == "bad_timestamp"


WRONG = {
    "an event that nobody mapped": (
        {"type": "other"},
        "type: found 'other', expected one of ticket.closed, weather",
    ),
    "an event that the policy has no kind for": ({"type": "weather"}, "event: found 'rain', expected one of"),
    "no order": ({"order": None}, "order.buyer.phone: found nothing, expected a text or a whole number"),
    "an object for a key": ({"order": TOLD["order"] | {"id": {}}}, "order.id: found dict, expected a text"),
    "a time that is none": (
        {"order": TOLD["order"] | {"changed": "soon"}},
        "order.changed: found 'soon', expected",
    ),
    "a time to come": (
        {"order": TOLD["order"] | {"changed": "2027-01-01T00:00:00"}},
        "expected an instant that has",
    ),
    "an unknown customer": ({"order": TOLD["order"] | {"buyer": {"phone": "1"}}}, "customer: found '1', expected"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_does_not_fit_the_mapping_is_refused_by_its_path(send: Sender, name: str) -> None:
    """422: which path, what is there, what was expected. It may be sent again, put right."""
    change, said = WRONG[name]
    for _ in range(2):
        status, answer = await send(TOLD | change)
        assert (status, answer["error"]["error_id"]) == (422, "bad_event"), answer
        assert said in answer["error"]["message"]
    assert send.made() == []


async def test_what_is_no_post_of_a_hook_is_refused(send: Sender) -> None:
    """Another name, no JSON, another method, and too many tries from one address."""
    assert (await send(TOLD, hook="other"))[0] == 404
    assert (await send(None, body=b"{"))[0] == 400
    async with send.session.get(f"{send.url}/hooks/shop") as response:
        assert response.status == 405
    statuses = [(await send(TOLD, secret="wrong"))[0] for _ in range(15)]
    assert (statuses[0], statuses[-1]) == (401, 429)


MISTAKES = {
    "no secret": ('event = "x"', "hooks.shop.secret_file: found nothing, expected secret_file or secret_env"),
    "a secret in the file": ('event = "x"\nsecret = "s"', "hooks.shop.secret: found a secret in this file"),
    "no event": ('secret_env = "S"', "found neither of event and event_path, expected one of the two"),
    "both": ('secret_env = "S"\nevent = "x"\nevent_path = "y"', "found both of event and event_path"),
    "no words": (
        'secret_env = "S"\nevent_path = "y"',
        "hooks.shop.events: found nothing, expected the sender's words",
    ),
    "a path with a gap": ('secret_env = "S"\nevent = "x"\nkey = "a..b"', "expected a path such as order.buyer.id"),
    "no timestamp": ('secret_env = "S"\nevent = "x"\nsigned = "body"', "hooks.shop.timestamp: found nothing"),
    "a slip": ('secret_env = "S"\nevent = "x"\ncustomr = "y"', "hooks.shop.customr: found an unknown key"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_settings_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    """File, line, key, found and expected."""
    text, said = MISTAKES[name]
    errors = [str(each) for each in check_settings(settings_of(tmp_path, f"[hooks.shop]\n{text}\n"), {})]
    assert any(said in each for each in errors), errors
    assert all("threerings.toml" in each for each in errors)
