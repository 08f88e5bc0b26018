"""What the wall says can be read: the contrast of its colours, as WCAG 2 asks of text."""

import re
from importlib.resources import files

import pytest

CSS = (files("exporters.wall") / "wall.css").read_text()
THEMES = {"dark": 0, "light": 1}
TEXT = 4.5
"""WCAG 2.2, 1.4.3: of text of any size."""
GRAPHICS = 3.0
"""1.4.11: of what a graphic is told by."""


def colours(theme: str) -> dict[str, str]:
    block = re.findall(r":root[^{]*\{([^}]*)\}", CSS)[THEMES[theme]]
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return sum(share * each for share, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_has_the_largest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ink", ["ink", "soft", "reached", "behind"])
@pytest.mark.parametrize("ground", ["ground", "panel"])
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    of = colours(theme)
    assert contrast(of[ink], of[ground]) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
def test_bars_can_be_told_from_what_is_left(theme: str) -> None:
    of = colours(theme)
    assert contrast(of["bar"], of["panel"]) >= GRAPHICS
    assert contrast(of["tick"], of["panel"]) >= GRAPHICS
