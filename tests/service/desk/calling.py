"""A members' centre that may place calls: three agents with phones, four customers, one trunk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from analytics.people.people_store import make_own, write_people
from analytics.people.records import Agent, People, Stretch
from config.dialling import Dialling, DialTrunk
from config.policy_loader import load_policy
from config.secrets import SecretSource
from config.settings import ManagerLogin, PbxSettings, Settings
from schedulers.campaigns.changes import Turn
from schedulers.campaigns.records import Campaign, DialMode
from schedulers.customers.records import Customer, DoNotCall, Number
from schedulers.storage.campaigns import By
from schedulers.storage.customer_writing import Origin, Write
from schedulers.storage.customer_writing import write as write_customers
from service.desk import campaign_making, campaigns
from service.desk.campaign_making import Wish
from service.desk.desk import Desk
from tests.schedulers.followups.worlds import ZONE

NOW = datetime(2026, 11, 27, 2, 30, tzinfo=UTC)  # a Friday, 10:30 in the centre
AGENTS = {"1001": "management", "1002": "service", "1003": "service"}
NUMBERS = {f"M-{place}": f"+86138001380{place:02}" for place in range(1, 5)}
SILENT, FORBIDDEN = "M-3", "M-4"
"""Who never gave consent; who must not be called."""
TRUNK = DialTrunk(name="telecom", dial="PJSIP/{number}@telecom", channels=2, per_second=5, caller_id="4008200110")


def furnish(engine: Engine) -> None:
    """Store people with their phones, and customers."""
    people = People(
        agents=tuple(Agent(agent=each) for each in AGENTS),
        groups=tuple(Stretch(key=each, value=group) for each, group in AGENTS.items()),
        devices=tuple(Stretch(key=f"PJSIP/{each}", value=each) for each in AGENTS),
    )
    with engine.begin() as connection:
        write_people(connection, People(), people, ZONE)
        make_own(connection)
        origin = Origin(by="test", at=NOW - timedelta(days=300))
        rows = (_customer(id_, number) for id_, number in NUMBERS.items())
        write_customers(connection, [Write(before=None, after=each, origin=origin) for each in rows])


def _customer(id_: str, number: str) -> Customer:
    forbidden = DoNotCall(reason="asked for it", since=NOW - timedelta(days=1))
    return Customer(
        id=id_,
        name=f"会员{id_[-1]}",
        numbers=(Number(number=number, written=number.removeprefix("+86")),),
        tier="gold" if id_ < "M-3" else "plain",
        consent=None if id_ == SILENT else True,
        do_not_call=forbidden if id_ == FORBIDDEN else None,
    )


def settings_of(engine: Engine, **more: Any) -> Settings:
    """With one PBX that may dial."""
    secret = SecretSource(key="pbx.main", env="SECRET")
    pbx = PbxSettings(
        name="main",
        host="127.0.0.1",
        login=ManagerLogin(user="u", secret=secret),
        actions=ManagerLogin(user="d", secret=secret),
        dialling=Dialling(trunks=(TRUNK,)),
    )
    url = engine.url.render_as_string(hide_password=False)
    return Settings(database_url=url, policy="members", pbxs=(pbx,), **more)


def desk_of(engine: Engine) -> Desk:
    """The desk of this centre."""
    policy = load_policy("members")
    return Desk(engine, lambda: policy, settings_of(engine))


def by(at: datetime = NOW) -> By:
    """A leader, now."""
    return By(at=at, by="1001")


def outreach(desk: Desk, *customers: str, mode: DialMode = DialMode.PREVIEW, running: bool = True) -> Campaign:
    """A campaign of the kind `outreach` with a list."""
    wish = Wish(name="积分提醒", mode=mode, kinds=("outreach",), listed=True, by="1001")
    made = campaign_making.create(desk, wish, NOW)
    added = campaign_making.add_customers(desk, made.id, customers or tuple(NUMBERS), by())
    return campaigns.turn(desk, made.id, Turn.STARTED, by()) if running else added.campaign


SETTINGS = """data_dir = "data"
database_url = "{url}"
language = "en"
policy = "members"
[pbx.main]
host = "127.0.0.1"
user = "u"
secret_env = "SECRET"
[pbx.main.actions]
user = "d"
secret_env = "SECRET"
[pbx.main.dialling.trunks.telecom]
dial = "PJSIP/{{number}}@telecom"
channels = 2
"""
"""The same for commands; `url` is the database's."""
