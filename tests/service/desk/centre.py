"""An installation of the telecom hotline: four agents, two customers, and nothing owed yet."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from analytics.people.people_store import make_own, write_people
from analytics.people.records import Agent, People, Stretch
from schedulers.customers.records import Customer, Number
from schedulers.storage.customer_writing import Origin, Write
from schedulers.storage.customer_writing import write as write_customers
from tests.schedulers.followups.worlds import ZONE

MOBILE = "+8613800138000"
OTHER = "+8613900139000"
AGENTS = {"1001": "management", "1002": "service", "1003": "service", "1004": "service"}


def furnish(engine: Engine) -> None:
    """Store people and customers, as imports do."""
    people = People(
        agents=tuple(Agent(agent=each) for each in AGENTS),
        groups=tuple(Stretch(key=each, value=group) for each, group in AGENTS.items()),
    )
    with engine.begin() as connection:
        write_people(connection, People(), people, ZONE)
        make_own(connection)
        origin = Origin(by="test", at=datetime(2026, 1, 1, tzinfo=UTC))
        known = (
            Customer(id="C-1", name="张三", numbers=(Number(number=MOBILE, written="13800138000"),), owner="1003"),
            Customer(id="C-2", name="李四", numbers=(Number(number=OTHER, written="13900139000"),), owner="1004"),
        )
        write_customers(connection, [Write(before=None, after=each, origin=origin) for each in known])


def settings_of(engine: Engine) -> str:
    """The settings of this installation."""
    url = engine.url.render_as_string(hide_password=False)
    return f'data_dir = "data"\ndatabase_url = "{url}"\nlanguage = "en"\npolicy = "hotline"\n'
