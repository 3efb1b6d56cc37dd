"""The page of the policy: rules in sentences by version, what differs, working days, and a month lived by it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.storage.engine import open_store
from config.explain_followups import explain_trigger
from config.followups import Due, DueKind, FollowUpKind, Promises, Trigger, TriggerKind
from config.policy_loader import load_policy
from config.settings import Settings
from service.desk.desk import Desk
from service.migrations import upgrade
from tests.service.dashboard import promised
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.promise_pages import leader, pages_for, shown

LATER = """
[[version]]
from = 2026-12-01
[version.ring]
rings = 4
[[version.followup]]
kind = "transaction"
name_zh = "会员交易回访"
name_en = "Member's transaction"
trigger = "event:transaction"
due = "5 days"
"""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A store without anybody."""
    made = open_store(f"sqlite:///{tmp_path}/facts.db")
    upgrade(made)
    return made


@pytest.fixture
async def client(engine: Engine, tmp_path: Path) -> AsyncIterator[Client]:
    """The page over a policy of two versions."""
    path = tmp_path / "two.toml"
    path.write_text(promised.POLICY + LATER, encoding="utf-8")
    policy = load_policy(str(path))
    desk = Desk(engine, lambda: policy, Settings(data_dir=tmp_path))
    async with pages_for(desk, leader({"1002"})) as found:
        yield found


async def test_rules_are_in_sentences_and_what_differs_is_marked(client: Client) -> None:
    """The version in force first; the next one marks what is new and lists what holds no more."""
    now, later = await shown(client, "/policy?lang=en"), await shown(client, "/policy?lang=en&version=2")
    assert "Within 3 rings" in now
    assert "Revisit after solving" in now
    assert 'class="rule new"' not in now
    assert "in force" in now
    fresh = re.findall(r'class="rule new">(.*?)</div>', later, re.DOTALL)
    gone = re.findall(r"<del>(.*?)</del>", later, re.DOTALL)
    assert any("Within 4 rings" in each for each in fresh)
    assert any("within 5 day" in each for each in fresh)
    assert any("Within 3 rings" in each for each in gone)
    assert any("Report delivered" in each for each in gone)
    assert "3 声之内" in await shown(client, "/policy?lang=zh")
    await shown(client, "/policy?version=3", 400)
    await shown(client, "/policy?month=2099-01", 400)


async def test_a_month_shows_days_off_make_up_days_and_festivals(client: Client) -> None:
    """The Spring Festival of 2026: nine days off, two Saturdays worked for it, and the day itself by its name."""
    page = await shown(client, "/policy?lang=zh&month=2026-02")
    cells = re.findall(r'<div class="d ([^"]*)"[^>]*><span class="dd"><b>(\d+)</b>(.*?)</div>', page, re.DOTALL)
    here = {int(day): (css, rest) for css, day, rest in cells if "other" not in css}
    assert sorted(day for day, (css, _) in here.items() if "rest" in css) == [1, 7, 8, *range(15, 24)]
    assert [day for day, (_, rest) in here.items() if "班" in rest] == [14, 28]
    assert "春节" in here[17][1]


async def test_a_month_can_be_lived_by_the_rules(client: Client) -> None:
    """Kinds with what would arise of them; the same asked again is the same."""
    first = await shown(client, "/policy?lang=en&month=2026-12&customers=100")
    assert first == await shown(client, "/policy?lang=en&month=2026-12&customers=100")
    table = first.split('class="t tight outlook"')[1]
    assert re.search(r"transaction</td><td class=\"r\">[1-9]", table.replace("&#39;", "'"))
    await shown(client, "/policy?customers=7", 400)


def test_an_event_that_is_called_as_a_kind_is_explained_as_the_event() -> None:
    """Only triggers that are another follow-up's end name a kind."""
    kind = FollowUpKind(
        id="report", name_zh="报告", name_en="Report delivered", due=Due(kind=DueKind.BY_HAND),
        trigger=Trigger(kind=TriggerKind.EVENT, name="report"),
    )  # fmt: skip
    told = explain_trigger(kind.trigger, Promises(kinds=(kind,)), "en")
    assert "report" in told
    assert "Report delivered" not in told
