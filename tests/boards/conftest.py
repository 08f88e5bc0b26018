"""Floors behind a real Prometheus, and a browser: each started once a module."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser

from scripts.boards.boards import FOLDER
from tests.boards import demo_floor
from tests.boards.browser import chromium
from tests.boards.floors import Floor, exporting, past
from tests.boards.prometheus_server import Prometheus, scraping
from tests.boards.renderer import serving
from tests.boards.worker import hour_before
from tests.brokers import ROOT

HISTORY_DAYS = 7


class Site(NamedTuple):
    """A floor with the boards of it."""

    url: str
    prometheus: Prometheus


@contextmanager
def site(floor: Floor, now: int, looks: Iterator[int] | None = None, days: int = HISTORY_DAYS) -> Iterator[Site]:
    """Everything from events to boards, on loopback; `looks`: with a past, looked at then."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        exporter = stack.enter_context(exporting(floor))
        if looks:
            began = time.time()
            exporter.history = past(exporter, days, now, began, looks) + hour_before(began)
        exporter.at(now)
        prometheus = stack.enter_context(scraping(folder, exporter, "2s"))
        yield Site(stack.enter_context(serving(prometheus.url, ROOT / FOLDER)), prometheus)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For a module alone: while it runs, the event loop of Playwright's synchronous form is in the way of any other."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def demo() -> Iterator[Site]:
    """The demo's floor."""
    with site(demo_floor.demo(), demo_floor.NOW, demo_floor.looks()) as served:
        yield served
