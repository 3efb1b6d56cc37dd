"""The follower: keeps the book by the settings, tells of what became overdue, and goes on after a store was away."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, select

from config.notices import Channel, NoticeSettings, Recipient, RecipientKind
from config.secrets import SecretSource
from config.settings import Settings
from schedulers.notices.models import notices
from service.books import book_of
from service.following import TICK_SECONDS, Follower
from tests.schedulers.followups.worlds import at, customer, happened, policy_of
from tests.schedulers.test_keeper import KINDS, register

TO_DUTY = NoticeSettings(
    channels=(Channel(name="mail", url=SecretSource(key="notices.channel.mail", env="MAIL_URL")),),
    to={str(Recipient(kind=RecipientKind.DUTY)): ("mail",)},
)


def test_what_became_overdue_is_told_in_the_same_transaction(store: Engine, tmp_path: Path) -> None:
    """Nobody called: after the due time there is one notice in the outbox, however often it is looked."""
    settings = Settings(notices=TO_DUTY)
    policy = policy_of(tmp_path, KINDS)
    register(store, customer())
    now = [at("2026-11-02 10:00")]
    follower = Follower(store, lambda: policy, settings, lambda: now[0])
    follower.look()
    book_of(store, policy, settings).happened([("C-1", happened("event:report", "2026-11-02 10:00"))])
    now[0] = at("2026-11-04 17:31")
    follower.look()
    follower.look()
    assert follower.failing is None
    with store.connect() as connection:
        topics = connection.execute(select(notices.c.topic)).scalars().all()
    assert topics.count("overdue") == 1


def test_a_store_that_cannot_be_read_is_said_once_and_gone_on_with(store: Engine, tmp_path: Path) -> None:
    """The first look fails and says why; when the store is there again the next one works."""
    policy = policy_of(tmp_path, KINDS)
    away = create_engine(f"sqlite:///{tmp_path}/no/such/folder/facts.db")
    engines = [away, store]

    def now() -> datetime:
        return at("2026-11-02 10:00")

    follower = Follower(engines[0], lambda: policy, Settings(), now)
    follower.look()
    assert follower.failing == "OperationalError"
    follower = Follower(engines[1], lambda: policy, Settings(), now)
    follower.look()
    assert follower.failing is None


def test_who_is_woken_looks_at_once(store: Engine, tmp_path: Path) -> None:
    """A call that we placed has ended: nobody waits for the next tick."""
    policy, wake, looked = policy_of(tmp_path, KINDS), threading.Event(), threading.Semaphore(0)

    def now() -> datetime:
        looked.release()
        return at("2026-11-02 10:00")

    follower = Follower(store, lambda: policy, Settings(), now, wake)
    follower.start()
    assert looked.acquire(timeout=TICK_SECONDS)
    wake.set()
    assert looked.acquire(timeout=0.8 * TICK_SECONDS)
    follower.stop(TICK_SECONDS)
