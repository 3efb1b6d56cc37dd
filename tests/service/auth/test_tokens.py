"""Tokens: made once, stored as a hash, let in while they are valid; tries that fail are slowed down."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from structlog.testing import capture_logs

from config.settings import HttpSettings, Settings, TokenRule
from service.auth import accounts, tokens
from service.auth.accounts import Wanted
from service.auth.models import api_tokens
from service.auth.rights import Role
from service.auth.start import asks_for_tokens, is_loopback, tell_way_in
from service.auth.tokens import Scope
from service.auth.tries import SPAN, TRIES, Tries

NOW = datetime(2026, 11, 27, 2, 30, tzinfo=UTC)
EXPOSED = Settings(http=HttpSettings(host="0.0.0.0"))


def test_a_token_is_found_by_its_text_and_stored_as_a_hash(store: Engine) -> None:
    """The secret is nowhere in the store; 32 random bytes of it are in the text."""
    with store.begin() as connection:
        made, shown = tokens.create(connection, "报表", [Scope.READ, Scope.EXPORT], NOW)
        assert tokens.find(connection, shown) == made
        (row,) = connection.execute(select(api_tokens)).all()
    secret = shown.removeprefix(f"tr_{made.id}_")
    assert len(secret) == 43
    assert row.hash == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in repr(row)


def test_what_is_nearly_a_token_is_none(store: Engine) -> None:
    """Another secret, another id, a piece of it, nothing, what is very long, and NUL."""
    with store.begin() as connection:
        made, shown = tokens.create(connection, "x", [Scope.READ], NOW)
        other = ("A" if shown[-1] != "A" else "B").join((shown[:-1], ""))
        wrong = (
            other,
            shown[:-1],
            shown + "x",
            shown.replace(made.id, "0" * 8),
            "",
            "tr_",
            "x" * 9999,
            shown + "\0",
        )
        assert [tokens.find(connection, each) for each in wrong] == [None] * len(wrong)


def test_a_token_ends_when_it_is_revoked_or_expires(store: Engine) -> None:
    """At its last instant it is no longer valid; a second revocation changes nothing; there is none of another id."""
    ends = NOW + timedelta(days=1)
    with store.begin() as connection:
        made, shown = tokens.create(connection, "x", [Scope.READ], NOW, ends)
        assert made.is_valid(ends - timedelta(microseconds=1))
        assert not made.is_valid(ends)
        assert tokens.revoke(connection, made.id, NOW)
        assert tokens.revoke(connection, made.id, ends)
        found = tokens.find(connection, shown)
        assert not tokens.revoke(connection, "0" * 8, NOW)
    assert found is not None
    assert (found.revoked_at, found.is_valid(NOW)) == (NOW, False)


def test_tokens_are_listed_from_the_oldest_on_with_the_day_of_their_last_use(store: Engine) -> None:
    """No finer than a day."""
    with store.begin() as connection:
        first, _ = tokens.create(connection, "a", [Scope.READ], NOW)
        tokens.create(connection, "b", list(Scope), NOW + timedelta(seconds=1))
        tokens.note_use(connection, first, "2026-11-27")
        found = tokens.listed(connection)
    assert [(each.name, each.last_used_day) for each in found] == [("a", "2026-11-27"), ("b", None)]
    assert found[1].scopes == frozenset(Scope)


@pytest.mark.parametrize(
    ("host", "rule", "asks"),
    [
        ("127.0.0.1", TokenRule.AUTO, False),
        ("127.9.9.9", TokenRule.AUTO, False),
        ("::1", TokenRule.AUTO, False),
        ("localhost", TokenRule.AUTO, False),
        ("0.0.0.0", TokenRule.AUTO, True),
        ("::", TokenRule.AUTO, True),
        ("192.0.2.20", TokenRule.AUTO, True),
        ("pbx.example", TokenRule.AUTO, True),
        ("0.0.0.0", TokenRule.OFF, False),
        ("127.0.0.1", TokenRule.REQUIRED, True),
    ],
)
def test_tokens_are_asked_for_where_others_reach_the_service(host: str, rule: TokenRule, asks: bool) -> None:
    """By the host alone, unless the settings say otherwise."""
    assert asks_for_tokens(HttpSettings(host=host, tokens=rule)) is asks


def told(engine: Engine, settings: Settings) -> list[str]:
    """What is said at the start."""
    with capture_logs() as logs:
        tell_way_in(engine, settings, NOW)
    return [f"{line['event']} {line['detail']}" for line in logs]


def test_a_service_that_lets_nobody_in_says_what_to_do(store: Engine) -> None:
    """No token, a revoked one, one that has expired: told with what makes an account; a valid one is enough."""
    with store.begin() as connection:
        revoked, _ = tokens.create(connection, "r", [Scope.READ], NOW)
        tokens.revoke(connection, revoked.id, NOW)
        tokens.create(connection, "e", [Scope.READ], NOW - timedelta(days=2), NOW - timedelta(days=1))
    (line,) = told(store, EXPOSED)
    assert line.startswith("way_in.none")
    assert "threerings user create NAME --role administrator" in line
    assert "http://127.0.0.1:8333/setup" in line
    assert told(store, Settings()) == []
    assert len(told(store, Settings(http=HttpSettings(proxied=True)))) == 1
    with store.begin() as connection:
        tokens.create(connection, "v", [Scope.READ], NOW)
    assert told(store, EXPOSED) == []


def test_an_account_is_a_way_in(store: Engine) -> None:
    """A service of people needs no token."""
    with store.begin() as connection:
        accounts.create(connection, "x", Wanted(name="x", role=Role.ADMINISTRATOR), "", NOW)
    assert told(store, EXPOSED) == []


def test_a_store_without_tables_has_no_way_in(empty_store: Engine) -> None:
    """Before the first migration nobody could be let in."""
    assert len(told(empty_store, EXPOSED)) == 1


def test_an_address_waits_after_ten_tries_in_a_minute() -> None:
    """Another address does not; a minute after its first try it may try again."""
    tries = Tries()
    for _ in range(TRIES):
        assert tries.wait("192.0.2.1", NOW) == timedelta(0)
        tries.note("192.0.2.1", NOW)
    assert tries.wait("192.0.2.1", NOW + timedelta(seconds=20)) == timedelta(seconds=40)
    assert tries.wait("192.0.2.2", NOW) == timedelta(0)
    assert tries.wait("192.0.2.1", NOW + SPAN) == timedelta(0)


@given(st.lists(st.integers(0, 200), max_size=60))
def test_no_address_fails_more_often_than_ten_times_in_any_minute(seconds: list[int]) -> None:
    """However its tries are spread."""
    tries, failed = Tries(), []
    for at in (NOW + timedelta(seconds=each) for each in sorted(seconds)):
        if not tries.wait("a", at):
            tries.note("a", at)
            failed.append(at)
    assert all(sum(at - SPAN < each <= at for each in failed) <= TRIES for at in failed)


def test_a_name_is_loopback_only_where_it_cannot_be_anything_else() -> None:
    """A host's name that is not known could be any machine."""
    assert [is_loopback(each) for each in ("LOCALHOST.", "localhost.example", "")] == [True, False, False]
