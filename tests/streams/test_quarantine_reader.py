from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kpi_state.events import ContractError
from kpi_state.published import QUARANTINE
from streams.outbox import Outgoing
from streams.quarantine_reader import Place, everything, one
from tests.streams.floor import Floor, floor
from tests.streams.records import NOON, Record
from tests.streams.setaside import set_aside


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


def test_a_place_is_written_as_it_is_read() -> None:
    assert Place.parse("crm.events/3/17") == Place("crm.events", 3, 17)
    assert str(Place("crm.events", 3, 17)) == "crm.events/3/17"


@pytest.mark.parametrize("text", ["", "a/1", "/1/2", "a/1/x", "a/-1/2", "a/1/-2", "a/01/2", "a/1/2 ", "a/1_0/2"])
def test_anything_else_is_no_place(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whatever it says, the command says it better
        Place.parse(text)


ORIGINAL = Record(b"\x00junk", b"k", partition=2, offset=5, headers=(("ce_id", b"\xff"),))


@pytest.mark.kafka
async def test_a_quarantined_record_is_found_at_its_place_and_at_that_of_the_original(stream: Floor) -> None:
    place = Place.parse(await set_aside(stream, ORIGINAL))
    topic = stream.settings.topic("crm.events")

    found = await one(stream.settings, place)

    assert found is not None
    assert (found.place, found.original) == (place, Place(topic, 2, 5))
    assert (found.key, found.value, found.headers, found.timestamp) == (b"k", b"\x00junk", (("ce_id", b"\xff"),), NOON)
    assert (found.why.field, found.why.expected, found.why.got) == ("data.deleted", "true or false", '"no"')
    assert found.again() == Outgoing(b"k", b"\x00junk", (("ce_id", b"\xff"),))
    for name in (topic, "crm.events"):
        assert await one(stream.settings, Place(name, 2, 5)) == found
    for other in (place._replace(offset=9), place._replace(partition=1), place._replace(partition=99)):
        assert await one(stream.settings, other) is None


@pytest.mark.kafka
async def test_what_was_quarantined_twice_comes_once_as_it_was_last(stream: Floor) -> None:
    await set_aside(stream, ORIGINAL)
    again = await set_aside(stream, ORIGINAL, ContractError("time", "a time", "nothing"))
    other = await set_aside(stream, Record(b"other", partition=1, offset=5))

    found = [(str(each.place), each.why.field) async for each in everything(stream.settings)]

    assert sorted(found) == [(other, "data.deleted"), (again, "time")]


@pytest.mark.kafka
async def test_what_no_worker_put_there_is_not_quarantined(stream: Floor) -> None:
    await stream.producer.send_and_wait(stream.settings.topic(QUARANTINE), b"no header", partition=3)

    assert [each async for each in everything(stream.settings)] == []
