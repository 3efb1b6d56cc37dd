"""A MariaDB server for one test run: made in a temporary folder, stopped and gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.analytics.postgres import SERVERS, skip_or_fail

ROOT = 0
START_SECONDS = 60.0
PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/libexec")


@dataclass(slots=True, kw_only=True)
class Server:
    """A running server: `url` is that of its administrator, without a database."""

    url: str
    folder: Path
    command: list[str]
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Kill it, as a machine that falls does."""
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Start it again on what it has on disk."""
        self.process = subprocess.Popen(self.command, user=_account(), cwd="/", stderr=subprocess.DEVNULL)
        _wait_until_up(self)

    def create(self, database: str) -> str:
        """A fresh database; its URL."""
        engine = create_engine(self.url.replace("mysql:", "mysql+pymysql:"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {database}"))
            connection.execute(text(f"CREATE DATABASE {database} CHARACTER SET utf8mb4"))
        engine.dispose()
        return f"{self.url}{database}"


def program(name: str) -> str | None:
    """Where a program of the server is: Debian has it where an ordinary PATH does not lead."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *PLACES)))


@contextmanager
def mariadb_server() -> Iterator[Server]:
    """A server of our own; skips the test where there is none to run."""
    install, server = program("mariadb-install-db"), program("mariadbd")
    if install is None or server is None:
        skip_or_fail("no MariaDB server is installed (mariadbd not found)")
        return
    home = Path(tempfile.mkdtemp(prefix="threerings-mariadb-", dir=os.environ.get(SERVERS)))
    _give_to_server(home)
    port = _free_port()
    try:
        own = ["--no-defaults", f"--datadir={home / 'data'}"]
        setup = [install, *own, "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(setup, check=True, user=_account(), cwd="/", capture_output=True)
        small = ["--innodb-buffer-pool-size=32M", "--skip-log-bin"]
        place = ["--bind-address=127.0.0.1", f"--port={port}", f"--socket={home / 'socket'}"]
        command = [server, *own, *place, *small, f"--pid-file={home / 'pid'}"]
        process = subprocess.Popen(command, user=_account(), cwd="/", stderr=subprocess.DEVNULL)
        running = Server(url=f"mysql://root@127.0.0.1:{port}/", folder=home, command=command, process=process)
        try:
            _wait_until_up(running)
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait_until_up(server: Server) -> None:
    engine = create_engine(server.url.replace("mysql:", "mysql+pymysql:"))
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with engine.connect():
                return
        except OperationalError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _account() -> str | None:
    """The server refuses root."""
    return "mysql" if os.geteuid() == ROOT else None


def _give_to_server(folder: Path) -> None:
    if os.geteuid() == ROOT:
        account = pwd.getpwnam("mysql")
        os.chown(folder, account.pw_uid, account.pw_gid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
