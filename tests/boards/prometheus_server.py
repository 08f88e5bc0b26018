"""A real Prometheus that scrapes the site of a floor, its past included."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from floorpulse.demo.mesh import free_port
from tests.boards.floors import PAGES, WORKER, Exporter

POLL_SECONDS = 0.1


class Prometheus(NamedTuple):
    """Where it answers."""

    url: str

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The series of an instant query; raises ValueError with what Prometheus says of a bad one."""
        return list(self._get("query", query=query)["result"])

    def ask_range(self, query: str, start: float, end: float, step: float) -> list[dict[str, Any]]:
        """The series of a range query."""
        return list(self._get("query_range", query=query, start=start, end=end, step=step)["result"])

    def _get(self, path: str, **parameters: str | float) -> dict[str, Any]:
        try:
            with urlopen(f"{self.url}/api/v1/{path}?{urlencode(parameters)}") as answer:  # noqa: S310 - loopback
                said: dict[str, Any] = json.load(answer)
        except HTTPError as error:
            raise ValueError(json.load(error)["error"]) from None
        found: dict[str, Any] = said["data"]
        return found


@contextmanager
def scraping(folder: Path, exporter: Exporter, interval: str = "1s") -> Iterator[Prometheus]:
    """Prometheus over an exporter; ready when it has scraped it once, and all of its history."""
    had_history = bool(exporter.history)
    config = folder / "prometheus.yml"
    config.write_text(json.dumps(_config(exporter, interval)))
    port = free_port()
    tool = shutil.which("prometheus")
    assert tool is not None
    command = [
        tool,
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        "--storage.tsdb.retention.time=90d",
        f"--web.listen-address=127.0.0.1:{port}",
        "--query.max-samples=5000000",
    ]
    with (folder / "prometheus.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            prometheus = Prometheus(f"http://127.0.0.1:{port}")
            wanted = 'max(up{job="floorpulse"}) == 1 and max(sales_exporter_clock_timestamp_seconds)'
            if had_history:
                wanted += ' and max(scrape_samples_scraped{job="history"} == 0)'
            while not _answers(prometheus, wanted):
                assert process.poll() is None, (folder / "prometheus.log").read_text()
                time.sleep(POLL_SECONDS)
            yield prometheus
        finally:
            process.terminate()


def _answers(prometheus: Prometheus, query: str) -> bool:
    try:
        return bool(prometheus.ask(query))
    except (URLError, ValueError, ConnectionError):
        return False


def _config(exporter: Exporter, interval: str) -> dict[str, Any]:
    """YAML, of which JSON is a part."""
    where = urlsplit(exporter.url)
    targets = [{"targets": [where.netloc]}]
    present = [path for path in PAGES if path == PAGES[0] or exporter.has(path)]
    return {
        "global": {"scrape_interval": interval, "scrape_timeout": interval},
        "storage": {"tsdb": {"out_of_order_time_window": "90d"}},
        "scrape_configs": [
            *(
                {
                    "job_name": path.removeprefix("/").replace("metrics", "floorpulse").replace("/", "-"),
                    "metrics_path": where.path + path,
                    "static_configs": targets,
                }
                for path in present
            ),
            {"job_name": "floorpulse-workers", "metrics_path": f"{WORKER}/metrics", "static_configs": targets},
            {
                "job_name": "history",
                "metrics_path": "/history",
                "static_configs": targets,
                "scrape_interval": "5s",
                "scrape_timeout": "5s",
            },
        ],
    }
