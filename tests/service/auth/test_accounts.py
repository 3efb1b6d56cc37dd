"""Accounts: who may have which login and password, and that somebody is always left who gives rights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, delete, select, text, update
from sqlalchemy.exc import DatabaseError

from service.auth import accounts, administering, audit, passwords, sessions
from service.auth.accounts import Account, Wanted
from service.auth.administering import Doer
from service.auth.audit import Act, Entry, Kind, Program
from service.auth.audit_reading import AuditQuery
from service.auth.errors import AccountError
from service.auth.models import audit_log
from service.auth.office import Office
from service.auth.rights import RIGHTS_OF, Right, Role, Sight
from service.auth.visiting import is_this_machine

NOW = datetime(2026, 11, 27, 2, 30, tzinfo=UTC)
GOOD = "korrekt-pferd-92"
DOER = Doer(at=NOW, who=Program(login="root", role=Kind.COMMAND), address="192.0.2.1")
HASH = passwords.hashed(GOOD)


@pytest.fixture
def at(store: Engine) -> Iterator[Connection]:
    """A transaction of a store on either database."""
    with store.begin() as connection:
        yield connection


def account(connection: Connection, login: str, role: Role = Role.SUPERVISOR, agent: str | None = None) -> Account:
    """A stored account."""
    return accounts.create(connection, login, Wanted(name=login, role=role, agent=agent), HASH, NOW)


def test_a_login_is_one_persons_however_it_is_written(at: Connection) -> None:
    """Neither case nor the width of letters makes another one; it is told as it was written."""
    made = account(at, "Wang.Nana")
    assert [accounts.find(at, each) for each in ("wang.nana", "ＷＡＮＧ.ＮＡＮＡ", " Wang.Nana ")] == [made] * 3
    assert made.login == "Wang.Nana"
    for taken in ("WANG.NANA", "ｗang.nana"):
        with pytest.raises(AccountError, match="expected one that nobody has"):
            account(at, taken)
    assert accounts.find(at, "wang") is None


@pytest.mark.parametrize("login", ["", " ", "a b", "a/b", "-a", "_a", "a" * 41, "a\n", "a\0", "<b>"])
def test_what_is_no_login_is_refused(at: Connection, login: str) -> None:
    """It stands in addresses, logs and on the page."""
    with pytest.raises(AccountError, match="login: found"):
        account(at, login)


@pytest.mark.parametrize(
    "password",
    [
        "", "korrekt-9", "1234567890", "0987654321", "abcdefghijk", "password123", "Password2026!", "qwertyuiop",
        "aaaaaaaaaaaa", "abababababab", "wang.nana12", "WANG.NANA!!", "ThreeRings123", "issabel2026", "x" * 201,
    ],
)  # fmt: skip
def test_a_password_that_everybody_tries_is_refused(password: str) -> None:
    """Short, the login, a run of keys, a common word with figures after it."""
    with pytest.raises(AccountError, match="password: found"):
        accounts.check_password(password, "wang.nana")


@pytest.mark.parametrize("password", [GOOD, "三声之内接听电话好不好", "wang.nana likes tea", "49rx-49ya-huhu-jr95"])
def test_a_long_password_of_any_letters_will_do(password: str) -> None:
    """There are no rules on figures and signs: length is what counts."""
    accounts.check_password(password, "wang.nana")


def test_a_password_is_stored_as_argon2id_and_hashed_anew_when_parameters_grow() -> None:
    """What is no hash of ours matches nothing and is not hashed anew."""
    assert HASH.startswith("$argon2id$")
    assert passwords.matches(HASH, GOOD)
    assert not passwords.matches(HASH, GOOD + "x")
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    assert (passwords.is_outgrown(weak), passwords.is_outgrown(HASH)) == (True, False)
    assert passwords.matches(weak, GOOD)
    assert (passwords.matches("", ""), passwords.is_outgrown("x")) == (False, False)


def test_one_time_passwords_differ_and_are_good() -> None:
    """Four groups of four that nobody mistakes when they are read out."""
    drawn = {passwords.one_time() for _ in range(200)}
    assert len(drawn) == 200
    assert all(len(each.split("-")) == 4 and not set("01iloOI") & set(each) for each in drawn)


def test_rights_are_those_of_the_role_with_what_was_granted_and_without_what_was_withheld(at: Connection) -> None:
    """What the role has or has not anyway is not written down."""
    wanted = Wanted(
        name="x", role=Role.LEADER, granted=frozenset({Right.LISTEN, Right.BOARD}),
        withheld=frozenset({Right.AGENTS, Right.SPY}), sight=Sight(groups=frozenset({"早班"})),
    )  # fmt: skip
    made = accounts.create(at, "x", wanted, HASH, NOW)
    assert made.rights == (RIGHTS_OF[Role.LEADER] | {Right.LISTEN}) - {Right.AGENTS}
    assert (made.granted, made.withheld) == ({Right.LISTEN}, {Right.AGENTS})
    assert made.sees == Sight(groups=frozenset({"早班"}))


def test_who_sees_the_centre_by_his_role_and_who_sees_himself(at: Connection) -> None:
    """An agent sees himself; a leader without a group nobody; a supervisor the centre."""
    assert account(at, "s").sees == Sight(everything=True)
    assert account(at, "l", Role.LEADER).sees == Sight()
    assert account(at, "a", Role.AGENT, "1003").sees == Sight(agents=frozenset({"1003"}))
    with pytest.raises(AccountError, match="which agent this person is"):
        account(at, "b", Role.AGENT)


async def test_the_first_administrator_is_made_once(store: Engine) -> None:
    """With a good password of his own; a second first one is refused, whoever asks."""
    office = Office(store, lambda: NOW, sessions.Limits())
    with pytest.raises(AccountError, match="password: found"):
        await office.first("boss", "周敏", "password123", DOER)
    made = await office.first("boss", "周敏", GOOD, DOER)
    assert (made.role, made.must_change, made.administers) == (Role.ADMINISTRATOR, False, True)
    with pytest.raises(AccountError, match="first account: found accounts, expected none"):
        await office.first("other", "x", GOOD, DOER)


def test_the_last_who_gives_rights_stays(store: Engine) -> None:
    """He is neither disabled nor given another role; with a second one he may be. Nothing of it is stored."""
    with store.begin() as connection:
        first = account(connection, "first", Role.ADMINISTRATOR)
        account(connection, "other")
    less = Wanted(name="first", role=Role.SUPERVISOR)
    with pytest.raises(AccountError, match="the last active account"), store.begin() as connection:
        administering.enable(connection, first, DOER, active=False)
    with pytest.raises(AccountError, match="the last active account"), store.begin() as connection:
        administering.change(connection, first, less, DOER)
    with store.begin() as connection:
        assert accounts.need(connection, first.id) == first
        account(connection, "second", Role.ADMINISTRATOR)
        assert not administering.enable(connection, first, DOER, active=False).active


def test_nobody_takes_his_own_right_to_give_rights_away(store: Engine) -> None:
    """Another administrator does: it was no slip then."""
    with store.begin() as connection:
        first = account(connection, "first", Role.ADMINISTRATOR)
        account(connection, "second", Role.ADMINISTRATOR)
    himself = replace(DOER, who=_Visitor(first.id))
    with pytest.raises(AccountError, match="your own right"), store.begin() as connection:
        administering.enable(connection, first, himself, active=False)
    with pytest.raises(AccountError, match="your own right"), store.begin() as connection:
        administering.change(connection, first, Wanted(name="x", role=Role.AUDITOR), himself)
    with store.begin() as connection:
        renamed = administering.change(connection, first, Wanted(name="新", role=Role.ADMINISTRATOR), himself)
        assert renamed.name == "新"


class _Visitor:
    """Who changes himself."""

    login, role = "first", Role.ADMINISTRATOR

    def __init__(self, account: int) -> None:
        self.account = account


def test_a_new_role_password_or_an_end_ends_all_sessions_and_a_new_name_none(at: Connection) -> None:
    """Who is logged in holds no right that he was deprived of; it is written how many sessions ended."""
    account(at, "admin.one", Role.ADMINISTRATOR)
    person = account(at, "x")
    limits = sessions.Limits()

    def open_sessions() -> int:
        sessions.begin(at, person.id, NOW, "192.0.2.9", "Firefox")
        return len(sessions.listed(at, person.id, NOW, limits))

    assert open_sessions() == 1
    administering.change(at, person, Wanted(name="New name", role=Role.SUPERVISOR), DOER)
    assert open_sessions() == 2
    administering.change(at, person, Wanted(name="New name", role=Role.LEADER), DOER)
    assert open_sessions() == 1
    one_time = administering.reset_password(at, person, None, DOER)
    assert one_time is not None
    assert open_sessions() == 1
    administering.enable(at, person, DOER, active=False)
    assert sessions.listed(at, person.id, NOW, limits) == []
    told = at.execute(select(audit_log.c.details).where(audit_log.c.subject == "account x")).scalars().all()
    assert len(told) == 4
    assert one_time not in repr(told)
    assert '"sessions_ended": 2' in told[1]


def test_ones_own_password_is_changed_by_who_knows_it_and_the_other_sessions_end(at: Connection) -> None:
    """The wrong one, the same one and an easy one change nothing."""
    person = account(at, "x")
    mine, _ = sessions.begin(at, person.id, NOW, "", "")
    sessions.begin(at, person.id, NOW, "", "")
    for old, new in ((GOOD + "x", "another-good-1"), (GOOD, GOOD), (GOOD, "short")):
        with pytest.raises(AccountError):
            administering.change_own(at, person, old, new, DOER, mine.id)
    administering.change_own(at, person, GOOD, "another-good-1", DOER, mine.id)
    assert passwords.matches(accounts.password_of(at, person.id), "another-good-1")
    assert [each.id for each in sessions.listed(at, person.id, NOW, sessions.Limits())] == [mine.id]


def test_a_session_is_found_by_its_token_which_is_not_stored(store: Engine) -> None:
    """What is nearly a token is none."""
    with store.begin() as connection:
        person = account(connection, "x")
        made, token = sessions.begin(connection, person.id, NOW, "192.0.2.9", "Fire\nfox" + "x" * 300)
        assert sessions.find(connection, token) == (made, person)
        other = token[:-1] + ("A" if token[-1] != "A" else "B")
        assert [sessions.find(connection, each) for each in (other, token[:-1], "", "\0", "x" * 9999)] == [None] * 5
        stored = connection.exec_driver_sql("SELECT * FROM sessions").all()
    assert len(token) == 43
    assert token not in repr(stored)
    assert made.browser == "Firefox" + "x" * 193


def test_a_session_ends_unused_after_hours_and_at_last_in_any_case(at: Connection) -> None:
    """At the very instant it is over; use moves the first of both and not the second."""
    person = account(at, "x")
    session, token = sessions.begin(at, person.id, NOW, "", "")
    limits = sessions.Limits(idle=timedelta(hours=12), whole=timedelta(days=7))
    assert session.is_valid(NOW + timedelta(hours=12) - timedelta(microseconds=1), limits)
    assert not session.is_valid(NOW + timedelta(hours=12), limits)
    sessions.note_seen(at, session, NOW + timedelta(days=7, seconds=-1))
    found = sessions.find(at, token)
    assert found is not None
    assert found[0].is_valid(NOW + timedelta(days=7, microseconds=-1), limits)
    assert not found[0].is_valid(NOW + timedelta(days=7), limits)


def test_sessions_are_ended_one_by_one_by_whose_they_are(at: Connection) -> None:
    """Nobody ends another's by its id; what ended ends once; what is long over is forgotten."""
    one, other = account(at, "x"), account(at, "y")
    mine, token = sessions.begin(at, one.id, NOW, "", "")
    sessions.begin(at, one.id, NOW, "", "")
    assert not sessions.end(at, other.id, mine.id, NOW)
    assert sessions.end(at, one.id, mine.id, NOW)
    assert not sessions.end(at, one.id, mine.id, NOW)
    found = sessions.find(at, token)
    assert found is not None
    assert not found[0].is_valid(NOW, sessions.Limits())
    assert len(sessions.listed(at, one.id, NOW, sessions.Limits())) == 1
    sessions.forget(at, NOW + sessions.KEPT)
    assert sessions.find(at, token) is not None
    sessions.forget(at, NOW + sessions.KEPT + timedelta(microseconds=1))
    assert sessions.find(at, token) is None


def test_the_proof_of_a_session_is_another_than_its_token_and_another_sessions() -> None:
    """It stands in pages; the token does not follow from it."""
    proofs = {sessions.proof_of(each) for each in ("a", "b")}
    assert len(proofs) == 2
    assert all(len(each) == 64 for each in proofs)


async def test_the_audit_is_read_newest_first_by_whatever_is_asked(store: Engine) -> None:
    """Each filter, all together, and from page to page; a part of a subject is no pattern."""
    acts = (Act.EXPORTED, Act.CHANGED)
    with store.begin() as connection:
        for number in range(10):
            entry = Entry(
                at=NOW + timedelta(days=number), visitor=DOER.who, act=acts[number % 2], subject=f"a_{number}%"
            )
            audit.note(connection, replace(entry, address="192.0.2.1"))
    office = Office(store, lambda: NOW, sessions.Limits())

    async def subjects(**asked: object) -> str:
        page = await office.audit(replace(AuditQuery(limit=100), **asked))  # type: ignore[arg-type]
        return "".join(each.subject[2] for each in page.rows)

    assert await subjects() == "9876543210"
    assert await subjects(act=Act.CHANGED, who="root") == "97531"
    assert await subjects(who="") == ""
    assert await subjects(about="_7%") == "7"
    assert await subjects(about="%7") == ""
    assert await subjects(start=NOW + timedelta(days=3), end=NOW + timedelta(days=5)) == "43"
    first = await office.audit(AuditQuery(limit=4))
    second = await office.audit(AuditQuery(limit=6, after=first.next_after))
    assert [each.subject for each in second.rows] == [f"a_{number}%" for number in (5, 4, 3, 2, 1, 0)]
    assert second.next_after is None
    assert len(await office.audit_all(AuditQuery(limit=3))) == await office.audit_count(AuditQuery()) == 10


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("localhost", True), ("LOCALHOST.", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True),
        ("::ffff:127.0.0.1", True), ("192.0.2.1", False), ("localhost.evil.example", False), ("", False),
        ("::ffff:192.0.2.1", False), (None, False),
    ],
)  # fmt: skip
def test_a_name_of_this_machine_is_none_that_another_site_could_take(name: str | None, is_ours: bool) -> None:
    """Only what never leaves it."""
    assert is_this_machine(name) is is_ours


@pytest.mark.parametrize("change", ["update", "delete", "all", "replace"])
def test_the_audit_is_only_added_to(store: Engine, change: str) -> None:
    """The database itself refuses: a row is neither changed nor deleted nor replaced, whoever asks."""
    with store.begin() as connection:
        entry = Entry(at=NOW, visitor=DOER.who, act=Act.EXPORTED, subject="calls", details={"format": "csv"})
        audit.note(connection, entry)
        audit.note(connection, replace(entry, subject="minutes"))
        first = connection.execute(select(audit_log.c.id).order_by(audit_log.c.id)).scalars().first()
    taken = "INSERT OR REPLACE INTO audit_log VALUES (1, 1, NULL, 'x', 'x', 'x', 'x', 'x', '{}')"
    statements = {
        "update": update(audit_log).where(audit_log.c.id == first).values(login="nobody"),
        "delete": delete(audit_log).where(audit_log.c.id == first),
        "all": delete(audit_log),
        "replace": text("TRUNCATE audit_log" if store.dialect.name == "postgresql" else taken),
    }
    with pytest.raises(DatabaseError, match=r"audit_log: found .* expected none"), store.begin() as connection:
        connection.execute(statements[change])
    with store.connect() as connection:
        assert connection.execute(select(audit_log.c.subject).order_by(audit_log.c.id)).scalars().all() == [
            "calls",
            "minutes",
        ]
