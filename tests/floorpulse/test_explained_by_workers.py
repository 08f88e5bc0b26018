"""What a number is made of, asked of a real exporter, told by real workers on Apache Kafka."""

import json
import signal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from kpi_state.events import ContractError, Event, decode
from tests.exporters.process import Exporter, exporter
from tests.streams.floor import floor
from tests.streams.load import Load

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

AS_OF = "2024-03-28T23:30:00Z"
TOKEN = "0123456789abcdef0123456789abcdef"  # of a test
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


def events(load: Load) -> dict[str, Event]:
    """The events that keep the contract, by id."""
    found = {}
    for record in load.records:
        try:
            event = decode(record.value)
        except ContractError:
            continue
        found[event.stamp[3]] = event
    return found


async def get(running: Exporter, path: str, **asked: Any) -> Any:
    status, body = await running.get(f"{path}?{urlencode(asked)}", SHOWN)
    assert status == 200, body
    return json.loads(body)


async def test_what_workers_say_of_a_reps_day_comes_to_the_number_that_is_published(kafka: str, tmp_path: Path) -> None:
    load = Load(2_000)
    known = events(load)
    async with floor(kafka, tmp_path) as stream:
        one, two = stream.worker(FLOORPULSE_API_TOKEN=TOKEN), stream.worker(FLOORPULSE_API_TOKEN=TOKEN)
        await stream.owned(2)
        await stream.send(load.records)
        await stream.exact(load)
        with exporter(tmp_path, stream.environment(FLOORPULSE_API_TOKEN=TOKEN), "--as-of", AS_OF) as running:
            while (await running.get("/readyz", SHOWN))[0] != 200:
                assert running.process.poll() is None, running.log.read_text()

            number = {"kpi": "touchpoints", "grain": "rep", "window": "day"}
            published = (await get(running, "/api/kpis", **number))["samples"]
            most = max(published, key=lambda sample: sample["parts"]["touchpoints"])
            asked = {**number, "key": most["key"], "limit": 1_000}
            told = await get(running, "/api/explain", **asked)

            assert (told["sample"], told["complete"], told["notes"], told["more"]) == (most, True, [], 0)
            assert len(told["workers"]) == 2
            entities = {entity["subject"]: entity for entity in told["entities"]}
            touches = sum(entity["parts"]["touchpoints"] for entity in entities.values())
            assert touches == most["parts"]["touchpoints"] > 1
            assert len({entity["partition"] for entity in entities.values()}) > 1
            for subject, entity in entities.items():
                if entity["kind"] == "slot":  # what fills it is told on the partition where that lives
                    assert {entities[each["subject"]]["kind"] for each in entity["via"]} <= {"call", "activity"}
                    continue
                said = {each["field"]: known[each["id"]] for each in entity["decided_by"]}
                assert said["rep_id"].fields["rep_id"] == most["key"]
                assert {event.subject for event in said.values()} == {subject}
                assert entity["partition"] == stream.home(subject)

            one.signal(signal.SIGKILL)
            await one.ended()
            while not (again := await get(running, "/api/explain", **asked))["complete"]:
                assert again["sample"] == most
                assert again["notes"], "incomplete, and it is not said why"
                assert two.process.poll() is None, two.said()
            assert [each["partitions"] for each in again["workers"]] == [[0, 1, 2, 3]]
            assert again["entities"] == told["entities"]
