"""Imports of small files into a store, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import Connection, Engine, insert

from analytics.people.models import agents
from analytics.people.people_store import make_own
from config.policy_loader import load_policy
from schedulers.customers.records import Customer
from schedulers.storage.customers import iterate
from service.customers_import import Outcome, take_in
from tests.schedulers.customers.bad_imports import Content

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HEAD = "客户编号,姓名,手机"


def with_agents(connection: Connection) -> None:
    """Three agents, two of the same name."""
    rows = (("1001", "李强"), ("1002", "王娜"), ("1003", "王娜"))
    connection.execute(insert(agents), [{"agent": agent, "name": name} for agent, name in rows])
    make_own(connection)


def written(folder: Path, content: Content, name: str = "customers") -> Path:
    """A file of this content."""
    path = folder / f"{name}.{'xlsx' if isinstance(content, dict) else 'csv'}"
    if isinstance(content, str):
        path.write_text(content, encoding="utf-8")
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        book = Workbook()
        book.remove(book.active)
        for title, rows in content.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(path)
    return path


def imported(
    store: Engine, paths: Sequence[Path], *, at: datetime = AT, dry_run: bool = False, partial: bool = False
) -> Outcome:
    """Import files by the shipped policy."""
    return take_in(store, load_policy("hotline"), paths, by="赵敏", at=at, dry_run=dry_run, partial=partial)


def everybody(store: Engine) -> list[Customer]:
    """All customers of a store, by id."""
    with store.connect() as connection:
        return [each for some in iterate(connection) for each in some]
