"""URLs of databases as administrators write them."""

from __future__ import annotations

import pytest

from telephony.errors import LogError
from telephony.pbxlogs.database_urls import parse_address
from telephony.pbxlogs.databases import DatabaseLog
from telephony.pbxlogs.rows import LogKind


@pytest.mark.parametrize(
    ("url", "driver", "shown", "table"),
    [
        ("mysql://u:p@pbx/asteriskcdrdb", "mysql+pymysql", "pbx/asteriskcdrdb", None),
        ("mysql+pymysql://u:p@pbx:3307/asteriskcdrdb", "mysql+pymysql", "pbx:3307/asteriskcdrdb", None),
        ("mariadb://u@pbx/cdrs#cdr_2025", "mysql+pymysql", "pbx/cdrs", "cdr_2025"),
        ("mysql://u:p#q@pbx/cdrs", "mysql+pymysql", "pbx/cdrs", None),
        ("mysql://u:p#q@pbx/cdrs?table=calls&unix_socket=/run/s", "mysql+pymysql", "pbx/cdrs", "calls"),
        ("postgresql://u:p@[::1]/asterisk#public.cdr", "postgresql+psycopg", "::1/asterisk", "public.cdr"),
        ("postgres://u@pbx/asterisk", "postgresql+psycopg", "pbx/asterisk", None),
        ("sqlite:////var/log/asterisk/master.db", "sqlite+pysqlite", "/var/log/asterisk/master.db", None),
    ],
)
def test_a_url_tells_database_and_table(url: str, driver: str, shown: str, table: str | None) -> None:
    """The driver is ours whatever is asked for; what is shown holds neither user nor password."""
    address = parse_address(url)
    assert (address.url.drivername, address.shown(), address.table) == (driver, shown, table)
    assert "table" not in address.url.query


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("oracle://u:secret@pbx/x", "found oracle://"),
        ("mysql://u:secret@pbx", "found no database in mysql://"),
        ("sqlite://", "found no database in sqlite://"),
        ("mysql//u:secret@pbx/x", "found one that cannot be read"),
        ("mysql://u:secret@pbx:port/x", "found one that cannot be read"),
    ],
)
def test_other_urls_are_refused_without_the_password(url: str, found: str) -> None:
    """What was found and which are known."""
    with pytest.raises(LogError, match=found) as raised:
        parse_address(url)
    assert "secret" not in str(raised.value)


def test_the_name_of_a_log_is_known_before_it_is_opened() -> None:
    """It stays the same, since marks are kept under it."""
    assert (
        DatabaseLog(LogKind.QUEUE_LOG, "mysql://u:secret@pbx/asteriskcdrdb").name == "pbx/asteriskcdrdb.queue_log"
    )
    assert DatabaseLog(LogKind.CDR, "mysql://u@pbx/a#one", table="two").name == "pbx/a.two"
