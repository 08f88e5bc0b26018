"""docs/operations.md against the code: no happening, metric or file that it does not explain, or that is not there."""

import ast
import re
from collections.abc import Iterator

import pytest
from click import Context

from exporters import counts, process, prometheus
from exporters.exposition import Family
from floorpulse.cli import cli
from streams.collector import HELP
from tests.test_house import PACKAGES, ROOT, tracked_files

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
ENDINGS = {"_end": 0, "halt": 0}  # calls that log what they are told, and end the process
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def named(title: str) -> set[str]:
    """What the first cells of a section's table name."""
    cells = re.findall(r"^\| (`.+?) \|", section(title), re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)(?:\{[^`]*\})?`", cell)}


def _of_structlog(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id="log"), attr=attr):
            return attr in LEVELS
        case ast.Name(id=name):
            return name in ENDINGS
    return False


def _constants(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from _constants(node.body)
            yield from _constants(node.orelse)


def happenings(source: str) -> set[str]:
    """The events that a module logs. An error that a person must mend is logged as `refused`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (_of_structlog(node) or _chosen(node)):
            refuses = any(isinstance(each, ast.Call) and _name(each) == "StreamError" for each in node.args)
            found |= {"refused"} if refuses else set(_constants(node.args[0]))
    return found


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _chosen(call: ast.Call) -> bool:
    """`(log.warning if … else log.info)("…")`."""
    return isinstance(call.func, ast.IfExp) and ast.unparse(call.func.body).startswith("log.")


def modules() -> list[str]:
    return [name for name in tracked_files() if name.startswith(PACKAGES) and name.endswith(".py")]


def test_every_happening_that_is_logged_is_explained_and_no_other() -> None:
    logged = {event for name in modules() for event in happenings((ROOT / name).read_text("utf-8"))}

    assert len(logged) > 15
    assert named("Logs") == logged


@pytest.mark.parametrize(
    ("source", "events"),
    [
        ('log.info("one", told=1)', {"one"}),
        ('halt("two", error)', {"two"}),
        ('halt("three", StreamError("what to do"))', {"refused"}),
        ('(log.warning if more else log.info)("four")', {"four"}),
        ('logger.info("five")', set()),
    ],
)
def test_happenings_are_found_however_they_are_logged(source: str, events: set[str]) -> None:
    assert happenings(source) == events


def families() -> set[str]:
    """The metrics of the service: all of the page that are not a KPI's."""
    found: set[str] = set()
    for value in (*vars(prometheus).values(), *vars(counts).values()):
        if isinstance(value, Family):
            found.add(value.name)
        elif isinstance(value, dict):
            each = [one[0] if isinstance(one, tuple) and not isinstance(one, Family) else one for one in value.values()]
            found |= {one.name for one in each if isinstance(one, Family)}
    return found


def test_every_metric_of_the_service_is_explained_and_no_other() -> None:
    assert len(families()) > 12
    assert named("Metrics") == families() | {"up"}


def test_every_metric_of_workers_is_explained_and_no_other() -> None:
    assert {name.removesuffix("_total") for name in named("Metrics of workers")} == set(HELP)


def test_every_metric_of_the_exporters_process_is_explained_and_no_other() -> None:
    assert {name.removesuffix("_total") for name in named("Metrics of the exporter's process")} == set(process.HELP)


def test_every_command_it_names_is_there() -> None:
    used = set(re.findall(r"`(?:floorpulse|docker-compose run --rm topics) ([a-z]+)", PAGE))

    assert {"topics", "worker", "exporter", "status", "rebuild", "produce", "quarantine"} <= used
    assert used <= set(cli.list_commands(Context(cli)))


def test_every_section_it_sends_somebody_to_is_there() -> None:
    anchors = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    }

    assert set(re.findall(r"\]\(#(.+?)\)", PAGE)) <= anchors


def test_it_says_that_nothing_was_built() -> None:
    assert "**No image was built, no container was started, and no unit was started by systemd**" in PAGE
