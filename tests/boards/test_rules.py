"""Rules a board keeps: those of Grafana's dashboard linter that fit, and those of the house. No tool is needed.

Not taken over: template-job, template-instance, target-job, target-instance. A board shows one floor, and every query
takes the largest of what several exporters say of it, so there is nothing to choose by job or instance.
"""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from scripts.boards.boards import FOLDER, boards
from tests.boards.promql import known_metrics, metrics, parsed
from tests.brokers import ROOT

Json = dict[str, Any]
BOARDS: dict[str, Json] = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / FOLDER).glob("*.json"))}
PANELS = [
    pytest.param(panel, id=f"{slug}-{panel['id']}") for slug, board in BOARDS.items() for panel in board["panels"]
]
SCREEN_ROWS = 26
"""So many rows of the grid are seen at 1080p, below the variables."""
STRIP_ROWS, NARROW_COLUMNS = 2, 3
"""What is this low or narrow belongs to the panel beside it, and needs no title of its own."""
SINGLE = {"stat", "bargauge", "table"}
"""Panels that show now."""

of_every_board = pytest.mark.parametrize("board", [pytest.param(board, id=slug) for slug, board in BOARDS.items()])
of_every_panel = pytest.mark.parametrize("panel", PANELS)


def properties(panel: Json) -> Iterator[Json]:
    """The defaults of its fields, then each override as a dict."""
    config = panel["fieldConfig"]
    yield config["defaults"]
    for override in config["overrides"]:
        yield {each["id"]: each["value"] for each in override["properties"]}


def test_the_files_are_the_boards_and_nothing_else() -> None:
    assert BOARDS.keys() == {board.slug for board in boards()}


@of_every_board
def test_a_board_is_of_the_classic_model_and_of_nobodys_server(board: Json) -> None:
    assert 39 <= board["schemaVersion"] <= 42
    assert board["uid"].startswith("floorpulse-")
    assert board["title"]
    assert board["description"]
    assert not board["editable"]
    assert board["tags"] == ["floorpulse"]
    assert not board.keys() & {"id", "version", "__inputs", "__requires", "gnetId"}
    assert "${DS_" not in json.dumps(board)


@of_every_board
def test_a_board_chooses_its_source_team_rep_and_period_and_leads_to_the_others(board: Json) -> None:
    variables = {each["name"]: each for each in board["templating"]["list"]}
    assert variables.keys() >= {"datasource", "team", "rep_id", "period"}
    assert (variables["datasource"]["type"], variables["datasource"]["query"]) == ("datasource", "prometheus")
    assert all(each["label"] for each in variables.values())
    assert all(each["refresh"] == 2 for each in variables.values() if each["type"] == "query"), (
        "asked anew with the time"
    )
    (link,) = board["links"]
    assert (link["type"], link["tags"], link["includeVars"]) == ("dashboards", board["tags"], True)


@of_every_board
def test_everything_on_a_board_asks_the_source_that_is_chosen(board: Json) -> None:
    wanted = {"type": "prometheus", "uid": "${datasource}"}
    asking = [
        *board["annotations"]["list"],
        *board["panels"],
        *(target for panel in board["panels"] for target in panel["targets"]),
        *(each for each in board["templating"]["list"] if each["type"] == "query"),
    ]
    assert all(each["datasource"] == wanted for each in asking)


@of_every_board
def test_a_board_says_how_fresh_it_is_and_marks_restatements(board: Json) -> None:
    assert any("sales_source_newest_event" in target["expr"] for each in board["panels"] for target in each["targets"])
    (annotation,) = board["annotations"]["list"]
    assert (annotation["name"], annotation["enable"]) == ("Restatements", True)
    assert metrics(annotation["expr"]) <= known_metrics()


@of_every_board
def test_a_board_refreshes_every_five_seconds_and_can_every_second(board: Json) -> None:
    assert board["refresh"] == "5s"
    assert board["timepicker"]["refresh_intervals"][:2] == ["1s", "5s"]


@of_every_board
def test_panels_lie_on_the_grid_beside_each_other_on_one_screen(board: Json) -> None:
    places = [panel["gridPos"] for panel in board["panels"]]
    assert len({panel["id"] for panel in board["panels"]}) == len(places)
    assert all(place["x"] + place["w"] <= 24 for place in places)
    assert max(place["y"] + place["h"] for place in places) <= SCREEN_ROWS
    for one, other in itertools.combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or above, (one, other)


@of_every_panel
def test_a_panel_says_what_it_shows_and_what_that_means(panel: Json) -> None:
    place = panel["gridPos"]
    assert panel["title"] or place["h"] <= STRIP_ROWS or place["w"] <= NARROW_COLUMNS
    assert len(panel["description"]) > 20
    assert panel["targets"]


@of_every_panel
def test_a_panel_has_units_and_no_data_unlike_zero(panel: Json) -> None:
    defaults = panel["fieldConfig"]["defaults"]
    assert defaults["noValue"].strip()
    assert "0" not in defaults["noValue"]
    if panel["type"] != "table":
        assert defaults["unit"]
    else:
        columns = {each["matcher"]["options"] for each in panel["fieldConfig"]["overrides"]}
        (organize,) = (each["options"] for each in panel["transformations"] if each["id"] == "organize")
        numbers = {shown for name, shown in organize["renameByName"].items() if name.startswith("Value")}
        units = {
            each["matcher"]["options"]
            for each in panel["fieldConfig"]["overrides"]
            if any(prop["id"] == "unit" for prop in each["properties"])
        }
        assert numbers <= units, "columns without a unit"
        assert columns <= {*organize["renameByName"].values(), *organize["indexByName"]}, "overrides of no column"


@of_every_panel
def test_a_colour_that_means_something_is_said_in_words_too(panel: Json) -> None:
    def judged(each: Json) -> bool:
        return len(each.get("thresholds", {}).get("steps", [])) > 1

    said = list(properties(panel))
    if any(judged(each) for each in said):
        assert any(each.get("mappings") for each in said)


@of_every_panel
def test_what_is_shown_as_now_is_asked_for_now(panel: Json) -> None:
    line_only = panel["options"].get("graphMode") == "area" and panel["options"].get("textMode") == "none"
    if panel["type"] in SINGLE and not line_only:
        assert all(target["instant"] and not target["range"] for target in panel["targets"])
    assert all((target["format"] == "table") == (panel["type"] == "table") for target in panel["targets"])


@of_every_panel
def test_bars_are_named_by_their_legend_and_nothing_renames_them(panel: Json) -> None:
    if panel["type"] == "bargauge":
        assert panel["transformations"] == []
        assert all("displayName" not in each for each in properties(panel))
        assert all("{{" in target["legendFormat"] for target in panel["targets"])


@of_every_panel
def test_every_query_can_be_read_and_names_metrics_that_exist(panel: Json) -> None:
    for target in panel["targets"]:
        parsed(target["expr"])
        assert metrics(target["expr"]) - known_metrics() == set()


@of_every_panel
def test_every_label_of_a_legend_is_in_its_query(panel: Json) -> None:
    for target in panel["targets"]:
        for label in re.findall(r"{{\s*(\w+)\s*}}", target.get("legendFormat", "")):
            assert re.search(rf"\b{label}\b", target["expr"])


@of_every_panel
def test_rates_are_over_the_interval_that_fits_the_scrapes(panel: Json) -> None:
    for target in panel["targets"]:
        for over in re.findall(r"\b(?:rate|increase|irate)\([^\[]*\[([^\]]*)\]", target["expr"]):
            assert over in {"$__rate_interval", "$period"}


@of_every_panel
def test_names_are_joined_one_to_one_even_where_two_exporters_tell_them(panel: Json) -> None:
    for target in panel["targets"]:
        for joined in re.findall(r"group_left \([^)]+\) (.{7})", target["expr"]):
            assert joined == "max by "


@of_every_board
def test_every_override_is_of_a_field_that_there_is(board: Json) -> None:
    for panel in board["panels"]:
        if panel["type"] == "table":
            continue
        legends = {target.get("legendFormat", "") for target in panel["targets"]}
        for override in panel["fieldConfig"]["overrides"]:
            assert override["matcher"]["options"] in legends
