"""`threerings user create | list | set | password | disable | enable | sessions | unlock`: who may log in."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from config.settings import Language, Settings
from service.auth import accounts, administering, sessions
from service.auth.accounts import Account, Wanted
from service.auth.administering import Doer
from service.auth.audit import Kind, Program
from service.auth.rights import Right, Role
from service.auth.sessions import Limits
from service.cli import context, options
from service.cli.output import print_json, print_json_lines, print_line, print_note, print_table
from service.cli.store import store_of
from service.cli.user_showing import account_json, account_row, password_told, session_json, session_row, sight_told
from service.cli.user_words import words
from service.errors import UsageError
from telephony.clock import SystemClock

LoginArgument = Annotated[str, typer.Argument(metavar="LOGIN", help="The name to log in with.")]
NameOption = Annotated[
    str | None, typer.Option("--name", help="The person's name. Default of a new account: LOGIN.")
]
RoleOption = Annotated[Role, typer.Option("--role", help="What the person is in the centre.")]
NewRoleOption = Annotated[Role | None, typer.Option("--role", help="What the person is in the centre.")]
AgentOption = Annotated[str | None, typer.Option("--agent", help="Which agent this person is: the agent's id.")]
SeesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--sees",
        metavar="WHOM",
        help="everything, nobody, group:NAME, queue:NAME, branch:NAME, code:CODE, agent:ID; repeat for several.",
    ),
]
GrantOption = Annotated[list[Right] | None, typer.Option("--grant", help="A right beside the role; repeatable.")]
WithholdOption = Annotated[list[Right] | None, typer.Option("--withhold", help="A right of the role; repeatable.")]
PasswordOption = Annotated[
    Path | None,
    typer.Option("--password-file", metavar="FILE", help="The password's file, - for standard input."),
]
OneTimeOption = Annotated[
    bool, typer.Option("--one-time", help="Make a password for the first log-in and print it.")
]
EndOption = Annotated[bool, typer.Option("--end", help="End all of them.")]


class Desk:
    """One command's work on accounts: the store, who asks, and how it is told."""

    def __init__(self, config: Path | None, lang: Language | None) -> None:
        self.settings = context.need(config)
        self.now = SystemClock().now()
        self.word = words(context.language_of(self.settings, lang))
        self.doer = Doer(at=self.now, who=Program(login=_system_user(), role=Kind.COMMAND))

    @contextmanager
    def store(self) -> Iterator[Connection]:
        """The store, brought to our schema: an account may be the first thing that an installation makes."""
        with store_of(self.settings) as connection:
            yield connection

    def found(self, connection: Connection, login: str) -> Account:
        """The account of a login. Raises UsageError."""
        account = accounts.find(connection, login)
        if account is None:
            raise UsageError(f"LOGIN: found no account {login[:40]!a}, expected one of `threerings user list`")
        return account


def create(
    login: LoginArgument,
    role: RoleOption,
    name: NameOption = None,
    agent: AgentOption = None,
    sees: SeesOption = None,
    grant: GrantOption = None,
    withhold: WithholdOption = None,
    password_file: PasswordOption = None,
    one_time: OneTimeOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Make an account. Its password is asked for, read from a file, or made for the first log-in."""
    desk = Desk(config, lang)
    accounts.check_login(login)
    wanted = Wanted(
        name=name or login,
        role=role,
        agent=agent,
        sight=None if sees is None else sight_told(sees),
        granted=frozenset(grant or ()),
        withheld=frozenset(withhold or ()),
    )
    password = None if one_time else password_told(password_file, desk.word)
    with desk.store() as connection:
        made, given = administering.create(connection, login, wanted, password, desk.doer)
    _tell(desk, made, json, given, "user_created")


def list_(
    json: options.JsonOption = False, config: options.ConfigOption = None, lang: options.LangOption = None
) -> None:
    """List the accounts."""
    desk = Desk(config, lang)
    with desk.store() as connection:
        found = accounts.listed(connection)
    if json:
        print_json_lines(account_json(each, desk.now) for each in found)
        return
    heads = ("login", "name", "role", "agent", "sees", "state", "last_login_at")
    print_table(
        None,
        [desk.word(head) for head in heads],
        (account_row(each, desk.now, desk.settings.zone, desk.word) for each in found),
    )


def set_(
    login: LoginArgument,
    role: NewRoleOption = None,
    name: NameOption = None,
    agent: AgentOption = None,
    sees: SeesOption = None,
    grant: GrantOption = None,
    withhold: WithholdOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Change an account: what is not said stays. `--agent ""` takes the agent away; rights are told whole."""
    desk = Desk(config, lang)
    with desk.store() as connection:
        before = desk.found(connection, login)
        wanted = Wanted(
            name=name or before.name,
            role=role or before.role,
            agent=before.agent if agent is None else agent or None,
            sight=before.sight if sees is None else sight_told(sees),
            granted=before.granted if grant is None else frozenset(grant),
            withheld=before.withheld if withhold is None else frozenset(withhold),
            language=before.language,
        )
        after = administering.change(connection, before, wanted, desk.doer)
    _tell(desk, after, json, None, "user_changed")


def password(
    login: LoginArgument,
    password_file: PasswordOption = None,
    one_time: OneTimeOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Give an account another password, to be changed at the next log-in; its sessions end."""
    desk = Desk(config, lang)
    with desk.store() as connection:
        desk.found(connection, login)
    given = None if one_time else password_told(password_file, desk.word)
    with desk.store() as connection:
        account = desk.found(connection, login)
        shown = administering.reset_password(connection, account, given, desk.doer)
        after = accounts.need(connection, account.id)
    _tell(desk, after, json, shown, "password_set")


def disable(
    login: LoginArgument,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Let somebody in no longer; his sessions end at once. What he did stays in the audit."""
    _do(login, json, config, lang, "user_disabled", _enabling(active=False))


def enable(
    login: LoginArgument,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Let somebody in again."""
    _do(login, json, config, lang, "user_enabled", _enabling(active=True))


def unlock(
    login: LoginArgument,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Let somebody try again who was locked out by too many wrong passwords."""
    _do(login, json, config, lang, "user_unlocked", administering.unlock)


def sessions_(
    login: LoginArgument,
    end: EndOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Show where somebody is logged in, or end all of that."""
    desk = Desk(config, lang)
    with desk.store() as connection:
        account = desk.found(connection, login)
        ended = administering.end_sessions(connection, account, desk.doer) if end else 0
        found = sessions.listed(connection, account.id, desk.now, _limits(desk.settings))
    if end:
        _say_ended(desk, ended, json)
    elif json:
        print_json_lines(session_json(each) for each in found)
    else:
        heads = ("id", "browser", "address", "since", "last_used")
        print_table(
            None, [desk.word(head) for head in heads], (session_row(each, desk.settings.zone) for each in found)
        )


def _say_ended(desk: Desk, ended: int, json: bool) -> None:
    if json:
        print_json({"ended": ended})
    else:
        print_line(desk.word("sessions_ended").format(ended))


def _do(
    login: str,
    json: bool,
    config: Path | None,
    lang: Language | None,
    said: str,
    act: Callable[[Connection, Account, Doer], object],
) -> None:
    desk = Desk(config, lang)
    with desk.store() as connection:
        account = desk.found(connection, login)
        act(connection, account, desk.doer)
        after = accounts.need(connection, account.id)
    _tell(desk, after, json, None, said)


def _enabling(*, active: bool) -> Callable[[Connection, Account, Doer], object]:
    return lambda connection, account, doer: administering.enable(connection, account, doer, active=active)


def _tell(desk: Desk, account: Account, json: bool, given: str | None, said: str) -> None:
    if json:
        shape = account_json(account, desk.now)
        print_json(shape if given is None else {**shape, "password": given})
        return
    print_line(desk.word(said).format(account.login) if given is None else given)
    if given is not None:
        print_note(desk.word("password_shown_once"))


def _limits(settings: Settings) -> Limits:
    http = settings.http
    return Limits(idle=timedelta(minutes=http.session_idle_minutes), whole=timedelta(days=http.session_days))


def _system_user() -> str:
    """Who is at the command line, as the system calls him."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
