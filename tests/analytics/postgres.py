"""A PostgreSQL cluster for one test run: made in a temporary folder, stopped and gone afterwards.

The folder is in `THREERINGS_SERVERS` where that is set: ./test names one in memory.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.once import once

ROOT = 0
SERVERS = "THREERINGS_SERVERS"
SHARED = pytest.StashKey[str]()
# No test cuts the power: what a server has written outlives its being killed without any of these.
# Autovacuum would take transaction numbers of its own, and an answer's tag tells that something may have changed.
UNSAFE = "-c fsync=off -c full_page_writes=off -c autovacuum=off"


def server_folder() -> Path | None:
    """Where initdb and pg_ctl are: of PATH, else Debian's newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((each.parent for each in versions), default=None)


def skip_or_fail(reason: str) -> None:
    """Skip, unless the run must leave nothing out."""
    if os.environ.get("THREERINGS_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and THREERINGS_REQUIRE_ALL=1")
    pytest.skip(reason)


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of a fresh cluster's database; skips the test where there is no server to run."""
    folder = server_folder()
    if folder is None:
        skip_or_fail("no PostgreSQL server is installed (initdb not found)")
        return
    home = Path(tempfile.mkdtemp(prefix="threerings-pg-", dir=os.environ.get(SERVERS)))
    _give_to_server(home)
    port = _free_port()
    try:
        _run(folder / "initdb", "-D", str(home / "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "-N")
        options = f"-c listen_addresses=127.0.0.1 -c port={port} {UNSAFE} -k {home}"
        _run(folder / "pg_ctl", "-D", str(home / "data"), "-w", "-l", str(home / "log"), "-o", options, "start")
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        if (home / "data" / "postmaster.pid").exists():
            _run(folder / "pg_ctl", "-D", str(home / "data"), "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def shared_cluster(session: pytest.Session) -> str:
    """The URL of the one cluster of this run, in which each test makes databases of its own."""
    return once(session, SHARED, cluster)


def create_database(url: str, name: str, template: str = "template0") -> str:
    """A new database beside the one of the URL, in place of one of that name; the URL of it."""
    at = make_url(url)
    with psycopg.connect(
        host=at.host, port=at.port, user=at.username, dbname=at.database, autocommit=True
    ) as admin:
        made = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {name} WITH (FORCE)").format(**made))
        admin.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**made))
    return at.set(database=name).render_as_string(hide_password=False)


def _give_to_server(folder: Path) -> None:
    if os.geteuid() == ROOT:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)


def _run(*command: str | Path) -> None:
    """Run a tool of the server, as `postgres` if we are root: the server refuses root."""
    user = "postgres" if os.geteuid() == ROOT else None
    subprocess.run([str(each) for each in command], check=True, user=user, cwd="/", stdout=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
