"""The pages of closing a month over a store: issuing, objections, exemptions, the sign-off, and who may not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine, select

from analytics.closing.objections import raise_objection
from analytics.closing.records import About
from analytics.storage.dialects import dialect_of
from analytics.storage.engine import open_store
from analytics.storage.ingest import Ingester
from config.policy_loader import load_policy
from config.secrets import SecretSource
from config.settings import ManagerLogin, PbxSettings, Settings
from service.auth.models import audit_log
from service.auth.rights import Right
from service.dashboard.application import Gate, setup
from service.dashboard.closing import ClosingPages
from service.live.closing import StoredClosing
from service.migrations import upgrade
from service.pipeline.gaps import Gap, GapReason
from tests.analytics.conftest import empty_store, migrated, migrated_file, postgres_url, store
from tests.analytics.factory import call, talk
from tests.service.dashboard.browser import open_browser, open_page
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.test_acting import PROOF, anybody
from tests.service.dashboard.test_browser import PROBES

__all__ = ["empty_store", "migrated", "migrated_file", "postgres_url", "store"]

NOW = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
MONTH = "/closing/2026-11"


class Closed:
    """The pages and what they work on."""

    def __init__(self, engine: Engine, source: StoredClosing, client: TestClient[Any, Any]) -> None:
        self.engine, self.source, self.client = engine, source, client

    async def page(self, path: str = MONTH, status: int = 200) -> str:
        """A page in English."""
        async with self.client.get(f"{path}?lang=en") as response:
            assert response.status == status
            return await response.text()

    async def post(self, path: str, by: str, **form: str) -> tuple[int, str]:
        """Status and page, after the redirect."""
        async with self.client.post(MONTH + path, data={"proof": PROOF, "by": by, **form}) as response:
            return response.status, await response.text()

    def object_to(self, text: str) -> None:
        """1004 objects to his minutes."""
        with self.engine.begin() as connection:
            raise_objection(
                connection,
                agent="1004",
                period=self.source.period(date(2026, 11, 1)),
                about=About.MINUTES,
                target_id=None,
                text=text,
                at=NOW,
            )

    def audit(self) -> list[tuple[str, dict[str, Any]]]:
        """Subjects and details, oldest first."""
        wanted = select(audit_log.c.subject, audit_log.c.details).order_by(audit_log.c.id)
        with self.engine.connect() as connection:
            return [(subject, json.loads(details)) for subject, details in connection.execute(wanted)]


@asynccontextmanager
async def closing(engine: Engine, *gaps: Gap, **visitor: Any) -> AsyncIterator[Closed]:
    """One call of November, in December."""
    with engine.begin() as connection:
        Ingester(dialect_of(engine.dialect.name)).ingest(connection, [call(), talk()])
    login = ManagerLogin(user="u", secret=SecretSource(key="pbx.pbx", env="SECRET"))
    pbx = PbxSettings(name="pbx", host="127.0.0.1", login=login)
    settings = Settings(database_url=engine.url.render_as_string(hide_password=False), pbxs=(pbx,))
    policy = load_policy("default")
    source = StoredClosing(
        engine, engine, settings, lambda: policy, lambda start, end: (), lambda: gaps, lambda: NOW
    )
    app = web.Application()
    room = partial(ClosingPages, source, {"1004": "李浩然"}.get, may_act=True)
    setup(app, StandingCentre(), [room], gate=Gate(guard=anybody(**visitor)))
    async with TestClient(TestServer(app)) as client:
        yield Closed(engine, source, client)


async def test_a_month_goes_from_nothing_to_its_sign_off(store: Engine) -> None:
    """Issued by one, objected to and answered, exempted by two, signed by another in spite of the open window."""
    async with closing(store) as here:
        assert "No report of this month was issued." in await here.page()
        for report in ("minutes", "three-rings"):
            assert (await here.post("/issue", "王主管", report=report))[0] == 200
        status, again = await here.post("/issue", "王主管", report="minutes")
        assert (status, "found no reason, expected one" in again) == (409, True)
        here.object_to("13800138000 的电话没有算")
        assert (
            await here.post("/exemptions", "1004", kind="call", target="pbx/1.1", reason="crank", text="he sang")
        )[0] == 200
        page = await here.page()
        assert "An agent waits for an answer." in page
        assert "A second person has not decided." in page
        assert "Sign off…" not in page
        status, refused = await here.post("/exemptions/1", "1004", step="approve")
        assert (status, "expected another person" in refused) == (409, True)
        assert (await here.post("/exemptions/1", "王主管", step="approve"))[0] == 200
        assert (await here.post("/objections/1", "王主管", step="uphold", answer=""))[0] == 400
        assert "Upheld" in (await here.post("/objections/1", "王主管", step="uphold", answer="补算"))[1]
        status, refused = await here.post("/sign", "张主任")
        assert (status, "window_open" in refused) == (409, True)
        status, refused = await here.post("/sign", "王主管", in_spite="the meeting is today")
        assert (status, "expected another person" in refused) == (409, True)
        assert "Month closed" in (await here.post("/sign", "张主任", in_spite="the meeting is today"))[1]
        steps = [(details["step"], details["by"]) for _, details in here.audit()]
        assert steps == [
            ("issue", "王主管"),
            ("issue", "王主管"),
            ("ask", "1004"),
            ("decide", "王主管"),
            ("answer", "王主管"),
            ("sign", "张主任"),
        ]


async def test_a_gap_stands_in_the_way_with_its_reason(store: Engine) -> None:
    """No logs would tell what was missed; one of another month is none of this; an exemption is taken back."""
    start, end = datetime(2026, 11, 3, 1, 0, tzinfo=UTC), datetime(2026, 11, 3, 1, 5, tzinfo=UTC)
    gap = Gap(pbx="pbx", start=start, end=end, why=GapReason.LOST, detail="", seq=1)
    other = Gap(
        pbx="pbx", start=start.replace(month=10), end=end.replace(month=10), why=GapReason.LOST, detail="", seq=1
    )
    async with closing(store, other) as here:
        assert "A PBX was not heard" not in await here.page()
    async with closing(store, gap) as here:
        page = await here.page()
        assert "A PBX was not heard" in page
        assert "no logs are set that would tell of calls within" in page
        await here.post("/exemptions", "1004", kind="call", target="pbx/1.1", reason="test", text="ours")
        assert "Withdrawn" in (await here.post("/exemptions/1", "1004", step="withdraw"))[1]


async def test_who_may_not_close_sees_nothing_and_numbers_are_masked(store: Engine) -> None:
    """404 for page and post; within what agents wrote numbers are hidden from who may not see them."""
    rights = frozenset(Right) - {Right.CLOSE}
    async with closing(store, rights=rights) as here:
        await here.page(status=404)
        assert (await here.post("/sign", "张主任"))[0] == 404
    async with closing(store, rights=frozenset({Right.CLOSE})) as here:
        await here.post("/issue", "王主管", report="minutes")
        here.object_to("13800138000 的电话没有算")
        page = await here.page()
        assert "13800138000" not in page
        assert "138****8000 的电话没有算" in page
        async with here.client.get("/closing", allow_redirects=False) as response:
            assert response.headers["Location"].startswith("/closing/20")
        await here.page("/closing/2026-13", 400)


@pytest.mark.browser
async def test_the_page_fits_and_asks_on_cancel(tmp_path: Path) -> None:
    """Both languages and themes, wide and narrow, with everything on it; nothing complains."""
    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    upgrade(engine)
    async with closing(engine) as here, open_browser() as browser:
        await here.post("/issue", "王主管", report="minutes")
        here.object_to("11-02 的电话没有算，客户说了很久，也请一并看看三号的那一通")
        await here.post("/exemptions", "1004", kind="call", target="pbx/1.1", reason="phone_fault", text="话机没响")
        base = str(here.client.make_url("")).rstrip("/")
        for width, language, theme in ((1440, "zh", "light"), (1100, "en", "dark"), (420, "zh", "dark")):
            async with open_page(browser, base, width) as watched:
                await watched.page.goto(f"{MONTH}?lang={language}&theme={theme}")
                await watched.page.evaluate("document.fonts.ready")
                assert await watched.page.evaluate("probes.sideways()") == 0
                for probe in (*PROBES, "faint"):
                    assert await watched.page.evaluate(f"probes.{probe}()") == [], (probe, language, width)
                await watched.page.locator("[popovertarget=answer-1]").first.click()
                focused = await watched.page.evaluate("document.activeElement.textContent.trim()")
                assert focused in ("取消", "Cancel")
                assert (watched.complaints, watched.strangers) == ([], [])
    engine.dispose()
