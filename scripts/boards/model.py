"""Dashboard JSON as Grafana 10 to 13 load it: the classic model, schema version 39. Plain dicts with typed makers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]

SCHEMA_VERSION: Final = 39
COLUMNS: Final = 24
DATASOURCE: Final[Json] = {"type": "prometheus", "uid": "${datasource}"}
NO_DATA: Final = "–"
"""What is shown where there is no number: never 0."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """One query of a panel. `instant` asks for now only; otherwise for the time range, at most every `step`."""

    expr: str
    legend: str = ""
    instant: bool = True
    table: bool = False
    step: str = ""

    def json(self, ref: str) -> Json:
        """As in a panel's targets."""
        made: Json = {
            "refId": ref,
            "datasource": DATASOURCE,
            "editorMode": "code",
            "expr": self.expr,
            "instant": self.instant,
            "range": not self.instant,
            "format": "table" if self.table else "time_series",
        }
        if self.legend:
            made["legendFormat"] = self.legend
        if self.step:
            made["interval"] = self.step
        return made


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel without its place. `overrides`: field name → properties. `empty`: why it may be without data."""

    kind: str
    title: str
    description: str
    queries: tuple[Query, ...]
    options: Mapping[str, Any]
    defaults: Mapping[str, Any]
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    transformations: tuple[Mapping[str, Any], ...] = ()
    points: int = 0
    empty: str = ""
    links: tuple[Mapping[str, Any], ...] = ()

    def json(self, number: int, x: int, y: int, width: int, height: int) -> Json:
        """As in a dashboard, at a place of the grid."""
        made: Json = {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": self.description,
            "gridPos": {"x": x, "y": y, "w": width, "h": height},
            "datasource": DATASOURCE,
            "targets": [query.json(chr(ord("A") + place)) for place, query in enumerate(self.queries)],
            "options": dict(self.options),
            "fieldConfig": {
                "defaults": {"noValue": NO_DATA, **self.defaults},
                "overrides": [
                    {
                        "matcher": {"id": "byName", "options": name},
                        "properties": [{"id": key, "value": value} for key, value in properties.items()],
                    }
                    for name, properties in self.overrides.items()
                ],
            },
            "transformations": [dict(each) for each in self.transformations],
        }
        if self.points:
            made["maxDataPoints"] = self.points
        if self.links:
            made["links"] = [dict(each) for each in self.links]
        return made


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A panel at its place, in cells of the grid."""

    panel: Panel
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Board:
    """One dashboard. `slug` ends its uid and names its file."""

    slug: str
    title: str
    description: str
    variables: Sequence[Json]
    panels: Sequence[Placed]
    since: str
    refresh: str = "5s"
    annotations: Sequence[Json] = ()

    @property
    def uid(self) -> str:
        """What addresses and alerts name it by."""
        return f"floorpulse-{self.slug}"

    def json(self) -> Json:
        """The dashboard; `id` and `version` belong to the server that loads it."""
        return {
            "uid": self.uid,
            "title": self.title,
            "description": self.description,
            "tags": [TAG],
            "schemaVersion": SCHEMA_VERSION,
            "editable": False,
            "graphTooltip": 1,
            "timezone": "browser",
            "time": {"from": self.since, "to": "now"},
            "refresh": self.refresh,
            "timepicker": {"refresh_intervals": ["1s", "5s", "10s", "30s", "1m", "5m"]},
            "fiscalYearStartMonth": 0,
            "links": [LINKS],
            "templating": {"list": list(self.variables)},
            "annotations": {"list": list(self.annotations)},
            "panels": [
                each.panel.json(number, each.x, each.y, each.width, each.height)
                for number, each in enumerate(self.panels, 1)
            ],
        }


TAG: Final = "floorpulse"
LINKS: Final[Json] = {
    "type": "dashboards",
    "title": "Boards",
    "tags": [TAG],
    "asDropdown": True,
    "icon": "external link",
    "includeVars": True,
    "keepTime": False,
    "targetBlank": False,
    "tooltip": "The other boards, with the same team and rep",
    "url": "",
}
