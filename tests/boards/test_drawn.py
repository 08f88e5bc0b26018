"""Every board in a real browser, over a real Prometheus that scrapes the real site of an exporter."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from scripts.boards.boards import FOLDER
from tests.boards import demo_floor
from tests.boards.browser import FULL_HD, ULTRA_HD, ULTRA_HD_DOUBLED, drawn
from tests.boards.conftest import Site, site
from tests.boards.faults import faults
from tests.boards.renderer import serving
from tests.brokers import ROOT

pytestmark = [pytest.mark.boards, pytest.mark.timeout(600)]

Json = dict[str, Any]
PICTURES = ROOT / "var" / "boards"
BOARDS: dict[str, Json] = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / FOLDER).glob("*.json"))}
WALL = "leaderboard"
A_ROW_A_REP = [slug for slug, board in BOARDS.items() if "group_left (who)" in json.dumps(board)]
"""Boards whose layout depends on how many reps there are; the others show one number of all."""
TEAM_OF_WHO_IS_AWAY = "Centre"

NOT_OF_THE_DEMO = {
    "operations": {
        "Facts that nobody stated": "every fact is stated",
    },
}
"""Panels that are rightly empty on the demo's floor as it is served here; test_rules holds their metrics to exist."""


def rightly_empty(slug: str) -> set[int]:
    """Ids of the panels of NOT_OF_THE_DEMO."""
    return {panel["id"] for panel in BOARDS[slug]["panels"] if panel["title"] in NOT_OF_THE_DEMO.get(slug, {})}


of_every_board = pytest.mark.parametrize("slug", BOARDS)


@of_every_board
def test_a_board_of_the_demo_shows_a_number_in_every_panel_and_every_name_whole(
    slug: str, demo: Site, browser: Browser
) -> None:
    with drawn(browser, demo.url, slug) as board:
        board.picture(PICTURES / f"{slug}.png")
        assert faults(BOARDS[slug], board, rightly_empty(slug)) == []


@of_every_board
def test_a_board_of_one_team_shows_that_team(slug: str, demo: Site, browser: Browser) -> None:
    with drawn(browser, demo.url, slug, var_team=TEAM_OF_WHO_IS_AWAY) as board:
        assert faults(BOARDS[slug], board, rightly_empty(slug)) == []
        assert not re.search(r"\bBaltic\b", board.text())


@of_every_board
def test_a_board_fits_a_screen_of_four_times_the_pixels(slug: str, demo: Site, browser: Browser) -> None:
    with drawn(browser, demo.url, slug, ULTRA_HD) as board:
        board.picture(PICTURES / f"{slug}-4k.png")
        assert faults(BOARDS[slug], board, rightly_empty(slug)) == []


def test_the_wall_is_as_sharp_on_such_a_screen_at_two_hundred_per_cent(demo: Site, browser: Browser) -> None:
    with drawn(browser, demo.url, WALL, ULTRA_HD_DOUBLED) as board:
        board.picture(PICTURES / f"{WALL}-200-per-cent.png")
        assert faults(BOARDS[WALL], board) == []


@pytest.mark.parametrize("reps", [1, 20, 200])
def test_boards_hold_one_rep_and_two_hundred(reps: int, browser: Browser) -> None:
    with site(demo_floor.crowd(reps), demo_floor.CROWD_NOW) as served:
        for slug in A_ROW_A_REP:
            with drawn(browser, served.url, slug) as board:
                board.picture(PICTURES / f"{slug}-{reps}.png")
                everything = {panel["id"] for panel in BOARDS[slug]["panels"]}
                assert faults(BOARDS[slug], board, empty=everything) == []


def test_who_leads_stands_first_and_nobody_comes_last(demo: Site, browser: Browser) -> None:
    with drawn(browser, demo.url, WALL, var_top="3") as board:
        leaders = next(each for each in board.panels() if each["title"].startswith("Most touchpoints"))
        names = [field["shown"].strip() for frame in leaders["shown"] for field in frame["fields"][1:]]
    by_rep = demo.prometheus.ask('sales_rep_touchpoints_touchpoints{window="day", channel=""}')
    most = sorted(by_rep, key=lambda series: -float(series["value"][1]))
    assert len(names) == 3
    assert names[0].lower() == most[0]["metric"]["rep_id"]


def _metric(panel: Json) -> None:
    panel["targets"][0]["expr"] = panel["targets"][0]["expr"].replace("touchpoints", "touchpoint")


def _syntax(panel: Json) -> None:
    panel["targets"][0]["expr"] += " +"


def _legend(panel: Json) -> None:
    panel["targets"][0]["legendFormat"] = "{{nobody}}"


def _renamed(panel: Json) -> None:
    panel["fieldConfig"]["defaults"]["displayName"] = "Touchpoints"


def _field(panel: Json) -> None:
    panel["fieldConfig"]["overrides"].append({"matcher": {"id": "byName", "options": "gone"}, "properties": []})


@pytest.mark.parametrize("broken", [_metric, _syntax, _legend, _renamed, _field])
def test_a_board_that_is_broken_is_found_out(
    broken: Callable[[Json], None], demo: Site, browser: Browser, tmp_path: Path
) -> None:
    board = json.loads((ROOT / FOLDER / f"{WALL}.json").read_text())
    broken(next(panel for panel in board["panels"] if panel["type"] == "bargauge"))
    (tmp_path / f"{WALL}.json").write_text(json.dumps(board))
    with serving(demo.prometheus.url, tmp_path) as url, drawn(browser, url, WALL, FULL_HD) as found:
        assert faults(board, found) != []
