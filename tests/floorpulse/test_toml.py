import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from floorpulse.toml import toml, toml_key

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=8)
SCALARS = st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | NAMES
VALUES = st.recursive(SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=3))


@given(NAMES, VALUES)
def test_what_is_written_is_read_back(name: str, value: Any) -> None:
    assert tomllib.loads(f"{toml_key(name)} = {toml(value)}") == {name: value}


def test_tuples_are_lists_and_dates_are_dates() -> None:
    assert toml((1, "a")) == '[1, "a"]'
    assert toml(tomllib.loads("day = 2026-12-24")["day"]) == "2026-12-24"
