import json
from typing import Any

import msgspec
import pytest

from kpi_state.json_text import json_text
from kpi_state.read.sample import Exact


class Thing(msgspec.Struct):
    name: str
    parts: dict[str, int]


@pytest.mark.parametrize("value", [None, True, False, 0, -7, 0.1, 'é\n"', [], {}, [1, [None]], {"a": {"b": [True]}}])
def test_what_json_can_say_is_said(value: Any) -> None:
    assert json.loads(json_text(value)) == value


def test_structs_are_objects_and_tuples_arrays() -> None:
    assert json_text((Thing("a", {"b": 1}),)) == '[{"name": "a", "parts": {"b": 1}}]'


def test_large_numbers_keep_all_their_digits() -> None:
    assert json_text([10**30, Exact(123_456_789_012_345_678_901)]) == f"[{10**30}, 123456789012345.678901]"
