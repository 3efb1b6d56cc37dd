"""The outbox: each notice once, at its instant, retried for a day, and never sent again where it may have been."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from config.language import Language
from config.notices import Channel, NoticeSettings, QuietSpan, Recipient, RecipientKind
from config.secrets import SecretSource
from schedulers.notices.ledger import Told, find, listed, want_again
from schedulers.notices.outbox import LEASE, MOST_TOGETHER, STALE, Outgoing, Telling, put, settle, take
from schedulers.notices.records import Notice, Topic
from schedulers.notices.trying import RETRIES, Ending, NoticeState, Tried
from tests.schedulers.notices.changes import NOW, PROMISES

SECOND = timedelta(seconds=1)
TAKEN, REFUSED, UNKNOWN = (Tried(ending=each, why=each.value) for each in Ending)
TO = {"1001": ("mail",), "duty": ("mail", "hook"), "pbx": ("hook",)}


def by(**changed: object) -> Telling:
    """Two channels, the second one idempotent, and quiet nights."""
    channels = (
        Channel(name="mail", url=SecretSource(key="k", env="MAIL")),
        Channel(name="hook", url=SecretSource(key="k", env="HOOK"), language=Language.EN, idempotent=True),
    )
    quiet = (QuietSpan(start=time(21), end=time(8)),)
    settings = replace(NoticeSettings(channels=channels, to=TO, quiet=quiet), **changed)  # type: ignore[arg-type]
    return Telling(settings=settings, promises=PROMISES, zone=ZoneInfo("Asia/Shanghai"), language=Language.ZH)


BY = by()


def notice(about: str = "a", to: str = "1001", topic: Topic = Topic.OVERDUE, **changed: object) -> Notice:
    """Something to be told at ten in the morning."""
    kinds = {"duty": RecipientKind.DUTY, "pbx": RecipientKind.PBX}
    name = "" if to in kinds else to
    recipient = Recipient(kind=kinds.get(to, RecipientKind.AGENT), name=name)
    plain = Notice(topic=topic, about=about, recipient=recipient, wanted_at=NOW, details=(("follow_up", about),))
    return replace(plain, **changed)  # type: ignore[arg-type]


def stored(store: Engine, *wanted: Notice, told: Telling = BY) -> int:
    """Put notices."""
    with store.begin() as connection:
        return put(connection, wanted, told)


def taken(store: Engine, at: datetime, lease: str = "one", told: Telling = BY) -> list[Outgoing]:
    """Take what goes in the next message."""
    with store.begin() as connection:
        return take(connection, at, lease, told)


def settled(store: Engine, sent: list[Outgoing], tried: Tried, at: datetime, lease: str = "one") -> None:
    """Write down how a try ended."""
    with store.begin() as connection:
        settle(connection, sent, lease, tried, at, BY)


def all_of(store: Engine) -> list[Told]:
    """All rows."""
    with store.connect() as connection:
        return listed(connection)


def the_one(store: Engine) -> Told:
    """The only row."""
    (row,) = all_of(store)
    return row


def test_the_same_notice_is_wanted_once_on_each_channel(store: Engine) -> None:
    """However often and by whomever it is put, also after it was sent; each channel in its language."""
    assert stored(store, notice(to="duty"), notice(to="duty")) == 2
    assert stored(store, notice(to="duty")) == 0
    settled(store, taken(store, NOW), TAKEN, NOW)
    assert stored(store, notice(to="duty"), notice("b", to="duty")) == 2
    found = {(each.about, each.channel, each.language) for each in all_of(store)}
    assert found == {("a", "mail", "zh"), ("a", "hook", "en"), ("b", "mail", "zh"), ("b", "hook", "en")}


def test_whom_no_channel_reaches_is_shown(store: Engine) -> None:
    """Not sent, and not silent."""
    stored(store, notice(to="1009"))
    assert taken(store, NOW) == []
    assert (the_one(store).state, the_one(store).why) == (NoticeState.NOWHERE, "no channel")


def test_without_channels_nothing_is_kept(store: Engine) -> None:
    """An installation that wants no notices has no outbox that grows."""
    assert stored(store, notice(), told=by(channels=(), to={})) == 0
    assert all_of(store) == []


@pytest.mark.parametrize(
    ("wanted", "due"),
    [
        (NOW.replace(hour=12, minute=59, second=59), NOW.replace(hour=12, minute=59, second=59)),
        (NOW.replace(hour=13), NOW.replace(hour=0) + timedelta(days=1)),  # 21:00 and 08:00 in Shanghai
        (NOW.replace(hour=23, minute=59), NOW.replace(hour=0) + timedelta(days=1)),
        (NOW.replace(hour=0), NOW.replace(hour=0)),
    ],
)
def test_quiet_hours_hold_a_notice_back_to_their_end(store: Engine, wanted: datetime, due: datetime) -> None:
    """By the centre's clocks: a microsecond before its instant it is not sent, and then it is."""
    stored(store, notice(wanted_at=wanted))
    assert taken(store, due - timedelta(microseconds=1)) == []
    assert [each.topic for each in taken(store, due)] == [Topic.OVERDUE]


@pytest.mark.parametrize("topic", [Topic.AT_ONCE, Topic.PBX_GAP])
def test_a_crisis_and_a_lost_pbx_pierce_quiet_hours(store: Engine, topic: Topic) -> None:
    """At midnight, at once, and at each retry; and before whatever waits."""
    night = NOW.replace(hour=16)
    stored(store, notice("waits", wanted_at=NOW), notice(topic=topic, wanted_at=night))
    (first,) = taken(store, night)
    assert first.topic is topic
    settled(store, [first], REFUSED, night)
    assert [each.topic for each in taken(store, night + RETRIES[0])] != []
    found = {each.topic: each.state for each in all_of(store)}
    assert found[topic.value] is NoticeState.SENDING


def test_a_refused_notice_is_tried_for_a_day_and_then_given_up(store: Engine) -> None:
    """After 1, 5 and 30 minutes, 2, 6 and 12 hours, never before; then it is shown with its reason."""
    stored(store, notice(topic=Topic.AT_ONCE))
    at = NOW
    for rest in (*RETRIES, None):
        sent = taken(store, at)
        assert [each.topic for each in sent] == [Topic.AT_ONCE]
        settled(store, sent, REFUSED, at)
        if rest is not None:
            assert the_one(store).state is NoticeState.FAILED
            assert taken(store, at + rest - SECOND) == []
            at += rest
    assert at - NOW < timedelta(days=1)
    assert (the_one(store).state, the_one(store).tries, the_one(store).why) == (NoticeState.GIVEN_UP, 7, "refused")
    assert taken(store, at + timedelta(days=365)) == []


def test_a_retry_waits_for_the_end_of_quiet_hours(store: Engine) -> None:
    """An owner who could not be reached in the evening is told in the morning."""
    evening = NOW.replace(hour=12, minute=59, second=30)
    stored(store, notice(wanted_at=evening))
    settled(store, taken(store, evening), REFUSED, evening)
    assert the_one(store).next_at == NOW.replace(hour=0) + timedelta(days=1)


def test_what_may_have_been_taken_is_never_sent_again(store: Engine) -> None:
    """Unless a person wants it; on an idempotent channel it is retried."""
    stored(store, notice(to="duty"))
    for _ in range(2):
        sent = taken(store, NOW)
        settled(store, sent, UNKNOWN, NOW)
    found = {each.channel: each.state for each in all_of(store)}
    assert found == {"mail": NoticeState.INDETERMINATE, "hook": NoticeState.FAILED}
    later = taken(store, NOW + RETRIES[0])
    assert [each.channel for each in later] == ["hook"]


def test_a_sender_that_was_killed_leaves_its_notices_indeterminate(store: Engine) -> None:
    """Between committing and writing down the end; not before its lease has run out, which is never sent again."""
    stored(store, notice(to="duty"))
    assert len(taken(store, NOW)) == len(taken(store, NOW)) == 1  # both rows, one after the other
    assert taken(store, NOW + LEASE - SECOND, lease="two") == []
    again = taken(store, NOW + LEASE, lease="two")
    assert [each.channel for each in again] == ["hook"]  # idempotent
    assert {each.channel: each.state for each in all_of(store)}["mail"] is NoticeState.INDETERMINATE
    assert taken(store, NOW + 3 * LEASE, lease="three")[0].channel == "hook"


def test_a_slow_sender_settles_what_was_believed_lost(store: Engine) -> None:
    """By its own lease: it knows how the try ended. Nobody else's word counts."""
    stored(store, notice())
    sent = taken(store, NOW)
    assert taken(store, NOW + LEASE, lease="two") == []
    settled(store, sent, TAKEN, NOW + LEASE, lease="two")
    assert the_one(store).state is NoticeState.INDETERMINATE
    settled(store, sent, TAKEN, NOW + LEASE)
    assert the_one(store).state is NoticeState.SENT


def test_two_senders_never_have_the_same_notice(store: Engine) -> None:
    """What one has taken the other does not see."""
    stored(store, *(notice(str(number)) for number in range(30)))
    first, second = taken(store, NOW, "one"), taken(store, NOW, "two")
    assert (len(first), len(second)) == (MOST_TOGETHER, 10)
    assert {each.id for each in first} & {each.id for each in second} == set()


def test_only_one_topic_of_one_recipient_goes_in_a_message(store: Engine) -> None:
    """And on an idempotent channel each goes alone, since its key is the notice's."""
    stored(store, notice("a"), notice("b"), notice("c", topic=Topic.ORPHANED), notice("d", to="pbx"))
    stored(store, notice("e", to="pbx"))
    messages = []
    while sent := taken(store, NOW):
        messages.append(
            sorted((each.topic.value, each.recipient, dict(each.details)["follow_up"]) for each in sent)
        )
    assert sorted(messages) == [
        [("orphaned", "1001", "c")],
        [("overdue", "1001", "a"), ("overdue", "1001", "b")],
        [("overdue", "pbx", "d")],
        [("overdue", "pbx", "e")],
    ]


def test_a_reminder_is_of_no_use_after_its_time(store: Engine) -> None:
    """At the promised instant it is sent still; after it, it is given up."""
    stored(store, notice("a", until_at=NOW + SECOND), notice("b", topic=Topic.NEAR, until_at=NOW + SECOND))
    assert len(taken(store, NOW + SECOND)) == 1
    assert taken(store, NOW + SECOND + timedelta(microseconds=1)) == []
    assert sorted(each.why for each in all_of(store)) == ["", "too late"]


def test_what_nobody_sent_for_a_day_is_news_no_more(store: Engine) -> None:
    """After a long stop of the service nobody is flooded."""
    stored(store, notice())
    assert taken(store, NOW + STALE + SECOND) == []
    assert (the_one(store).state, the_one(store).why) == (NoticeState.GIVEN_UP, "too late")


def test_people_may_send_again_what_was_not_sent_surely(store: Engine) -> None:
    """It is tried for a day again; what was sent is not in question."""
    stored(store, notice())
    settled(store, taken(store, NOW), UNKNOWN, NOW)
    identity = the_one(store).id
    with store.begin() as connection:
        assert want_again(connection, [NoticeState.GIVEN_UP], NOW, identity) == 0
        assert want_again(connection, [NoticeState.INDETERMINATE], NOW, identity) == 1
    settled(store, taken(store, NOW), TAKEN, NOW)
    with store.connect() as connection:
        found = find(connection, identity)
        assert find(connection, "nothing") is None
    assert found is not None
    assert (found.state, found.tries, found.ended_at, found.next_at) == (NoticeState.SENT, 1, NOW, None)
    with store.connect() as connection:
        assert listed(connection, [NoticeState.FAILED]) == []
        assert len(listed(connection, [NoticeState.SENT], 1)) == 1
