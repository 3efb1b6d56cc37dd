"""Logging in and out, and the pages of accounts, in a real browser."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import Engine

from service.auth import accounts, administering, audit, door
from service.auth.administering import Doer
from service.auth.audit import Act, Entry, Kind, Program
from service.auth.entrance import Known
from service.auth.rights import Right, Role, Sight
from tests.service.auth.house import PASSWORD, House, file, house, light_hashes, person
from tests.service.dashboard.a_call import CALL_ID, NUMBER
from tests.service.dashboard.browser import open_browser, open_page
from tests.service.dashboard.people import NOW

__all__ = ["file", "light_hashes"]

pytestmark = pytest.mark.browser

SHOTS = Path(__file__).resolve().parents[3] / "docs" / "screenshots"
PROBES = ("clipped", "spilt", "covered")
DONE = (
    (30, "li.haoran", Act.EXPORTED, "threerings-calls-2026-11.csv"),
    (22, "wang.nana", Act.REFUSED, f"/calls/{CALL_ID}"),
    (4, "li.haoran", Act.REVEALED, f"call {CALL_ID}"),
)
"""Minutes ago, who, what, to what."""

DOER = Doer(at=NOW, who=Program(login="root", role=Kind.COMMAND))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser."""
    async with open_browser() as found:
        yield found


@pytest.fixture
async def peopled(file: Engine) -> AsyncIterator[House]:
    """A centre's people."""
    person(file, "zhou.min", Role.ADMINISTRATOR, name="周敏")
    person(file, "wang.nana", Role.AGENT, name="王娜娜", agent="1003")
    person(file, "ouyang", Role.INSPECTOR, name="欧阳晓峰")
    person(file, "leung", Role.READER, name="Leung Ka-ho", sight=Sight(codes=frozenset({"510", "520"})))
    person(
        file, "li.haoran", Role.LEADER, name="李浩然", sight=Sight(groups=frozenset({"早班"})),
        granted=frozenset({Right.LISTEN}), withheld=frozenset({Right.AGENTS}),
    )  # fmt: skip
    with file.begin() as connection:
        for minutes, login, act, subject in DONE:
            account = accounts.find(connection, login)
            assert account is not None
            at = NOW - timedelta(minutes=minutes)
            audit.note(
                connection, Entry(at=at, visitor=Known(account), act=act, subject=subject, address="192.0.2.14")
            )
    async with house(file) as found:
        yield found


async def log_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """By the form, as a person does."""
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(password)
    await page.get_by_role("button", name="登录").click()


async def test_one_logs_in_sees_his_part_has_a_number_shown_and_is_out_when_his_session_ends(
    browser: Browser, peopled: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the page that he wanted, through the log-in, back to it; the open page leads out by itself."""
    monkeypatch.setattr(door, "WATCH_SECONDS", 0.2)
    base = str(peopled.client.make_url("")).rstrip("/")
    async with open_page(browser, base, 1440) as watched:
        page = watched.page
        await page.goto("/?order=state")
        await expect(page).to_have_url(f"{base}/login?next=%2F%3Forder%3Dstate")
        await log_in(page, "li.haoran", "wrong")
        await expect(page.get_by_role("alert")).to_have_text("登录名或密码不正确。")
        assert watched.complaints == [
            "Failed to load resource: the server responded with a status of 401 (Unauthorized)"
        ]
        watched.complaints.clear()
        await log_in(page, "li.haoran")
        await expect(page).to_have_url(f"{base}/?order=state")
        assert set(await page.locator(".who b").all_text_contents()) == {"陈思远", "赵雅琴", "王娜娜"}
        await page.goto(f"/calls/{CALL_ID}")
        assert NUMBER not in await page.content()
        await page.get_by_role("button", name="显示号码").click()
        await expect(page.locator(".banner .num")).to_have_text(NUMBER)
        await page.goto("/")
        await page.locator("html[data-stream=open]").wait_for()
        assert (watched.complaints, watched.strangers) == ([], [])
        with peopled.engine.begin() as connection:
            account = accounts.find(connection, "li.haoran")
            assert account is not None
            administering.end_sessions(connection, account, DOER)
        await expect(page).to_have_url(f"{base}/login", timeout=10_000)
        await log_in(page, "li.haoran")
        await page.get_by_role("link", name="李浩然").click()
        await page.get_by_role("button", name="退出登录").click()
        await expect(page).to_have_url(f"{base}/login")
        await page.goto("/")
        await expect(page).to_have_url(f"{base}/login")


async def test_the_pages_of_accounts_fit_and_complain_of_nothing(browser: Browser, peopled: House) -> None:
    """Both languages, themes and two widths: no console error, no sideways scroll, no cut or faint words.

    With THREERINGS_SCREENSHOTS=1 two of them are put in docs/screenshots.
    """
    base = str(peopled.client.make_url("")).rstrip("/")
    async with open_page(browser, base, 1440) as watched:
        page = watched.page
        await page.goto("/login")
        await _fits(page)
        await log_in(page, "zhou.min")
        await expect(page).to_have_url(f"{base}/")
        for path, width in product(("/me", "/people", "/people/5", "/people/new", "/audit"), (1440, 420)):
            await page.set_viewport_size({"width": width, "height": 900})
            for choice in ("lang=zh&theme=light", "lang=en&theme=dark"):
                await page.goto(f"{path}?{choice}")
                await _fits(page)
        assert (watched.complaints, watched.strangers) == ([], [])
        await page.set_viewport_size({"width": 1180, "height": 600})
        for name, path in (
            ("people-en", "/people?lang=en&theme=light"),
            ("audit-en", "/audit?lang=en&theme=light"),
        ):
            await page.goto(path)
            await page.evaluate("document.fonts.ready")
            shot = await page.locator("main .card").first.screenshot(animations="disabled")
            assert 10_000 < len(shot) < 60_000
            if os.environ.get("THREERINGS_SCREENSHOTS") == "1":
                (SHOTS / f"{name}.png").write_bytes(shot)


async def _fits(page: Page) -> None:
    await page.evaluate("document.fonts.ready")
    assert await page.evaluate("probes.sideways()") == 0, page.url
    for probe in (*PROBES, "faint"):
        assert await page.evaluate(f"probes.{probe}()") == [], (probe, page.url)
