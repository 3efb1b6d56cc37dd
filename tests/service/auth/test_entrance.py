"""Logging in: what is said of a wrong password, how long one is locked out, and where one goes from there."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

from service.auth import accounts, administering, passwords
from service.auth.audit import Kind, Program
from service.auth.entrance import FREE_TRIES, LONGEST_LOCK, Asking, Entrance, Refused, lock_after
from service.auth.rights import Role
from service.auth.tries import TRIES
from service.dashboard.rights.entry import browser_name, own_path
from tests.service.auth.house import PASSWORD, House, file, light_hashes, peopled, person
from tests.service.dashboard.people import NOW

__all__ = ["file", "light_hashes", "peopled"]

DOER = administering.Doer(at=NOW, who=Program(login="root", role=Kind.COMMAND))


async def test_a_wrong_password_and_an_unknown_login_are_told_alike(peopled: House) -> None:
    """The same words and status; what was typed for a login that nobody has is not written down."""
    proof = await peopled.proof()
    wrong = await peopled.post("/login?lang=en", proof, login="zhou", password="x")
    unknown = await peopled.post("/login?lang=en", proof, login="my-secret-word", password=PASSWORD)
    assert (wrong[0], unknown[0]) == (401, 401)
    assert "Login or password is not right." in wrong[1]
    assert wrong[1].replace('value="zhou"', "") == unknown[1].replace('value="my-secret-word"', "")
    assert "my-secret-word" not in repr(peopled.audited("login", "subject", "details"))
    assert [act for (act,) in peopled.audited("act")] == ["login_failed", "login_failed"]


async def test_an_unknown_login_takes_as_long_as_a_wrong_password(
    file: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a wide bound: a hash is made for both."""
    account = person(file, "zhou", Role.SUPERVISOR)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher())
    passwords.nobody.cache_clear()
    with file.begin() as connection:
        accounts.set_password(connection, account, passwords.hashed(PASSWORD), must_change=False)
    entrance = Entrance(file, lambda: NOW)

    async def took(login: str) -> float:
        began = time.perf_counter()
        assert isinstance(await entrance.enter(Asking(login=login, address=login), "wrong"), Refused)
        return time.perf_counter() - began

    await took("warm")
    known, unknown = [min([await took(login) for _ in range(3)]) for login in ("zhou", "nobody")]
    assert 1 / 4 < known / unknown < 4


def test_locks_double_from_a_minute_to_an_hour() -> None:
    """Four slips cost nothing."""
    spans = [lock_after(failures, NOW) for failures in (1, FREE_TRIES - 1, 5, 6, 8, 11, 12, 10_000)]
    minutes = [until and (until - NOW) // timedelta(minutes=1) for until in spans]
    assert minutes == [None, None, 1, 2, 8, 60, 60, 60]
    assert lock_after(10**9, NOW) == NOW + LONGEST_LOCK


@pytest.mark.parametrize("login", ["zhou", "nobody"])
async def test_after_five_wrong_passwords_none_is_looked_at_for_a_while(peopled: House, login: str) -> None:
    """Not the right one either; it says until when, for a login that nobody has likewise. The next lock is longer."""
    for _ in range(FREE_TRIES - 1):
        assert await peopled.log_in(login, "wrong") == 401
    status, text, headers = await peopled.post("/login?lang=en", login=login, password="wrong")
    assert (status, headers["Retry-After"]) == (429, "60")
    assert "You can try again at 15:43:18." in text
    assert await peopled.log_in(login) == 429
    peopled.clock[0] += timedelta(minutes=1)
    _, _, headers = await peopled.post("/login", login=login, password="wrong")
    assert headers["Retry-After"] == "120"


async def test_who_was_locked_out_is_in_after_a_while_or_when_he_is_unlocked(peopled: House) -> None:
    """The right password begins the counting anew."""
    for _ in range(FREE_TRIES):
        await peopled.log_in("zhou", "wrong")
    assert ("locked_out", "account zhou") in peopled.audited("act", "subject")
    with peopled.engine.begin() as connection:
        account = accounts.find(connection, "zhou")
        assert account is not None
        assert account.is_locked(NOW)
        administering.unlock(connection, account, DOER)
    assert await peopled.log_in("zhou") == 303
    with peopled.engine.begin() as connection:
        account = accounts.find(connection, "zhou")
    assert account is not None
    assert (account.failures, account.last_login_at) == (0, NOW)


async def test_an_address_that_guesses_waits_whatever_logins_it_tries(file: Engine) -> None:
    """Ten in a minute; another address does not."""
    entrance = Entrance(file, lambda: NOW)
    found = [await entrance.enter(Asking(login=f"a{n}", address="192.0.2.1"), "x") for n in range(TRIES + 1)]
    assert found == [*[Refused()] * TRIES, Refused(until=NOW + timedelta(minutes=1))]
    assert await entrance.enter(Asking(login="b", address="192.0.2.2"), "x") == Refused()


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "/\t/evil", " /x",
        "/login", "/login?next=/login", "/logout", "/" + "x" * 500, "/a\r\nSet-Cookie: x", "///evil", "\\/evil",
    ],
)  # fmt: skip
def test_after_the_log_in_one_goes_only_to_our_own_pages(text: str) -> None:
    """Anything that a browser could take for another site is dropped."""
    assert own_path(text) == ""


def test_a_page_of_ours_is_gone_to_with_its_query() -> None:
    """As it was asked for."""
    for text in ("/", "/minutes?period=2026-11", "/calls?agent=1003&lang=en"):
        assert own_path(text) == text


def test_a_browser_is_named_as_far_as_it_says() -> None:
    """What is no browser's word is shown cut short."""
    told = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
    assert browser_name(told) == "Chrome · Windows"
    assert (browser_name("curl/8"), browser_name("")) == ("curl/8", "—")
