"""The sender beside the service: real bytes to a real receiver, never twice whatever dies in between."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from config.followups import Alarm, Promises
from config.language import Language
from config.notices import Channel, NoticeSettings, QuietSpan
from config.secrets import SecretSource
from schedulers.followups.records import What
from schedulers.notices.ledger import Told, listed
from schedulers.notices.outbox import LEASE, Telling, put
from schedulers.notices.records import Topic
from schedulers.notices.telling import telling
from schedulers.notices.texts import Message
from schedulers.notices.trying import RETRIES, Ending, NoticeState, Tried
from service import noticing
from service.noticing import Noticer, Send
from service.pipeline.gaps import Gap, GapReason
from telephony.clock import ManualClock
from tests.schedulers.notices.changes import NOW, PROMISES, change, kind
from tests.service.receivers import hook

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Killed(BaseException):
    """The process ends here: nothing after it is run."""


def by(*, idempotent: bool = False) -> Telling:
    """A web hook for the duty leader and for whoever looks after the PBX, and quiet nights."""
    channel = Channel(name="hook", url=SecretSource(key="k", env="HOOK"), idempotent=idempotent)
    settings = NoticeSettings(
        channels=(channel,),
        to={"duty": ("hook",), "pbx": ("hook",)},
        quiet=(QuietSpan(start=time(21), end=time(8)),),
    )
    return Telling(settings=settings, promises=PROMISES, zone=SHANGHAI, language=Language.ZH)


def crisis(store: Engine, told: Telling, *names: str) -> None:
    """A crisis arises for each name, and is told to the duty leader in the same transaction."""
    with store.begin() as connection:
        for name in names:
            notices = telling(change(What.BORN, id=name), kind(at_once=Alarm.DUTY), PROMISES)
            assert put(connection, notices, told) == 1


def states(store: Engine) -> list[NoticeState]:
    """How each notice stands."""
    with store.connect() as connection:
        return [each.state for each in listed(connection)]


def all_of(store: Engine) -> list[Told]:
    """All notices."""
    with store.connect() as connection:
        return listed(connection)


def test_a_crisis_reaches_the_duty_leader_at_once(store: Engine) -> None:
    """As JSON at a real receiver; at the next look it is not sent again."""
    with hook() as kept:
        noticer = Noticer(store, by(), {"HOOK": f"json://127.0.0.1:{kept.port}/"}, lambda: NOW)
        crisis(store, by(), "case-1")
        noticer.look()
        noticer.look()
    ((_, headers, body),) = kept.received
    (row,) = all_of(store)
    found = json.loads(body)
    assert found["title"] == "紧急事项"
    assert found["message"] == ("投诉回访，到期 2026-11-05 10:00，号码 +86138****8000，负责人 1005（编号 case-1）")
    assert (row.state, headers["Idempotency-Key"]) == (NoticeState.SENT, row.id)


def test_a_receiver_that_is_down_gets_it_once_it_is_up(store: Engine) -> None:
    """After a minute, and after five more."""
    clock = ManualClock(NOW)
    with hook() as kept:
        noticer = Noticer(store, by(), {"HOOK": f"json://127.0.0.1:{kept.port}/"}, clock.now)
        kept.answers = [503, 503]
        crisis(store, by(), "case-1")
        for rest in (timedelta(), RETRIES[0], RETRIES[1], timedelta(days=1)):
            clock.advance(rest)
            noticer.look()
            noticer.look()
    assert len(kept.received) == 3
    assert states(store) == [NoticeState.SENT]


def killed_while(store: Engine, told: Telling, send: Send, now: datetime) -> None:
    """A sender that is killed while it sends."""
    with pytest.raises(Killed):
        Noticer(store, told, {}, lambda: now, send=send).look()


def test_killed_between_commit_and_send_nothing_is_sent_later(store: Engine) -> None:
    """Nobody can tell that from a kill after it: the notice is shown, and not sent by the next process."""
    crisis(store, by(), "case-1")

    def dies(*_: object) -> Tried:
        raise Killed

    killed_while(store, by(), dies, NOW)
    with hook() as kept:
        later = ManualClock(NOW)
        noticer = Noticer(store, by(), {"HOOK": f"json://127.0.0.1:{kept.port}/"}, later.now)
        noticer.look()
        assert states(store) == [NoticeState.SENDING]
        later.advance(LEASE)
        noticer.look()
    assert kept.received == []
    assert states(store) == [NoticeState.INDETERMINATE]


def test_an_idempotent_receiver_gets_it_again_under_the_same_key(store: Engine) -> None:
    """It takes both as one."""
    told = by(idempotent=True)
    crisis(store, told, "case-1")
    with hook() as kept:
        environ = {"HOOK": f"json://127.0.0.1:{kept.port}/"}

        def dies_after(source: SecretSource, _: Mapping[str, str], message: Message, key: str) -> Tried:
            noticing.messenger.send(source, environ, message, key)
            raise Killed

        killed_while(store, told, dies_after, NOW)
        Noticer(store, told, environ, lambda: NOW + LEASE).look()
    assert len(kept.received) == 2
    assert len({headers["Idempotency-Key"] for _, headers, _ in kept.received}) == 1
    assert states(store) == [NoticeState.SENT]


@pytest.mark.parametrize("seed", range(20))
def test_nothing_comes_twice_whatever_fails(store: Engine, seed: int) -> None:
    """Two days of senders that are killed before, while or after they send, and of receivers that refuse or hang up.

    Each notice arrives at most once; one that did not arrive says so: given up, or indeterminate.
    """
    draw = random.Random(seed)
    told, clock, arrived = by(), ManualClock(NOW), list[str]()
    names = [f"case-{number}" for number in range(8)]

    def send(_: SecretSource, __: Mapping[str, str], message: Message, ___: str) -> Tried:
        fault = draw.choice(["killed before", "killed after", "refused", "refused", "hung up", "lost", "none"])
        if fault == "killed before":
            raise Killed
        if fault == "refused":
            return Tried(ending=Ending.REFUSED, why="http 503")
        if fault != "lost":
            arrived.extend(name for name in names if f"{name}）" in message.body)
        if fault == "killed after":
            raise Killed
        return Tried(ending=Ending.TAKEN if fault == "none" else Ending.UNKNOWN)

    waiting = list(names)
    senders = [Noticer(store, told, {}, clock.now, send=send) for _ in range(2)]
    for _ in range(400):
        if waiting and draw.random() < 0.2:
            crisis(store, told, waiting.pop())
        place = draw.randrange(2)
        try:
            senders[place].look()
        except Killed:
            senders[place] = Noticer(store, told, {}, clock.now, send=send)
        clock.advance(timedelta(minutes=draw.randint(1, 14)))
    assert len(arrived) == len(set(arrived))
    found = {each.about: each.state for each in all_of(store)}
    assert set(found.values()) <= {NoticeState.SENT, NoticeState.GIVEN_UP, NoticeState.INDETERMINATE}
    assert {name for name, state in found.items() if state is NoticeState.SENT} <= set(arrived)
    assert not {name for name, state in found.items() if state is NoticeState.GIVEN_UP} & set(arrived)


def test_an_end_that_cannot_be_written_down_is_written_later(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store fails after the message left: said once, not sent again, and known as sent once it works."""
    with hook() as kept:
        noticer = Noticer(store, by(), {"HOOK": f"json://127.0.0.1:{kept.port}/"}, lambda: NOW)
        crisis(store, by(), "case-1")
        whole = noticing.settle

        def broken(*_: object) -> None:
            raise OperationalError("UPDATE", {}, Exception("gone"))

        monkeypatch.setattr(noticing, "settle", broken)
        noticer.look()
        assert noticer.failing == "OperationalError"
        monkeypatch.setattr(noticing, "settle", whole)
        noticer.look()
    assert noticer.failing is None
    assert len(kept.received) == 1
    assert states(store) == [NoticeState.SENT]


def test_a_channel_that_settings_do_not_name_any_more_is_tried_until_it_is_back(store: Engine) -> None:
    """Not lost in silence."""
    crisis(store, by(), "case-1")
    without = Telling(settings=NoticeSettings(), promises=Promises(), zone=SHANGHAI, language=Language.ZH)
    Noticer(store, without, {}, lambda: NOW).look()
    (row,) = all_of(store)
    assert (row.state, row.why) == (NoticeState.FAILED, "no such channel")


def gap(start: timedelta, end: timedelta | None, why: GapReason = GapReason.LOST) -> Gap:
    """A gap of the PBX `main`, so long before now."""
    ended = None if end is None else NOW - end
    return Gap(pbx="main", start=NOW - start, end=ended, why=why, detail="", seq=None if end is None else 7)


def test_a_pbx_that_is_not_heard_is_told_once_and_when_it_is_back(store: Engine) -> None:
    """At night too; exactly at the bound it is not told yet."""
    clock = ManualClock(NOW.replace(hour=16))  # midnight in Shanghai
    start = clock.now() - timedelta(seconds=60)
    lost = Gap(pbx="main", start=start, end=None, why=GapReason.LOST, detail="", seq=None)
    known = [lost]
    with hook() as kept:
        environ = {"HOOK": f"json://127.0.0.1:{kept.port}/"}
        noticer = Noticer(store, by(), environ, clock.now, gaps=lambda: list(known))
        noticer.look()
        assert kept.received == []
        clock.advance(timedelta(microseconds=1))
        for _ in range(3):
            noticer.look()
            clock.advance(timedelta(seconds=5))
        Noticer(store, by(), environ, clock.now, gaps=lambda: list(known)).look()
        known[:] = [Gap(pbx="main", start=start, end=clock.now(), why=GapReason.LOST, detail="", seq=7)]
        for _ in range(3):
            noticer.look()
    bodies = [json.loads(body)["message"] for _, _, body in kept.received]
    assert bodies == [
        "main：自 2026-11-02 23:59 起未收到任何信息（连接中断）",
        "main：2026-11-02 23:59 至 2026-11-03 00:00 未收到信息（连接中断）",
    ]


@pytest.mark.parametrize(
    ("known", "topics"),
    [
        (gap(timedelta(seconds=61), None), [Topic.PBX_GAP]),
        (gap(timedelta(seconds=60), None), []),
        (gap(timedelta(hours=2), timedelta(minutes=59)), [Topic.PBX_GAP_OVER]),
        (gap(timedelta(hours=2), timedelta(hours=1)), []),
        (gap(timedelta(minutes=5), timedelta(minutes=4)), []),
        (gap(timedelta(hours=2), timedelta(0), GapReason.CLOCK), []),
    ],
)
def test_only_long_gaps_that_are_news_are_told(store: Engine, known: Gap, topics: list[Topic]) -> None:
    """An old one is in the ledger, a short one disturbs nobody, and a clock's jump is no gap."""
    refusing = lambda *_: Tried(ending=Ending.REFUSED)  # noqa: E731
    Noticer(store, by(), {}, lambda: NOW, gaps=lambda: [known], send=refusing).look()
    assert [each.topic for each in all_of(store)] == [topic.value for topic in topics]


def test_it_looks_by_itself_and_stops_when_it_is_told(store: Engine) -> None:
    """A thread of its own: what is wanted is sent without being asked for, and its end is written down."""
    crisis(store, by(), "case-1")
    called = threading.Event()

    def send(*_: object) -> Tried:
        called.set()
        return Tried(ending=Ending.TAKEN)

    noticer = Noticer(store, by(), {}, lambda: NOW, send=send)
    noticer.start()
    assert called.wait(30)
    noticer.stop(within=30)
    assert states(store) == [NoticeState.SENT]
