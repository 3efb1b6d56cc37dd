"""Where a table of the PBX's logs is: the URL as an administrator writes it, and a connection that cannot write.

    mysql://reader:secret@pbx/asteriskcdrdb          postgresql://reader@pbx/asterisk#call_log
    mariadb://reader:secret@pbx/asteriskcdrdb?table=cdr_2025          sqlite:////var/log/asterisk/cdr.db

Nothing that is shown to people holds the password.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from telephony.errors import LogError

CONNECT_SECONDS = 10
ANSWER_SECONDS = 600
"""How long one query may take: counting a table of years without an index takes minutes on a small machine."""
DRIVERS = {
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "sqlite": "sqlite+pysqlite",
}
EXPECTED_URL = "mysql://, mariadb://, postgresql:// or sqlite:/// with the name of a database"
_TABLE = re.compile(r"[\w$.-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A database, and the table that the URL names, if it does."""

    url: URL
    table: str | None

    def shown(self) -> str:
        """The database as people may see it: host and name, or the file."""
        place = self.url.database or ""
        if self.url.get_backend_name() == "sqlite":
            return place
        port = f":{self.url.port}" if self.url.port else ""
        return f"{self.url.host or 'localhost'}{port}/{place}"


def parse_address(text: str) -> Address:
    """The address that a URL tells. Raises LogError, without the password."""
    rest, mark, fragment = text.rpartition("#")
    # A password may hold a '#' that nobody has quoted; a table's name holds no '@'.
    if not (mark and _TABLE.fullmatch(fragment)):
        rest, fragment = text, ""
    try:
        url = make_url(rest)
    except (ArgumentError, ValueError):
        raise LogError(f"the URL of a log: found one that cannot be read, expected {EXPECTED_URL}") from None
    scheme = url.drivername.partition("+")[0]
    if scheme not in DRIVERS:
        raise LogError(f"the URL of a log: found {url.drivername}://, expected {EXPECTED_URL}")
    if not url.database:
        raise LogError(f"the URL of a log: found no database in {scheme}://, expected {EXPECTED_URL}")
    named = url.query.get("table")
    table = fragment or (named if isinstance(named, str) else "")
    return Address(
        url=url.set(drivername=DRIVERS[scheme]).difference_update_query(["table"]),
        table=table or None,
    )


def open_engine(address: Address) -> Engine:
    """An engine whose sessions only read and hold no transaction open between two queries."""
    backend = address.url.get_backend_name()
    if backend == "sqlite":
        return create_engine(address.url, creator=lambda: _open_file(address), poolclass=NullPool)
    engine = create_engine(
        address.url, connect_args=_arguments(backend), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    if backend == "mysql":
        event.listen(engine, "connect", _be_patient)
    return engine


def _be_patient(connection: Any, _record: object) -> None:
    """PyMySQL has one time-out for its greeting and for the answers of queries; it is set before each of them."""
    connection._read_timeout = ANSWER_SECONDS


def _arguments(backend: str) -> dict[str, Any]:
    if backend == "mysql":
        return {
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": CONNECT_SECONDS,
            "charset": "utf8mb4",
            "init_command": "SET SESSION TRANSACTION READ ONLY",
        }
    settings = {
        "default_transaction_read_only": "on",
        "timezone": "UTC",
        "datestyle": "ISO",
        "statement_timeout": str(ANSWER_SECONDS * 1000),
    }
    return {
        "connect_timeout": CONNECT_SECONDS,
        "client_encoding": "utf8",
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
    }


def _open_file(address: Address) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(address.url.database or '')}?mode=ro", uri=True, timeout=CONNECT_SECONDS, isolation_level=None
    )
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    return connection


def reason_of(error: Exception) -> str:
    """What a database says of an error, in one line, without the query and its values."""
    origin = getattr(error, "orig", None) or error
    with suppress(AttributeError, IndexError):
        if isinstance(origin.args[0], int):  # MariaDB's: a number and a text
            origin = origin.args[1]
    return " ".join(str(origin).split())[:300]
