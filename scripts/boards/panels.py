"""The kinds of panels of the boards, in one calm style: blue is well, orange wants a look, and words say so too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from scripts.boards.model import NO_DATA, Json, Panel, Query

WELL: Final = "#6E9FFF"
LOOK: Final = "#FF9830"
CALM: Final = "#CCCCDC"
QUIET: Final = "#8E8E99"
PALETTE: Final = "palette-classic"
NAME_WIDTH: Final = 300
"""Of a column of names, in pixels: thirty-five letters."""
ROOM: Final = " " * 4
_REDUCED: Final[Json] = {"values": False, "calcs": ["lastNotNull"], "fields": ""}


def fixed(color: str) -> Json:
    """Always one colour."""
    return {"mode": "fixed", "fixedColor": color}


def steps(*limits: tuple[float | None, str]) -> Json:
    """Colours from limits upwards; the first limit is None."""
    return {"mode": "absolute", "steps": [{"value": limit, "color": color} for limit, color in limits]}


def span(text: str, low: float | None, high: float | None, color: str, index: int = 0) -> Json:
    """Words in place of a number between two limits, both included."""
    return {
        "type": "range",
        "options": {"from": low, "to": high, "result": {"text": text, "color": color, "index": index}},
    }


def words(said: Mapping[str, tuple[str, str]]) -> Json:
    """Words and colours in place of exact numbers."""
    return {
        "type": "value",
        "options": {
            number: {"text": text, "color": color, "index": place}
            for place, (number, (text, color)) in enumerate(said.items())
        },
    }


def stat(  # noqa: PLR0913 - every one is a choice of the person who draws the board
    title: str,
    description: str,
    *queries: Query,
    unit: str = "short",
    decimals: int | None = None,
    color: str = CALM,
    thresholds: Json | None = None,
    mappings: Sequence[Json] = (),
    graph: bool = False,
    names: bool = False,
    text: str = "",
    stacked: bool = False,
    value_size: int | None = None,
    title_size: int | None = None,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    points: int = 0,
    background: bool = False,
    empty: str = "",
) -> Panel:
    """Big numbers; with `graph` a line of the range behind them, with `names` each with its name."""
    defaults: Json = {"unit": unit, "mappings": list(mappings), "color": fixed(color)}
    if thresholds:
        defaults |= {"color": {"mode": "thresholds"}, "thresholds": thresholds}
    if decimals is not None:
        defaults["decimals"] = decimals
    sizes = {key: size for key, size in (("valueSize", value_size), ("titleSize", title_size)) if size}
    return Panel(
        kind="stat",
        title=title,
        description=description,
        queries=queries,
        options={
            "reduceOptions": _REDUCED,
            "orientation": "horizontal" if stacked else "auto",
            "textMode": text or ("value_and_name" if names else "value"),
            "wideLayout": False,
            "colorMode": "background_solid" if background else "value",
            "graphMode": "area" if graph else "none",
            "justifyMode": "auto",
            "showPercentChange": False,
            "text": sizes,
        },
        defaults=defaults,
        overrides=overrides or {},
        points=points,
        empty=empty,
    )


def bars(  # noqa: PLR0913 - as above
    title: str,
    description: str,
    query: Query,
    *,
    unit: str = "short",
    decimals: int | None = 0,
    color: str = WELL,
    thresholds: Json | None = None,
    mappings: Sequence[Json] = (),
    value_size: int = 18,
    name_size: int = 16,
    smallest: int = 16,
    above: bool = False,
    largest: int = 84,
    most: float | None = None,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    empty: str = "",
) -> Panel:
    """Horizontal bars, one a series, in the order of the query.

    The legend names the bar: a field that is renamed would name all of them. `above`: names stand over their bars, so
    that long ones are whole; beside the bars Grafana makes room for the name of most characters, which need not be the
    widest, so each has spaces behind it, which are room and are not drawn.
    """
    query = replace(query, legend=query.legend + ROOM)
    defaults: Json = {"unit": unit, "min": 0, "mappings": list(mappings), "color": fixed(color)}
    if thresholds:
        defaults |= {"color": {"mode": "thresholds"}, "thresholds": thresholds}
    if decimals is not None:
        defaults["decimals"] = decimals
    if most is not None:
        defaults["max"] = most
    return Panel(
        kind="bargauge",
        title=title,
        description=description,
        queries=(query,),
        options={
            "reduceOptions": _REDUCED,
            "orientation": "horizontal",
            "displayMode": "basic",
            "valueMode": "color",
            "namePlacement": "top" if above else "left",
            "sizing": "manual",
            "minVizHeight": smallest,
            "minVizWidth": 8,
            "maxVizHeight": largest,
            "showUnfilled": True,
            "text": {"titleSize": name_size, "valueSize": value_size},
        },
        defaults=defaults,
        overrides=overrides or {},
        empty=empty,
    )


def lines(
    title: str,
    description: str,
    *queries: Query,
    unit: str = "short",
    stacked: bool = False,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    legend: str = "right",
    empty: str = "",
) -> Panel:
    """Lines over the time range, named beside them; a gap is a gap."""
    return Panel(
        kind="timeseries",
        title=title,
        description=description,
        queries=queries,
        options={
            "legend": {"displayMode": "list", "placement": legend, "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        defaults={
            "unit": unit,
            "min": 0,
            "color": {"mode": PALETTE},
            "custom": {
                "drawStyle": "line",
                "lineWidth": 2,
                "fillOpacity": 35 if stacked else 8,
                "gradientMode": "none",
                "showPoints": "never",
                "spanNulls": False,
                "lineInterpolation": "linear",
                "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
                "axisPlacement": "auto",
                "thresholdsStyle": {"mode": "off"},
            },
        },
        overrides=overrides or {},
        empty=empty,
    )


def table(  # noqa: PLR0913 - as above
    title: str,
    description: str,
    queries: Mapping[str, str],
    *,
    key: str,
    columns: Mapping[str, Mapping[str, Any]],
    keys: Mapping[str, str],
    sort: str,
    descending: bool = True,
    most: int = 0,
    nobody: str = NO_DATA,
    empty: str = "",
) -> Panel:
    """A row for each value of the label `key`: its labels `keys` (label → heading), then a column for each query.

    `queries`: heading → query, one series for each value of `key`; the first one's labels are shown, and nothing
    else of one whose heading is empty.
    `columns`: heading → field properties. Rows are sorted by the heading `sort`; `most` rows, 0 for all.
    `nobody`: what is said where there is no row.
    """
    refs = {chr(ord("A") + place): heading for place, heading in enumerate(queries) if heading}
    value = "Value" if len(queries) == 1 else "Value #{}"
    renames = {value.format(ref): heading for ref, heading in refs.items()} | dict(keys)
    order = [*keys, *(value.format(ref) for ref in refs)]
    steps_: list[Json] = (
        [{"id": "joinByField", "options": {"byField": key, "mode": "outer"}}] if len(queries) > 1 else []
    )
    steps_.append(
        {"id": "filterFieldsByName", "options": {"include": {"names": order}}},
    )
    steps_.append(
        {
            "id": "organize",
            "options": {
                "excludeByName": {},
                "indexByName": {name: place for place, name in enumerate(order)},
                "renameByName": renames,
            },
        }
    )
    steps_.append({"id": "sortBy", "options": {"fields": {}, "sort": [{"field": sort, "desc": descending}]}})
    if most:
        steps_.append({"id": "limit", "options": {"limitField": most}})
    return Panel(
        kind="table",
        title=title,
        description=description,
        queries=tuple(Query(expr=expr, table=True) for expr in queries.values()),
        options={"showHeader": True, "cellHeight": "sm", "footer": {"show": False, "reducer": ["sum"], "fields": ""}},
        defaults={
            "custom": {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False, "filterable": False},
            "color": fixed(CALM),
            "noValue": nobody,
        },
        overrides=columns,
        transformations=tuple(steps_),
        empty=empty,
    )
