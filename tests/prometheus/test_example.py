"""The scrape example and the queries of its page, with a real Prometheus."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession
from aiohttp.test_utils import TestServer

from kpi_state.definitions import Privacy
from streams.serving import Site
from tests.brokers import ROOT
from tests.exporters.served import Served

FOLDER = ROOT / "prometheus"
QUERIES = [
    line
    for block in re.findall(r"```\n(.*?)```", (FOLDER / "README.md").read_text(), re.DOTALL)
    for line in block.splitlines()
    if not line.startswith("#")
]
ADDRESS = "127.0.0.1:9464"
WORKERS = ["127.0.0.1:9465", "127.0.0.1:9466"]
ITSELF = "127.0.0.1:9090"
TARGETS = 6

pytestmark = pytest.mark.promtool


def test_the_example_is_a_right_configuration() -> None:
    path = FOLDER / "prometheus.yml"
    done = subprocess.run(["promtool", "check", "config", str(path)], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


class Prometheus:
    """A server that scrapes an exporter as the example says."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def query(self, expression: str) -> list[dict[str, Any]]:
        async with ClientSession() as client:
            answer = await client.get(f"{self._url}/api/v1/query", params={"query": expression})
            said = await answer.json()
        assert said["status"] == "success", said
        found: list[dict[str, Any]] = said["data"]["result"]
        return found

    async def scraped(self) -> None:
        while True:
            try:
                if [each["value"][1] for each in await self.query("up")] == ["1"] * TARGETS:
                    return
            except ClientConnectionError:
                pass
            await asyncio.sleep(0.1)


@contextmanager
def running(*options: str) -> Iterator[None]:
    with subprocess.Popen(["prometheus", *options], stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


@pytest.fixture
async def prometheus(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Prometheus]:
    exporter = TestServer(Served(privacy=Privacy(rep_labels="names")).application())
    await exporter.start_server()
    workers = [TestServer(Site().application()) for _ in WORKERS]
    for worker in workers:
        await worker.start_server()
    example = (FOLDER / "prometheus.yml").read_text()
    config = tmp_path / "prometheus.yml"
    often = re.sub(r"interval: [0-9]+s", "interval: 1s", example)
    listen = f"127.0.0.1:{unused_tcp_port}"
    there = {ADDRESS: f"127.0.0.1:{exporter.port}", ITSELF: listen}
    there |= {address: f"127.0.0.1:{worker.port}" for address, worker in zip(WORKERS, workers, strict=True)}
    for address, served in there.items():
        assert address in often
        often = often.replace(address, served)
    config.write_text(often)
    options = (f"--config.file={config}", f"--storage.tsdb.path={tmp_path / 'data'}", f"--web.listen-address={listen}")
    with running(*options):
        server = Prometheus(f"http://{listen}")
        await server.scraped()
        yield server
    for each in (exporter, *workers):
        await each.close()


async def test_a_real_prometheus_takes_the_page_and_answers_the_queries_of_the_documentation(
    prometheus: Prometheus,
) -> None:
    assert len(QUERIES) == 3
    best, ratio, silent = [await prometheus.query(query) for query in QUERIES]
    assert {each["metric"]["name"] for each in best} == {"Anna Bos", "Béla"}
    assert [each["value"][1] for each in ratio] == ["0.5"]
    assert [each["metric"]["source"] for each in silent] == ["/crm"]
    assert {each["metric"]["job"] for each in await prometheus.query("sales_worker_ready")} == {"floorpulse-workers"}
