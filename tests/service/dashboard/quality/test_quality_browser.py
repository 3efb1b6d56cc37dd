"""The pages of quality in a real browser: both languages and themes, digits, a note at the instant, the question."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from sqlalchemy import Engine

from analytics.quality.cards import load_cards
from analytics.quality.samples import load_draft, load_notes, load_samples
from analytics.storage.engine import open_store
from tests.analytics.quality.house import NAMES, WEEK
from tests.service.dashboard.browser import open_browser, open_page, until
from tests.service.dashboard.quality.listened import Listened, listened
from tests.service.dashboard.quality.test_quality_pages import sample_of
from tests.service.dashboard.test_browser import PROBES

NOTES = (("0:04", "开场报工号清楚，语气自然。", ""), ("0:13", "客户说到一半被打断，应等说完再确认。", "grasp"))
LOOKS = ((1440, "zh", "light"), (1100, "en", "dark"), (420, "zh", "dark"))


@pytest.fixture
def engine(tmp_path: Path, migrated_file: Path) -> Iterator[Engine]:
    """A migrated store."""
    shutil.copy(migrated_file, tmp_path / "facts.db")
    engine = open_store(f"sqlite:///{tmp_path / 'facts.db'}")
    yield engine
    engine.dispose()


async def furnished(here: Listened) -> tuple[int, int]:
    """One sample with everything on it, one that is open; both of the same inspector's to read."""
    scored, who = sample_of(here.engine, "1001")
    open_, _ = sample_of(here.engine, "1003")
    await here.post(f"/quality/{open_}/take", who)
    for at, text, criterion in NOTES:
        for sample in (scored, open_):
            await here.post(f"/quality/{sample}/notes", who, at=at, text=text, criterion=criterion)
    marks = {"mark-grasp": "2", "remark-grasp": "未复述客户需求"}
    await here.card(scored, who, 4, summary="整体不错，倾听可再耐心一点。", **{"holds-first_words": "yes"}, **marks)
    other = "qian" if who == "wen" else "wen"
    await here.card(scored, other, 3, mode="calibrate")
    with here.engine.connect() as connection:
        card = load_cards(connection, (scored,))[0].id
    await here.post(f"/desk/quality/{card}", "fang", kind="reply", text="下次先复述再回答。")
    await here.post(f"/desk/quality/{card}", "fang", kind="appeal", text="客户先挂断又打来，第二通里我复述了。")
    await here.post(
        f"/quality/weeks/{WEEK.label}/trainings",
        who,
        on="2026-11-25",
        text="倾听与复述",
        agent="1001",
        criterion="grasp",
    )
    return scored, open_


@pytest.mark.browser
async def test_every_page_fits_in_both_languages_and_themes(engine: Engine, tmp_path: Path) -> None:
    """Wide and narrow, with everything on it: nothing is clipped, covered or too faint, and nothing complains."""
    async with listened(engine, tmp_path) as here, open_browser() as browser:
        scored, open_ = await furnished(here)
        pages = (
            ("wen", "/quality?show=open"), ("wen", f"/quality/{open_}"), ("wen", f"/quality/{scored}"),
            ("boss", f"/quality/{scored}?mode=decide"), ("wen", f"/quality/weeks/{WEEK.label}"),
            ("boss", "/quality/months/2026-11"), ("fang", "/desk/quality"),
        )  # fmt: skip
        base = str(here.client.make_url("")).rstrip("/")
        for width, language, theme in LOOKS:
            for who, path in pages:
                async with open_page(browser, base, width, extra_http_headers={"X-Who": who}) as watched:
                    join = "&" if "?" in path else "?"
                    await watched.page.goto(f"{path}{join}lang={language}&theme={theme}")
                    await watched.page.evaluate("document.fonts.ready")
                    assert await watched.page.evaluate("probes.sideways()") == 0, (path, width)
                    for probe in (*PROBES, "faint"):
                        assert await watched.page.evaluate(f"probes.{probe}()") == [], (
                            probe,
                            path,
                            width,
                            language,
                        )
                    assert (watched.complaints, watched.strangers) == ([], []), path
                    found = await Axe().run(watched.page)
                    grave = [
                        each for each in found.response["violations"] if each["impact"] in ("serious", "critical")
                    ]
                    assert grave == [], path


@pytest.mark.browser
async def test_digits_mark_notes_are_pinned_and_submitting_is_asked(engine: Engine, tmp_path: Path) -> None:
    """The whole card by keys; N pins a note to the instant that is heard; the draft is kept; Cancel has the focus."""
    async with listened(engine, tmp_path) as here, open_browser() as browser:
        sample, who = sample_of(engine, "1001")
        base = str(here.client.make_url("")).rstrip("/")
        async with open_page(browser, base, 1440, extra_http_headers={"X-Who": who}) as watched:
            page = watched.page
            await page.goto(f"/quality/{sample}?lang=en")
            assert await page.locator("[data-total]").text_content() == "—"
            async with page.expect_response(lambda answer: answer.url.endswith("/draft")):
                await page.keyboard.type("54435")
            assert await page.locator("[data-total]").text_content() == "83"
            assert await page.locator("[data-word][data-passed]").text_content() == "passes"
            with engine.connect() as connection:
                draft = load_draft(connection, sample, who)
            assert draft is not None
            assert draft.marks == dict(zip(NAMES, (5, 4, 4, 3, 5), strict=True))
            await page.evaluate("document.querySelector('audio').preload = 'auto'")
            await until(page, "document.querySelector('audio').readyState > 0")
            await page.evaluate("document.querySelector('audio').currentTime = 7")
            await page.keyboard.press("n")
            await until(page, "document.activeElement.name === 'text'")
            assert await page.input_value("#note-at") == "0:07"
            await page.keyboard.type("cut the customer off")
            async with page.expect_response(lambda answer: answer.url.endswith("/notes")):
                await page.keyboard.press("Enter")
            await page.wait_for_selector("[data-note]")
            with engine.connect() as connection:
                assert [each.at_ms for each in load_notes(connection, (sample,))] == [7000]
            await page.locator("#card button[data-confirm]").first.click()
            assert await page.evaluate("document.activeElement.textContent.trim()") == "Cancel"
            await page.keyboard.press("Enter")
            with engine.connect() as connection:
                assert load_cards(connection, (sample,)) == ()
            await page.locator("#card button[data-confirm]").first.click()
            async with page.expect_navigation():
                await page.locator("#sure [data-yes]").click()
            with engine.connect() as connection:
                card = load_cards(connection, (sample,))[0]
                states = [each.state for each in load_samples(connection, ids=(sample,))]
            assert (card.mark_c, states) == (8300, ["scored"])
            assert (watched.complaints, watched.strangers) == ([], [])
