"""The examples of the docs say everything that can be said."""

import json
from pathlib import Path

import pytest

from kpi_state.catalogue import EVENT_TYPES, EventType
from kpi_state.decode import decode

EXAMPLES = (Path(__file__).parents[2] / "docs/examples/events.jsonl").read_bytes().splitlines()


def test_there_is_one_example_a_type() -> None:
    assert [json.loads(raw)["type"] for raw in EXAMPLES] == [each.name for each in EVENT_TYPES]


@pytest.mark.parametrize(
    ("raw", "of"), list(zip(EXAMPLES, EVENT_TYPES, strict=True)), ids=[of.kind for of in EVENT_TYPES]
)
def test_the_example_of_a_type_has_every_field_in_order_and_nothing_unknown(raw: bytes, of: EventType) -> None:
    event = decode(raw)
    assert tuple(json.loads(raw)["data"]) == of.data.__struct_encode_fields__
    assert set(event.fields) == set(of.data.__struct_encode_fields__)
    assert (event.kind, event.unknown) == (of.kind, 0)
