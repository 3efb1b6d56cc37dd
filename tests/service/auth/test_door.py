"""The door over HTTP: who is let in, who is asked who he is, and what ends a session."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from aiohttp import ClientError, ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from config.settings import HttpSettings
from service.auth import accounts, administering, door, sessions
from service.auth.audit import Kind, Program
from service.auth.forms import ForeignPostError, own_json
from service.auth.rights import Role
from service.auth.visiting import visitor_of
from tests.service.auth.house import PASSWORD, House, everybody, file, house, light_hashes, peopled, person
from tests.service.dashboard.people import NOW

__all__ = ["file", "light_hashes", "peopled"]

DOER = administering.Doer(at=NOW, who=Program(login="root", role=Kind.COMMAND))


@contextmanager
def unreachable(engine: Engine) -> Iterator[None]:
    """While this lasts the store cannot be connected to."""

    def refuse(*_: object) -> None:
        raise OperationalError("connect", {}, OSError("gone"))

    engine.dispose()
    event.listen(engine, "do_connect", refuse)
    yield
    event.remove(engine, "do_connect", refuse)


async def test_while_nobody_has_an_account_this_machine_is_let_in_and_told_so(file: Engine) -> None:
    """With a banner that leads to the first start; the first account closes the door at once."""
    async with house(file) as found:
        status, text = await found.get("/?lang=en")
        assert status == 200
        assert "Nobody has an account yet" in text
        assert 'href="/setup"' in text
        person(file, "admin", Role.ADMINISTRATOR)
        assert (await found.get("/"))[0] == 303


@pytest.mark.parametrize("headers", [{"X_Forwarded_For": "192.0.2.9"}, {"Host": "pages.example"}])
async def test_whoever_is_elsewhere_is_shown_nothing_while_nobody_has_an_account(
    file: Engine, headers: dict[str, str]
) -> None:
    """Through a proxy, or under a name that is not this machine's; programs get 401."""
    async with house(file) as found:
        status, text = await found.get("/?lang=en", **headers)
        assert (status, "threerings user create NAME" in text) == (403, True)
        assert "hq" not in text
        assert (await found.get("/events", **headers))[0] == 401


async def test_a_service_that_others_reach_shows_only_the_first_start_and_only_here(file: Engine) -> None:
    """/setup is let through to its own page; everything else waits for an account."""
    async with house(file, HttpSettings(host="0.0.0.0")) as found:
        assert (await found.get("/"))[0] == 403
        assert (await found.get("/setup"))[0] == 404  # no such page in this house: not refused
        assert (await found.get("/setup", X_Forwarded_For="192.0.2.9"))[0] == 403
        assert (await found.get("/setupx"))[0] == 403


async def test_once_somebody_has_an_account_all_are_asked_who_they_are(peopled: House) -> None:
    """Pages lead to the log-in and from there back; streams, posts and the API are 401; style sheets are free."""
    async with peopled.client.get("/minutes?period=2026-11", allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"] == "/login?next=%2Fminutes%3Fperiod%3D2026-11"
    assert (await peopled.get("/events"))[0] == 401
    assert (await peopled.get("/calls/hq/1/recording", Sec_Fetch_Dest="audio"))[0] == 401
    assert (await peopled.post("/people", proof="x"))[0] == 401
    assert (await peopled.get("/api/v1/calls"))[0] == 401
    assert (await peopled.get("/static/app.css"))[0] == 200
    assert (await peopled.get("/login"))[0] == 200


async def test_who_logs_in_is_in_until_he_logs_out(peopled: House) -> None:
    """The cookie is for us alone; after the log-out its token opens nothing; both are in the audit."""
    proof = await peopled.proof()
    form = {"proof": proof, "login": "ZHOU", "password": PASSWORD, "next": "/minutes"}
    async with peopled.client.post("/login", data=form, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/minutes")
        cookie = answer.headers["Set-Cookie"]
    assert re.match(r"session=[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=Lax$", cookie)
    status, text = await peopled.get("/")
    assert (status, "周敏" in text) == (200, True)
    assert (await peopled.get("/login"))[0] == 303
    token = {"Cookie": cookie.split(";")[0]}
    assert (await peopled.post("/logout"))[0] == 303
    assert (await peopled.get("/"))[0] == 303
    assert (await peopled.get("/", **token))[0] == 303
    assert peopled.audited("act", "login", "subject") == [
        ("logged_in", "zhou", "account zhou"),
        ("logged_out", "zhou", "account zhou"),
    ]


async def test_behind_a_proxy_the_cookie_goes_by_https_alone(file: Engine) -> None:
    """Under a name that no other site can set; who asks is the proxy's last word."""
    person(file, "zhou", Role.SUPERVISOR)
    async with house(file, HttpSettings(proxied=True)) as found:
        form = {"proof": await found.proof(), "login": "zhou", "password": PASSWORD}
        headers = {"X-Forwarded-For": "198.51.100.1, 192.0.2.9", "Origin": f"https://127.0.0.1:{found.client.port}"}
        async with found.client.post("/login", data=form, headers=headers, allow_redirects=False) as answer:
            assert answer.status == 303
            assert answer.headers["Set-Cookie"].startswith("__Host-session=")
            assert "; Secure" in answer.headers["Set-Cookie"]
    assert found.audited("address") == [("192.0.2.9",)]


@pytest.mark.parametrize("how", ["idle", "whole", "disabled", "ended", "password"])
async def test_a_session_that_is_over_opens_nothing(peopled: House, how: str) -> None:
    """Unused for twelve hours, a week old, the account disabled, the session ended, the password given anew."""
    assert await peopled.log_in("zhou") == 303
    assert (await peopled.get("/"))[0] == 200
    with peopled.engine.begin() as connection:
        account = accounts.find(connection, "zhou")
        assert account is not None
        match how:
            case "idle":
                peopled.clock[0] += timedelta(hours=12)
            case "whole":
                for session in sessions.listed(connection, account.id, NOW, sessions.Limits()):
                    sessions.note_seen(connection, session, NOW + timedelta(days=7))
                peopled.clock[0] += timedelta(days=7)
            case "disabled":
                administering.enable(connection, account, DOER, active=False)
            case "ended":
                administering.end_sessions(connection, account, DOER)
            case _:
                administering.reset_password(connection, account, None, DOER)
    assert (await peopled.get("/"))[0] == 303


async def test_use_keeps_a_session_and_is_written_once_a_minute(peopled: House) -> None:
    """Eleven hours and eleven more are no pause of twelve."""
    await peopled.log_in("zhou")

    def seen() -> list[object]:
        with peopled.engine.connect() as connection:
            return list(connection.exec_driver_sql("SELECT seen_us FROM sessions").scalars())

    first = seen()
    peopled.clock[0] += timedelta(seconds=59)
    await peopled.get("/")
    assert seen() == first
    for _ in range(2):
        peopled.clock[0] += timedelta(hours=11)
        assert (await peopled.get("/"))[0] == 200
    assert seen() != first


async def test_a_stream_ends_with_the_session_that_let_it_in(
    peopled: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was disabled hears nothing more, though his page stays open."""
    monkeypatch.setattr(door, "WATCH_SECONDS", 0.05)
    await peopled.log_in("zhou")
    async with peopled.client.get("/events?page=shift") as stream:
        assert (await asyncio.wait_for(stream.content.readline(), 5)).startswith(b"retry")
        with peopled.engine.begin() as connection:
            account = accounts.find(connection, "zhou")
            assert account is not None
            administering.enable(connection, account, DOER, active=False)
        assert await asyncio.wait_for(_ends(stream), 5)
    assert (await peopled.get("/events"))[0] == 401


async def _ends(stream: ClientResponse) -> bool:
    """When nothing more comes: cut off, or closed in order."""
    with suppress(ClientError):
        await stream.content.read()
    return True


async def test_who_has_a_given_password_first_chooses_his_own(file: Engine) -> None:
    """Until then no page, no stream and no answer of the API is open to him."""
    person(file, "new", Role.SUPERVISOR, must_change=True)
    async with house(file) as found:
        async with found.client.post(
            "/login",
            data={"proof": await found.proof(), "login": "new", "password": PASSWORD},
            allow_redirects=False,
        ) as answer:
            assert answer.headers["Location"] == "/me"
        assert [(await found.get(path))[0] for path in ("/", "/people", "/me")] == [303, 303, 200]
        assert [(await found.get(path))[0] for path in ("/events", "/api/v1/calls")] == [403, 403]
        fields = {"old": PASSWORD, "new": "another-good-1", "again": "another-good-2"}
        assert (await found.post("/me/password", **fields))[0] == 400
        status, text, _ = await found.post(
            "/me/password?lang=en", **{**fields, "new": "password12", "again": "password12"}
        )
        assert (status, "Everybody tries this password first" in text) == (400, True)
        assert (await found.post("/me/password", **{**fields, "again": "another-good-1"}))[0] == 303
        assert (await found.get("/"))[0] == 200


async def test_one_ends_his_own_sessions_and_nobody_elses(peopled: House) -> None:
    """One by one, or all but this one."""
    await peopled.log_in("admin")
    others = _sessions(peopled, "admin")
    await peopled.log_in_anew("zhou")
    first = _sessions(peopled, "zhou")
    await peopled.log_in_anew("zhou")
    (this,) = set(_sessions(peopled, "zhou")) - set(first)
    text = (await peopled.get("/me?lang=en"))[1]
    assert text.count("this one") == 1
    assert (await peopled.post(f"/me/sessions/{others[0]}"))[0] == 404
    assert (await peopled.post(f"/me/sessions/{first[0]}"))[0] == 303
    assert _sessions(peopled, "zhou") == [this]
    assert (await peopled.post("/me/sessions"))[0] == 303
    assert _sessions(peopled, "zhou") == [this]
    assert _sessions(peopled, "admin") == others


def _sessions(found: House, login: str) -> list[str]:
    with found.engine.begin() as connection:
        account = accounts.find(connection, login)
        assert account is not None
        return [each.id for each in sessions.listed(connection, account.id, NOW, sessions.Limits())]


async def test_the_language_is_kept_with_the_account(peopled: House) -> None:
    """The address says otherwise for once; another language than ours is none."""
    await peopled.log_in("zhou")
    assert (await peopled.post("/me/language", language="en"))[0] == 303
    assert "Shift now" in (await peopled.get("/"))[1]
    assert (await peopled.post("/me/language", language="fr"))[0] == 404


@pytest.mark.parametrize(
    ("headers", "proof"),
    [
        ({}, ""), ({}, "0" * 64), ({"Origin": "https://evil.example"}, None),
        ({"Sec-Fetch-Site": "cross-site"}, None), ({"Origin": "null"}, None),
    ],
)  # fmt: skip
async def test_what_no_page_of_ours_sent_changes_nothing(
    peopled: House, headers: dict[str, str], proof: str | None
) -> None:
    """Without this session's proof, or from another site: 403, logged in or out."""
    for login in ("", "zhou"):
        if login:
            await peopled.log_in(login)
        true = await peopled.proof()
        form = {"proof": true if proof is None else proof, "login": "zhou", "password": PASSWORD}
        async with peopled.client.post("/logout", data=form, headers=headers, allow_redirects=False) as answer:
            assert answer.status == 403
    assert (await peopled.get("/"))[0] == 200


@pytest.mark.parametrize(
    ("proof", "body", "told"),
    [(None, b'{"a": 1}', {"a": 1}), ("x", b'{"a": 1}', None), (None, b"[1]", None), (None, b"{", None)],
)
async def test_what_a_script_of_ours_sends_has_the_proof_in_its_header(
    proof: str | None, body: bytes, told: dict[str, int] | None
) -> None:
    """A JSON object; anything else, and anything without the proof, is none of ours."""

    async def handler(request: web.Request) -> web.Response:
        try:
            return web.json_response(await own_json(request))
        except ForeignPostError:
            return web.Response(status=403)

    async def tell(request: web.Request) -> web.Response:
        return web.Response(text=visitor_of(request).proof)

    app = web.Application(middlewares=[door.door()])
    app.add_routes([web.post("/", handler), web.get("/", tell)])
    async with TestClient(TestServer(app)) as client:
        async with client.get("/") as page:
            true = await page.text()
        async with client.post("/", data=body, headers={"X-Proof": true if proof is None else proof}) as answer:
            assert (await answer.json() if answer.status == 200 else None) == told


async def test_the_proof_of_one_session_is_none_in_another(peopled: House) -> None:
    """Also of the same person."""
    await peopled.log_in("zhou")
    first = await peopled.proof()
    await peopled.log_in_anew("zhou")
    assert (await peopled.post("/logout", first))[0] == 403
    assert (await peopled.post("/logout"))[0] == 303


async def test_while_the_store_is_gone_who_is_in_stays_in_and_nobody_comes_in(file: Engine) -> None:
    """What is live goes on for him; a log-in and an unknown cookie are 503, and the door does not fall open."""
    person(file, "zhou", Role.SUPERVISOR)
    async with house(file) as found:
        await found.log_in("zhou")
        proof = await found.proof()
        with unreachable(file):
            assert (await found.get("/"))[0] == 200
            found.client.session.cookie_jar.clear()
            assert (await found.get("/"))[0] == 303
            assert (await found.post("/login", proof, login="zhou", password=PASSWORD))[0] in (403, 503)
            assert (await found.get("/", Cookie="session=" + "A" * 43))[0] == 503


async def test_the_demo_is_open_and_shows_who_logs_in_what_he_would_see(file: Engine) -> None:
    """A role can be tried; after the log-out everything is open again."""
    everybody(file)
    async with house(file, demo=True) as found:
        assert (await found.get("/people"))[0] == 200
        assert await found.log_in("agent") == 303
        assert (await found.get("/people"))[0] == 404
        await found.post("/logout")
        assert (await found.get("/people"))[0] == 200
