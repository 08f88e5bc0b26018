"""What is wrong with a board as it was drawn."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from tests.boards.browser import Drawn

Json = dict[str, Any]
FORBIDDEN = re.compile(r"No data|Error|NaN|undefined|\{\{|\$\{?[a-z]|Infinity|Panel plugin")


def faults(board: Json, drawn: Drawn, empty: Collection[int] = ()) -> list[str]:
    """One line each. `empty`: ids of panels that may be without data on this floor."""
    found = {panel["key"]: panel for panel in drawn.panels()}
    lines = [f"page: {each}" for each in drawn.trouble()]
    for panel in board["panels"]:
        shown = found.get(f"panel-{panel['id']}")
        name = f"{panel['id']} {panel['title'] or '(strip)'}"
        if shown is None:
            lines.append(f"{name}: not drawn")
        elif shown["error"]:
            lines.append(f"{name}: {shown['error']}")
        elif panel["id"] not in empty:
            lines += [f"{name}: {each}" for each in _of_panel(panel, shown)]
    seen = set(FORBIDDEN.findall(drawn.text())) - ({"No data"} if empty else set())
    lines += [f"text: {each}" for each in sorted(seen)]
    lines += [f"cut: {each}" for each in drawn.cut()]
    lines += [f"overlapping: {one} and {other}" for one, other in drawn.overlapping()]
    lines += [f"scrollbar: {each}" for each in drawn.scrollbars()]
    return lines


def _of_panel(panel: Json, shown: Json) -> Iterator[str]:
    with_data = {frame["refId"] for frame in shown["asked"] if _numbers(frame)}
    for target in panel["targets"]:
        if target["refId"] not in with_data:
            yield f"query {target['refId']} gives nothing: {target['expr']}"
    fields = {field["shown"].strip() for frame in shown["shown"] for field in frame["fields"]}
    wanted = {override["matcher"]["options"] for override in panel["fieldConfig"]["overrides"]}
    for step in panel["transformations"]:
        wanted |= {each["field"] for each in step["options"].get("sort", [])}
        wanted |= set(step["options"].get("renameByName", {}).values())
    for field in sorted(wanted - fields):
        yield f"no field {field!r}: there are {', '.join(sorted(fields))}"
    if panel["type"] == "bargauge":
        bars = [field for frame in shown["shown"] for field in frame["fields"] if field["type"] == "number"]
        for bar in bars:
            if bar["shown"].strip() not in bar["labels"].values():
                yield f"a bar of {bar['labels']} is called {bar['shown']!r}"


def _numbers(frame: Json) -> int:
    return max((field["finite"] for field in frame["fields"] if field["type"] == "number"), default=0)
