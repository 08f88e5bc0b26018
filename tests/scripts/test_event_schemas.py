"""The schemas agree with the decoder, in both directions as far as a schema can say it."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kpi_state.catalogue import EVENT_TYPES, EventType
from kpi_state.decode import decode
from kpi_state.refusal import ContractError
from scripts.event_schemas import schema

ROOT = Path(__file__).parents[2]
EXAMPLES = [json.loads(line) for line in (ROOT / "docs/examples/events.jsonl").read_text().splitlines()]
VALIDATORS = {each.name: Draft202012Validator(schema(each)) for each in EVENT_TYPES}
each_type = pytest.mark.parametrize(
    ("example", "of"), list(zip(EXAMPLES, EVENT_TYPES, strict=True)), ids=[of.kind for of in EVENT_TYPES]
)


def valid(event: Any) -> bool:
    return VALIDATORS[event["type"]].is_valid(event)


def decodes(event: Any) -> bool:
    try:
        decode(json.dumps(event).encode())
    except ContractError:
        return False
    return True


@each_type
def test_a_schema_is_a_schema_and_its_example_keeps_it(example: dict[str, Any], of: EventType) -> None:
    Draft202012Validator.check_schema(schema(of))
    VALIDATORS[of.name].validate(example)


@each_type
def test_every_field_may_be_cleared_and_left_out(example: dict[str, Any], of: EventType) -> None:
    cleared = {**example, "data": dict.fromkeys(example["data"])}
    for event in (cleared, {**example, "data": {}}, {**example, "data": {"unheard_of": [1]}}):
        assert valid(event)
        assert decodes(event)


WRONG: tuple[Any, ...] = (
    None,
    True,
    7,
    1.5,
    "text",
    "2026-01-31",
    "2026-01-31T09:00:00",
    [],
    ["a"],
    [1],
    {},
    {"a": "b"},
    {"a": 1},
    {"a": -1},
    2**53,
)


@each_type
def test_schema_and_decoder_judge_any_value_of_any_fact_alike(example: dict[str, Any], of: EventType) -> None:
    for field in example["data"]:
        for value in WRONG:
            event = {**example, "data": {**example["data"], field: value}}
            assert valid(event) == decodes(event), (field, value)


@pytest.mark.parametrize("attribute", ["id", "source", "subject", "time", "type"])
def test_schema_and_decoder_judge_the_envelope_alike(attribute: str) -> None:
    for example in EXAMPLES:
        for value in ("", 7, "2026-01-31T09:00:00", *([] if attribute == "type" else [None])):
            event = {**example, attribute: value}
            if attribute != "type":
                assert valid(event) == decodes(event), (attribute, value)
            else:
                assert not decodes(event)
        without = {name: value for name, value in example.items() if name != attribute}
        assert not VALIDATORS[example["type"]].is_valid(without)
        assert not decodes(without)


@given(st.sampled_from(EXAMPLES), st.data())
def test_what_the_schema_allows_decodes(example: dict[str, Any], data: st.DataObject) -> None:
    event = copy.deepcopy(example)
    field = data.draw(st.sampled_from(sorted(event["data"])))
    event["data"][field] = data.draw(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=2), max_size=2)
        | st.dictionaries(st.text(max_size=2), st.text(max_size=2) | st.integers(-1, 3), max_size=2)
    )  # fmt: skip
    assert not valid(event) or decodes(event)
