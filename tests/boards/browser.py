"""Boards in a real Chromium: opened, waited for, asked what they drew, and photographed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from bench.chromium import FLAGS, PROGRAM

SETTLED = "() => window.board && window.board.settled()"


class Screen(NamedTuple):
    """Size in pixels of the page, and physical pixels to one of them."""

    width: int
    height: int
    scale: float = 1


FULL_HD = Screen(1920, 1080)
ULTRA_HD = Screen(3840, 2160)
ULTRA_HD_DOUBLED = Screen(1920, 1080, 2)


class Drawn:
    """A board on a screen."""

    def __init__(self, page: Page, trouble: list[str]) -> None:
        self.page, self._trouble = page, trouble

    def panels(self) -> list[dict[str, Any]]:
        """What each panel asked and shows: key, title, state, error, frames asked and shown."""
        found: list[dict[str, Any]] = self.page.evaluate("window.board.panels()")
        return found

    def trouble(self) -> list[str]:
        """What went wrong in the page: uncaught errors, and errors on its console."""
        return [*self._trouble, *self.page.evaluate("window.board ? window.board.happened : []")]

    def text(self) -> str:
        """All text on the board."""
        return str(self.page.inner_text("body"))

    def cut(self) -> list[str]:
        """Texts wider or higher than the box that cuts them."""
        found: list[str] = self.page.evaluate("window.board.cut()")
        return found

    def overlapping(self) -> list[tuple[str, str]]:
        """Panels that lie on each other."""
        found: list[list[str]] = self.page.evaluate("window.board.overlapping()")
        return [(one, other) for one, other in found]

    def scrollbars(self) -> list[str]:
        """Panels whose content is larger than they are, other than tables that scroll downwards."""
        found: list[str] = self.page.evaluate("window.board.scrollbars()")
        return found

    def picture(self, path: Path) -> None:
        """Photograph the screen."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's browser, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def _page(browser: Browser, scale: float) -> Page:
    """Pages share what the browser keeps of the bundle, except those of another scale: they are of another context."""
    if scale != 1:
        return browser.new_page(device_scale_factor=scale)
    context = browser.contexts[0] if browser.contexts else browser.new_context()
    return context.new_page()


@contextmanager
def drawn(browser: Browser, site: str, board: str, screen: Screen = FULL_HD, **chosen: str) -> Iterator[Drawn]:
    """A board with its variables as chosen (`var-team="North"` by `var_team`), once all panels have their answer."""
    size = {"width": screen.width, "height": screen.height}
    page = _page(browser, screen.scale)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    try:
        asked = {name.replace("var_", "var-"): value for name, value in chosen.items()}
        page.goto(f"{site}/?{urlencode({'board': board, **asked})}")
        page.wait_for_function(SETTLED, timeout=60_000)
        yield Drawn(page, trouble)
    finally:
        page.close()
