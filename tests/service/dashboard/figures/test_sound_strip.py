"""The strip of recordings on the pages of an agent and a queue."""

from __future__ import annotations

from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from analytics.storage.changes import mark_calls
from service.dashboard.figures.rates_bar import PARTS, rates_bar
from service.dashboard.words import words
from telephony.calls.facts import TalkFact, TalkKind
from tests.analytics.recordings.talks_heard import heard, mono, put, sounded
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.figures.conftest import facts

AGENT, QUEUE = "/agents/1003?period=2026-11&lang=en", "/queues/sales?period=2026-11&lang=en"
ZH = words("zh", ZoneInfo("Asia/Shanghai"))


def listened(engine: Engine, *, one_channel: bool = False) -> None:
    """Every second talk with a customer has a recording that was listened to."""
    talks = {each.id: each for each in facts() if isinstance(each, TalkFact) and each.kind is TalkKind.CUSTOMER}
    chosen = list(talks.values())[::2]
    for each in chosen:
        put(engine, sounded(each.id, mono() if one_channel else heard(), apart=not one_channel), each.call_id)
    with engine.begin() as connection:
        mark_calls(connection, {each.call_id for each in chosen})


async def text_of(client: Client, path: str) -> str:
    """A page."""
    answer = await client.get(path)
    assert answer.status == 200
    return await answer.text()


@pytest.mark.parametrize("path", [AGENT, QUEUE])
async def test_without_recordings_there_is_no_strip(client: Client, path: str) -> None:
    """A centre that records nothing is not told so on every page."""
    assert 'id="sounds"' not in await text_of(client, path)


@pytest.mark.parametrize("path", [AGENT, QUEUE])
async def test_what_was_heard_stands_with_the_policys_targets(client: Client, engine: Engine, path: str) -> None:
    """Coverage against the alarm, the rate with its error and band, and the four shares as a bar."""
    listened(engine)
    html = await text_of(client, path)
    for said in ('id="sounds"', "target 95%", "± 6 · target 120–140", "chars/min", "within the band 100%"):
        assert said in html


async def test_coverage_opens_the_talks_that_lack_a_recording(client: Client, engine: Engine) -> None:
    """The link holds as many as the list behind it."""
    listened(engine)
    html = await text_of(client, AGENT)
    link = "/calls?figure=talks_unrecorded&amp;period=2026-11&amp;agent=1003"
    assert link in html
    lacking = int(html.partition(link)[2].partition('data-exact="')[2].partition('"')[0])
    behind = await text_of(client, link.replace("&amp;", "&"))
    assert lacking == sum(int(each.partition('"')[0]) for each in behind.split('data-part="')[1:]) > 0


async def test_on_one_channel_the_strip_says_what_is_not_measurable(client: Client, engine: Engine) -> None:
    """Silence is told, the rate is not zero."""
    listened(engine, one_channel=True)
    html = await text_of(client, AGENT)
    assert html.count("not measurable: one channel") == 4
    assert "Speech rate of talks" not in html


def test_the_bar_of_rates_is_whole_and_leaves_out_what_is_none() -> None:
    """From slow to fast, each after the one before."""
    shares = dict(zip(PARTS, (Fraction(1, 8), Fraction(1, 2), Fraction(0), Fraction(3, 8)), strict=True))
    bar = rates_bar(ZH, shares)
    assert [(each.x, each.width, each.text) for each in bar.parts] == [
        ("0.00%", "12.50%", "偏慢 12.5%"),
        ("12.50%", "50.00%", "达标 50.0%"),
        ("62.50%", "37.50%", "未判定 37.5%"),
    ]
    assert rates_bar(ZH, dict.fromkeys(PARTS)).parts == ()
