"""docs/api.md: what it asks is answered as it says."""

import json
import re
from pathlib import Path

import pytest
import yaml

from kpi_state.events import instant
from kpi_state.published import TopicCounts, encode_row, topic_key
from tests.exporters.explaining import Workers
from tests.exporters.served import Client

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
LINES = (ROOT / "docs" / "examples" / "events.jsonl").read_bytes().splitlines()
EXAMPLES = re.findall(r"```\ncurl 'http://127\.0\.0\.1:9464(\S+)'\n```\n\n```json\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def workers() -> Workers:
    found = Workers(lines=LINES, now=instant("2026-02-20T17:00:00+01:00"), partitions=1)
    found.mirror.tally(0, topic_key("crm.events"), encode_row(TopicCounts(read=len(LINES))))
    return found


async def told(client: Client, path: str) -> str:
    text = await (await client.get(path)).text()
    return re.sub(r"http://127\.0\.0\.1:\d+", "http://worker-1:9465", text)


@pytest.mark.parametrize(("path", "answer"), EXAMPLES)
async def test_what_the_page_asks_is_answered_as_it_says(workers: Workers, path: str, answer: str) -> None:
    async with workers.answering(0), workers.served.client() as client:
        assert json.loads(await told(client, path)) == json.loads(answer)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) == PAGE.count("```json") == PAGE.count("curl ") == 4


async def test_every_path_of_the_page_is_there(workers: Workers) -> None:
    paths = {path for path in re.findall(r"`(/[a-z/.A-Z]+)`", PAGE) if path != "/api"}
    assert len(paths) > 8
    async with workers.served.client() as client:
        for path in paths:
            assert "nothing is here" not in await (await client.get(path)).text(), path


def test_the_scrape_file_shows_the_token_as_prometheus_reads_it() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (job,) = yaml.safe_load(text)["scrape_configs"]
    assert job["authorization"]["type"] == "Bearer"
