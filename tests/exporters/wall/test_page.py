"""The wall in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, Page, async_playwright, expect

from bench import chromium
from kpi_state.definitions import Privacy
from tests.exporters.wall.floor import Floor, call, floor, name_of

pytestmark = pytest.mark.chromium
HD, UHD = (1920, 1080), (3840, 2160)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=chromium.PROGRAM, args=chromium.FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def opened(
    browser: Browser, of: Floor, more: str = "", size: tuple[int, int] = HD, *, wait: bool = True
) -> AsyncIterator[Page]:
    """The wall, filled. Nothing it says on its console goes unseen."""
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.goto(of.url + more)
    if wait:
        await expect(page.locator("main")).to_have_attribute("aria-busy", "false")
    yield page
    await page.close()
    assert said == []


async def leaders(page: Page) -> list[str]:
    return await page.locator("#reps tbody tr .who span").all_inner_texts()


async def test_the_leaderboard_has_most_first_and_equals_share_a_place(browser: Browser) -> None:
    async with floor(34) as of, opened(browser, of) as page:
        assert await leaders(page) == sorted(await leaders(page), key=(await leaders(page)).index)
        assert await page.locator("#reps .number span").all_inner_texts() == [
            "17",
            "17",
            "16",
            "16",
            *["15", "15", "14", "14", "13", "13"],
        ]
        assert await page.locator("#reps .place").all_inner_texts() == [
            "1",
            "1",
            "3",
            "3",
            "5",
            "5",
            "7",
            "7",
            "9",
            "9",
        ]
        assert (await leaders(page))[:2] == sorted([name_of(16), name_of(33)])


async def test_teams_and_the_floor_stand_beside_with_target_and_pace(browser: Browser) -> None:
    async with floor(8) as of, opened(browser, of) as page:
        teams = page.locator("#teams tbody tr")
        assert await teams.locator(".who span").all_inner_texts() == ["Team 3", "Team 2", "Team 1", "Team 0"]
        await expect(teams.first.locator(".number")).to_have_text("12 / 24")
        await expect(teams.first.locator(".word")).to_have_text("▼ 12 behind")
        await expect(page.locator("#teams tfoot .who span")).to_have_text("The floor")
        await expect(page.locator("#teams tfoot .number")).to_have_text("36 / 96")


async def test_nobody_alone_is_said_to_be_behind(browser: Browser) -> None:
    async with floor(20) as of, opened(browser, of) as page:
        words = await page.locator("#reps .word").all_inner_texts()
        assert "✓ target reached" in words
        assert not any("behind" in each for each in words)


async def test_a_call_shows_and_moves_who_made_it(browser: Browser) -> None:
    async with floor(3) as of, opened(browser, of) as page:
        assert (await leaders(page))[0] == name_of(2)
        await of.happen(*(call("rep-0", n) for n in range(100, 105)))
        await expect(page.locator("#reps tbody tr").first.locator(".who span")).to_have_text(name_of(0))
        await expect(page.locator("#reps tbody tr").first).to_have_class("flash")
        await expect(page.locator("#teams tfoot .number span")).to_have_text("11")


async def test_one_team_is_chosen_and_stays_in_the_address(browser: Browser) -> None:
    async with floor(8) as of, opened(browser, of) as page:
        await page.get_by_label("Team", exact=True).select_option("Team 1")
        assert await leaders(page) == [name_of(5), name_of(1)]
        assert page.url.endswith("?team=Team+1")
        await page.reload()
        await expect(page.locator("#reps tbody tr")).to_have_count(2)


async def test_a_team_that_is_not_there_is_said_and_can_be_left(browser: Browser) -> None:
    async with floor(2) as of, opened(browser, of, "?team=Nord<i>") as page:
        await expect(page.locator("#reps .empty")).to_have_text("No touchpoints of Nord<i> yet today.")
        await expect(page.get_by_label("Team", exact=True)).to_have_value("Nord<i>")
        await page.get_by_label("Team", exact=True).select_option("All")
        await expect(page.locator("#reps tbody tr")).to_have_count(2)


async def test_a_restart_of_the_exporter_is_said_and_survived(browser: Browser) -> None:
    async with floor(3) as of, opened(browser, of) as page:
        await page.evaluate("window.loadedOnce = true")
        await of.stop()
        await expect(page.get_by_role("alert")).to_contain_text("not current")
        await expect(page.locator("#notice")).to_contain_text("not current")
        await expect(page.locator("#fresh")).to_contain_text("Not connected")
        assert len(await leaders(page)) == 3
        await of.happen(call("rep-2", 100))
        await of.start()
        await expect(page.locator("#reps tbody tr").first.locator(".number span")).to_have_text("4")
        await expect(page.locator("#notice")).to_be_hidden()
        await expect(page.get_by_role("alert")).to_be_empty()
        assert await page.evaluate("window.loadedOnce")


async def test_a_page_of_another_version_loads_itself_anew(browser: Browser) -> None:
    async with floor(1) as of, opened(browser, of) as page:
        await page.evaluate("document.documentElement.dataset.old = 'yes'; assets = 'of yesterday'")
        await of.stop()
        await of.start()
        await expect(page.locator("html")).not_to_have_attribute("data-old", "yes")


async def test_a_screen_too_many_says_so_and_shows_the_wall_once_another_is_closed(browser: Browser) -> None:
    async with floor(3) as of:
        view = of.served.view
        view.settings = replace(view.settings, limits=replace(view.settings.limits, walls=1))
        async with opened(browser, of, wait=False) as first:
            await expect(first.locator("#reps tbody tr")).to_have_count(3)
            async with opened(browser, of, wait=False) as second:
                said = (
                    "No numbers yet: as many screens show the wall as [limits] walls allows (1): raise it or close one."
                )
                await expect(second.locator("#notice")).to_have_text(said)
                await first.goto("about:blank")
                await expect(second.locator("#reps tbody tr")).to_have_count(3, timeout=20_000)
                await expect(second.locator("#notice")).to_be_hidden()


async def test_what_is_stale_is_said_in_words(browser: Browser) -> None:
    async with floor(1) as of, opened(browser, of) as page:
        await expect(page.locator("#fresh")).to_have_attribute("data-state", "live")
        of.served.time = 60
        await expect(page.get_by_role("alert")).to_contain_text("not current: stale for 60 s")
        await expect(page.locator("#fresh")).to_contain_text("Delayed")
        of.served.time = 61
        await expect(page.locator("#notice")).to_contain_text("stale for 61 s")
        await expect(page.get_by_role("alert")).to_contain_text("stale for 60 s")  # not said again every second


async def test_an_exporter_that_never_answers_is_not_believed(browser: Browser) -> None:
    async with floor(1) as of, opened(browser, of) as page, of.follower.lock:  # connected, and silent
        await expect(page.get_by_role("alert")).to_contain_text("does not answer", timeout=15_000)


async def test_a_token_is_asked_for_and_taken_from_the_fragment(browser: Browser) -> None:
    async with floor(1, token="secret") as of:
        async with opened(browser, of, wait=False) as page:
            await expect(page.get_by_role("alert")).to_contain_text("#token=")
        async with opened(browser, of, "#token=secret") as page:
            assert await leaders(page) == [name_of(0)]


async def test_without_reps_the_teams_are_shown_and_why(browser: Browser) -> None:
    async with floor(8, Privacy(rep_labels="none", team_min_size=1)) as of, opened(browser, of) as page:
        await expect(page.locator("#reps .empty")).to_contain_text("not shown here")
        await expect(page.locator("#teams tbody tr")).to_have_count(4)


async def test_everything_is_done_by_keys(browser: Browser) -> None:
    async with floor(3) as of, opened(browser, of, "?theme=dark") as page:
        focused = []
        for _ in range(4):
            await page.keyboard.press("Tab")
            focused.append(await page.evaluate("document.activeElement.id || document.activeElement.className"))
        assert focused == ["skip", "team", "theme", "full"]
        root, full = page.locator("html"), page.get_by_role("button", name="Full screen")
        await page.keyboard.press("t")
        await expect(root).to_have_attribute("data-theme", "light")
        await expect(page.get_by_role("button", name="Dark")).to_be_visible()
        await page.keyboard.press("f")
        await expect(full).to_have_attribute("aria-pressed", "true")
        await page.keyboard.press("f")
        await expect(full).to_have_attribute("aria-pressed", "false")


async def test_keys_can_be_switched_off(browser: Browser) -> None:
    async with floor(1) as of, opened(browser, of, "?theme=dark&keys=off") as page:
        await page.keyboard.press("t")
        await page.get_by_role("button", name="Full screen").focus()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_a_screen_reader_finds_tables_with_headings_and_is_told_who_leads(browser: Browser) -> None:
    async with floor(3) as of, opened(browser, of) as page:
        board = page.get_by_role("table", name="Reps with most touchpoints today")
        await expect(board.get_by_role("columnheader")).to_have_count(4)
        await expect(board.get_by_role("rowheader").first).to_contain_text(name_of(2))
        await expect(page.locator("[aria-live=polite]")).to_have_text(f"{name_of(2)} leads with 3 touchpoints.")


OVERFLOW = """() => [...document.querySelectorAll("h1, header *, .who, .number, .word, .place, footer p")]
  .filter((e) => e.checkVisibility() && e.tagName !== "OPTION" && e.clientWidth &&
          (e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth + 1))
  .map((e) => e.textContent)"""
CUT = """() => [...document.querySelectorAll("tr")].filter((e) => e.checkVisibility() && e.clientHeight &&
  e.scrollHeight > e.clientHeight + 1).map((e) => e.textContent)"""


@pytest.mark.parametrize("size", [HD, UHD])
@pytest.mark.parametrize(("reps", "teams"), [(1, 1), (20, 4), (200, 20)])
async def test_everything_fits_and_can_be_read_from_afar(
    browser: Browser, reps: int, teams: int, size: tuple[int, int]
) -> None:
    async with floor(reps, teams=teams) as of, opened(browser, of, size=size) as page:
        await expect(page.locator("#reps tbody tr")).to_have_count(min(10, reps))
        await expect(page.locator("#teams tbody tr")).to_have_count(teams)
        assert await page.evaluate(OVERFLOW) == []
        assert await page.evaluate(CUT) == []
        assert not await page.evaluate("document.documentElement.scrollHeight > innerHeight + 1")
        number = "parseFloat(getComputedStyle(document.querySelector('#reps .number')).fontSize)"
        assert await page.evaluate(number) >= 50 * size[1] / 1080


async def test_a_telephone_scrolls(browser: Browser) -> None:
    async with floor(20) as of, opened(browser, of, size=(390, 844)) as page:
        assert await page.evaluate(OVERFLOW) == []
        assert await page.evaluate(CUT) == []


async def test_two_hundred_reps_calling_at_once_are_all_counted(browser: Browser) -> None:
    async with floor(200) as of, opened(browser, of) as page:
        before = int((await page.locator("#teams tfoot .number span").inner_text()).replace(",", ""))
        for round_ in range(5):
            await of.happen(*(call(f"rep-{n}", 1000 + round_) for n in range(200)))
            await asyncio.sleep(0)
        await expect(page.locator("#teams tfoot .number span")).to_have_text(f"{before + 1000:,}")
