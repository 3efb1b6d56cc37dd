"""A small centre whose PBX plays a captured stream: facts go to store and hub as they are heard, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from analytics.people.people_store import make_own, write_people
from analytics.people.records import Agent, People, Stretch
from analytics.sources import no_gaps
from analytics.storage.ingest import ingest
from config.policies import Policy
from config.policy_loader import load_policy
from schedulers.customers.records import Customer, DoNotCall, Number
from schedulers.followups.account import Happened
from schedulers.storage.customer_writing import Origin, Write
from schedulers.storage.customer_writing import write as write_customers
from service.dashboard.board import PbxLink
from service.desk.call_records import CallEntry, add_entry
from service.desk.desk import Desk
from service.live.desk import LiveDesk
from service.live.desk_floor import DeskFloor
from service.live.hub import LiveHub
from service.live.parts import Teller
from service.pipeline.interpreter import Interpreter
from service.replaying import entries_of
from service.settling import device_map_of
from telephony.calls.facts import CallFact, Direction, Disposition, Fact, OfferingFact, TalkFact, TalkKind
from tests.schedulers.followups.worlds import ZONE
from tests.service.desk.calling import settings_of

STREAM = Path(__file__).parents[4] / "service" / "demo" / "plain.jsonl.xz"
BEFORE = datetime(
    2026, 11, 21, 20, 40, tzinfo=UTC
)  # a Sunday before dawn in the centre, ten minutes before it begins
RINGS = "main/1795294459.22"
"""The first call of a queue: +447700900108 rings at 1001, who answers and talks for five seconds."""
MISSED = "main/1795294469.27"
"""+447700900109 rings at 1001, who does not answer, then at 1002."""
LIN, WU, WANG = "+447700900108", "+447700900109", "+8613800138000"
OWED = ("报价 2026-1107", "两月四问")

POLICY = """
name = "desk"
zone = "Asia/Shanghai"
country = "CN"
[[hours]]
{hours}
[[version]]
service_codes = ["510", "520"]
[version.contact]
duty = ["1009"]
[[version.tier]]
id = "one"
name_zh = "一级客服主任"
name_en = "Director, level 1"
floor = 2000
target = 5000
[[version.line]]
did = "442079460100"
name = "咨询热线"
code = "520"
[[version.group]]
group = "service"
leaders = ["1009"]
[[version.survey]]
id = "satisfaction"
[[version.survey.question]]
id = "mark"
text_zh = "请打分，五分最满意。"
text_en = "How content are you, from 1 to 5?"
scale = 5
content_from = 4
[[version.outcome]]
id = "enquiry"
name_zh = "咨询"
name_en = "Enquiry"
direction = "inbound"
[[version.outcome]]
id = "complaint"
name_zh = "投诉"
name_en = "Complaint"
direction = "inbound"
event = "complaint_received"
about = {{ class = "major" }}
[[version.followup]]
kind = "promised_callback"
name_zh = "承诺回电"
name_en = "Promised callback"
trigger = "promise"
due = "as promised"
owner = "first_asked"
group = "service"
inbound = true
min_talk = 3
[[version.followup]]
kind = "quotation"
name_zh = "报价跟进"
name_en = "Quotation follow-up"
trigger = "event:quotation_sent"
due = "2 days"
group = "service"
inbound = true
min_talk = 3
anyone = true
survey = "satisfaction"
script_zh = "您好，三声客服。报价您看过了吗？"
script_en = "Hello, Three Rings. Have you looked at the quotation?"
reasons = ["unreachable", "refused", "not_interested"]
[[version.followup]]
kind = "revisit"
name_zh = "定期回访"
name_en = "Revisit"
trigger = "event:two_months"
due = "3 days"
group = "service"
min_talk = 3
[[version.followup]]
kind = "complaint_dispatch"
name_zh = "投诉派单"
name_en = "Complaint dispatched"
trigger = "event:complaint_received"
due = "60 minutes"
owner = "first_asked"
group = "service"
fulfilled_by = "mark"
reasons = ["duplicate"]
[holidays]
country = "CN"
"""
OPEN = "\n".join(f'{day} = ["08:30-12:00", "13:30-17:30"]' for day in ("mon", "tue", "wed", "thu", "fri"))
AGENTS = "".join(
    f'[[agent]]\nagent = "{agent}"\nname = "{name}"\ntier = "one"\ngroup = "service"\n'
    for agent, name in (("1001", "王娜娜"), ("1002", "罗敏仪"), ("1003", "Leung Ka-ho"), ("1009", "欧阳晓峰"))
)


@cache
def entries() -> tuple[object, ...]:
    """The captured stream, decoded once."""
    return tuple(entries_of([STREAM]))


def policy_in(folder: Path) -> Policy:
    """The centre's policy, with its people."""
    path = folder / "desk.toml"
    path.write_text(POLICY.format(hours=OPEN) + AGENTS, encoding="utf-8")
    return load_policy(str(path))


class PlayedCentre:
    """The centre: its store, what is live, its desks. `now` is the time of what was heard last."""

    def __init__(self, engine: Engine, policy: Policy) -> None:
        self.engine = engine
        self.now = BEFORE
        self.policy = policy
        self.hub = LiveHub(policy, device_map_of(policy))
        self.desk = Desk(engine, lambda: self.policy, settings_of(engine))
        self.connected = True
        self.hidden: set[str] = set()  # calls whose number is kept back
        floor = DeskFloor(self.hub, lambda: Teller(policy=policy, person_of=self.hub.person_of), self.at)
        self.source = LiveDesk(self.desk, self.desk, self.hub, floor, self.at, self.links, no_gaps)
        self._stream = self._heard()
        furnish(engine)

    def at(self) -> datetime:
        """The centre's clock."""
        return self.now

    def links(self) -> tuple[PbxLink, ...]:
        """One PBX."""
        return (PbxLink(pbx="main", connected=self.connected, since=BEFORE, last_event_at=self.now),)

    def owe(self, customer: str = "C-20418", *, before: timedelta = timedelta(days=4)) -> list[str]:
        """The customer is owed a quotation's follow-up that is late, and a revisit; their ids."""
        at = BEFORE - before
        events = (("quotation_sent", OWED[0]), ("two_months", OWED[1]))
        told = [
            (
                customer,
                Happened(trigger=f"event:{name}", key=f"event:{name}", at=at, about=(("matter", text),), by="1002"),
            )
            for name, text in events
        ]
        return [each.after.id for each in self.desk.book.happened(told)]

    def promise(self, agent: str, customer: str, at: datetime | None, key: str) -> str:
        """An agent promised to call a customer back; the follow-up's id."""
        told = Happened(trigger="promise", key=key, at=BEFORE - timedelta(days=1), by=agent, promised_at=at)
        (change,) = self.desk.book.happened([(customer, told)])
        return change.after.id

    def remember(self) -> str:
        """Three days ago she called, talked with 罗敏仪 for 3:48, and that was recorded; the call's id."""
        at = BEFORE - timedelta(days=3)
        call = CallFact(
            id="main/1.1", revision=1, call_id="main/1.1", at=at, pbx="main", linkedid="1.1",
            direction=Direction.INBOUND, caller=LIN, caller_name=None, called="442079460100", did="442079460100",
            customer=LIN, started_at=at, answered_at=at, ended_at=at + timedelta(seconds=228),
            disposition=Disposition.ANSWERED,
        )  # fmt: skip
        talk = TalkFact(
            id="main/1.1.talk", revision=1, call_id=call.id, at=at, interface="PJSIP/1002", device="PJSIP/1002",
            member_name=None, queue=None, kind=TalkKind.CUSTOMER, started_at=at, ended_at=call.ended_at,
        )  # fmt: skip
        entry = CallEntry(
            call_id=call.id, agent="1002", at=at, by="罗敏仪", customer="C-20418", outcome="enquiry", code="520",
            content="报价，约周五中午回电，13800138000",
        )  # fmt: skip
        with self.engine.begin() as connection:
            ingest(connection, [call, talk])
            add_entry(connection, entry)
        return call.id

    def play(self, until: Callable[[Fact], bool]) -> None:
        """Hear on until a fact is such."""
        for facts in self._stream:
            with self.engine.begin() as connection:
                ingest(connection, facts)
            self.now = max([self.now, *(each.at for each in facts)])
            self.hub.warm(facts)
            if any(until(each) for each in facts):
                return
        raise AssertionError("the stream has ended")

    def ring(self, call: str = RINGS, device: str = "PJSIP/1001") -> None:
        """Hear on until a call rings at a phone."""
        self.play(lambda each: isinstance(each, OfferingFact) and each.call_id == call and each.device == device)

    def answer(self, call: str = RINGS) -> None:
        """Until somebody talks in it."""
        self.play(lambda each: isinstance(each, TalkFact) and each.call_id == call)

    def hang_up(self, call: str = RINGS) -> None:
        """Until it is over, and taken in by the book as the service does."""
        self.play(lambda each: isinstance(each, CallFact) and each.id == call and each.ended_at is not None)
        self.desk.book.hear(BEFORE - timedelta(days=1), "CN")

    def _heard(self) -> Iterator[list[Fact]]:
        interpreter = Interpreter("main", trunks=("*trunk*", "*provider*"))
        for entry in entries():
            facts = interpreter.handle(entry)  # type: ignore[arg-type]
            if facts:
                yield [self._told(each) for each in facts]

    def _told(self, fact: Fact) -> Fact:
        if isinstance(fact, CallFact) and fact.id in self.hidden:
            return replace(fact, caller=None, caller_name=None, customer=None, customer_withheld=True)
        return fact


def furnish(engine: Engine) -> None:
    """People with their phones; customers of two numbers, one of them shared by two of a family."""
    agents = ("1001", "1002", "1003", "1009")
    people = People(
        agents=tuple(
            Agent(agent=each, name=name)
            for each, name in zip(agents, ("王娜娜", "罗敏仪", "Leung Ka-ho", "欧阳晓峰"), strict=True)
        ),
        groups=tuple(Stretch(key=each, value="service") for each in agents),
        tiers=tuple(Stretch(key=each, value="one") for each in agents),
        devices=tuple(Stretch(key=f"PJSIP/{each}", value=each) for each in agents),
    )
    lin = Customer(
        id="C-20418", name="林美华", tier="银卡会员", branch="广州", owner="1002", dialect="粤语", language="普通话",
        numbers=(Number(number=LIN, written=LIN), Number(number=WANG, written="13800138000")),
    )  # fmt: skip
    family = [
        Customer(id=f"F-{place}", name=name, numbers=(Number(number=WU, written=WU),), consent=False)
        for place, name in enumerate(("吴刚", "吴倩"))
    ]
    quiet = Customer(
        id="Q-1", name="周静", numbers=(Number(number="+447700900115", written="x"),),
        do_not_call=DoNotCall(reason="不愿被打扰", since=BEFORE - timedelta(days=9)),
    )  # fmt: skip
    with engine.begin() as connection:
        write_people(connection, People(), people, ZONE)
        make_own(connection)
        origin = Origin(by="test", at=BEFORE - timedelta(days=300))
        write_customers(
            connection, [Write(before=None, after=each, origin=origin) for each in (lin, *family, quiet)]
        )
