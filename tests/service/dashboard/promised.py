"""A centre that owes things: a policy of five kinds, seven agents in two groups, customers of two branches, a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from analytics.people.people_store import make_own, write_people
from analytics.people.records import Agent, People, Stretch
from config.followups import Result
from config.policies import Policy
from config.policy_loader import load_policy
from config.settings import Settings
from schedulers.customers.records import Customer, DoNotCall, Number
from schedulers.followups.changing import Act
from schedulers.followups.records import What
from schedulers.storage.customer_writing import Origin, Write
from schedulers.storage.customer_writing import write as write_customers
from schedulers.storage.lists import View, Whose, load_page
from service.desk import acts
from service.desk.desk import Desk, moment_of
from service.desk.events import Event, take
from service.desk.outcomes import Outcome, say
from tests.service.dashboard.people import NAMES, NOW, ZONE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AGENTS = {
    "1001": "management",
    "1002": "service",
    "1003": "service",
    "1004": "service",
    "1007": "sales",
    "1008": "sales",
}
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
OPEN = '["09:00-12:00", "13:30-17:30"]'
POLICY = f"""
name = "promised"
zone = "Asia/Shanghai"
country = "CN"
[[hours]]
mon = {OPEN}
tue = {OPEN}
wed = {OPEN}
thu = {OPEN}
fri = {OPEN}
[holidays]
country = "CN"
[[version]]
[[version.group]]
group = "service"
leaders = ["1002"]
above = "management"
[[version.group]]
group = "sales"
leaders = ["1007"]
above = "management"
[[version.group]]
group = "management"
leaders = ["1001"]
[[version.survey]]
id = "satisfaction"
least = 3
[[version.survey.question]]
id = "mark"
text_zh = "请您为这次服务打分，五分最满意。"
text_en = "How content are you, from 1 to 5?"
scale = 5
content_from = 4
[[version.followup]]
kind = "resolved"
name_zh = "投诉办结回访"
name_en = "Revisit after solving"
source = "C11"
trigger = "event:complaint_resolved"
due = "72 hours"
group = "service"
survey = "satisfaction"
script_zh = "您好，您反映的问题已处理，想了解您是否满意，现在方便吗？"
script_en = "Your matter has been dealt with. May I ask whether you are content?"
[[version.followup]]
kind = "again"
name_zh = "再次处理回访"
name_en = "Again, one level up"
trigger = "unsatisfied:resolved"
due = "72 hours"
level_up = true
group = "service"
[[version.followup]]
kind = "transaction"
name_zh = "会员交易回访"
name_en = "Member's transaction"
source = "C13"
trigger = "event:transaction"
due = "3 days"
group = "sales"
[[version.followup]]
kind = "report"
name_zh = "报告送达关怀"
name_en = "Report delivered"
source = "D"
trigger = "event:report"
due = "2 days"
near = ["11:00", "16:00"]
edges = true
group = "service"
[[version.followup]]
kind = "compensation"
name_zh = "赔付"
name_en = "Compensation"
trigger = "event:compensation"
due = "by hand"
due_unset = "7 working days"
approvals = 2
group = "service"
fulfilled_by = "mark"
"""
EVENTS = (
    "complaint_resolved",
    "transaction",
    "report",
    "transaction",
    "complaint_resolved",
    "report",
    "compensation",
)


def policy_of(folder: Path) -> Policy:
    """The policy, from a file of its own."""
    path = folder / "promised.toml"
    path.write_text(POLICY, encoding="utf-8")
    return load_policy(str(path))


def number_of(place: int) -> str:
    """A customer's number."""
    return f"+86138{place * 7919 % 10**8:08d}"


def customer(place: int) -> Customer:
    """One of the register."""
    forbidden = DoNotCall(reason="客户要求勿扰", since=NOW - 5 * DAY, until=NOW + 30 * DAY)
    return Customer(
        id=f"C-{20_400 + place}",
        name=SURNAMES[place % 20] + "女士先生"[place % 2 * 2 :][:2],
        numbers=(Number(number=number_of(place), written=number_of(place)[3:], label="mobile"),),
        branch=("华东", "华南")[place % 2],
        tier=("gold", "plain")[place % 3 == 0],
        owner=(*AGENTS,)[1 + place % 5],
        consent=(True, None, False)[place % 3],
        do_not_call=forbidden if place % 17 == 3 else None,
    )


def furnish(engine: Engine, customers: int) -> None:
    """Store people and customers, as imports do."""
    people = People(
        agents=tuple(Agent(agent=each, name=NAMES[each]) for each in AGENTS),
        groups=tuple(Stretch(key=each, value=group) for each, group in AGENTS.items()),
    )
    with engine.begin() as connection:
        write_people(connection, People(), people, ZONE)
        make_own(connection)
        origin = Origin(by="1001", at=NOW - 100 * DAY, file="客户名单.xlsx", sheet="客户", row=2)
        rows = (Write(before=None, after=customer(each), origin=origin) for each in range(customers))
        write_customers(connection, rows)


def desk_of(engine: Engine, folder: Path) -> Desk:
    """The desk of this centre, whose files are in a folder."""
    url, policy = engine.url.render_as_string(hide_password=False), policy_of(folder)
    return Desk(engine, lambda: policy, Settings(database_url=url, data_dir=folder))


def live(desk: Desk, items: int, first: timedelta = 24 * DAY) -> list[str]:
    """So many events over the last weeks, most of them dealt with in one of the ways that there are; their ids."""
    found: list[str] = []
    for place in range(items):
        at = NOW - first + (first - 2 * HOUR) * place / max(items, 1)
        event = Event(
            event=EVENTS[place % len(EVENTS)], customer=f"C-{20_400 + place}", key=f"T-{place}", at=at,
            about=(("order", f"单号 {place}"),), by=(*AGENTS,)[1 + place % 5],
        )  # fmt: skip
        (taken,) = take(desk, [event], at)
        found += taken.follow_ups
        for identity in taken.follow_ups:
            deal(desk, identity, place, at)
    pass_time(desk)
    return found


def deal(desk: Desk, identity: str, place: int, at: datetime) -> None:
    """In time, late, tried only, closed, put off, or not at all; never after NOW."""
    by, way = (*AGENTS,)[1 + place % 5], place % 11
    if way in (7, 8, 10) and at < NOW - 6 * DAY and place % 4:
        way = 1
    for told in _outcomes(identity, by, way, at):
        if told.at < NOW:
            say(desk, told)
    if way == 7 and at + DAY < NOW:
        act = Act(what=What.NOTED, at=at + DAY, by="1001", note="客户换了公司")
        acts.do(desk, [identity], acts.to_close("refused"), act)


def _outcomes(identity: str, by: str, way: int, at: datetime) -> Iterator[Outcome]:
    """What was recorded of it."""
    days = {0: 0.2, 1: 0.4, 2: 0.9, 3: 1.1, 4: 1.6, 5: 4.5, 9: 0.3}
    if way == 6:
        yield Outcome(follow_ups=(identity,), by=by, at=worked(at, 0.2), result=Result.NO_ANSWER, note="无人接听")
        yield Outcome(follow_ups=(identity,), by=by, at=worked(at, 1.2), result=Result.BUSY)
    if way in days:
        done = worked(at, days[way])
        yield Outcome(
            follow_ups=(identity,), by=by, at=done, elsewhere="mobile", content=way != 3,
            note="回访完成，客户手机 13912345678" if way == 0 else "",
        )  # fmt: skip


def worked(at: datetime, days: float) -> datetime:
    """An instant so many days later within hours of work, told apart by the minute."""
    local = (at + days * DAY).astimezone(ZONE)
    if 9 <= local.hour < 12 or 14 <= local.hour < 17:
        return local
    return (local + DAY * (local.hour >= 17)).replace(hour=(9, 10, 14)[local.minute % 3])


def pass_time(desk: Desk) -> None:
    """What time alone changed."""
    for _ in range(20):
        if not desk.book.wake(NOW):
            return


def open_ids(desk: Desk) -> list[str]:
    """What is open now, in the order of the list."""
    with desk.engine.connect() as connection:
        page = load_page(connection, View.OPEN, Whose(), moment_of(desk.rules, NOW), limit=500)
    return [each.id for each in page.items]
