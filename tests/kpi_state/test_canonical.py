"""Full ties are broken by canonical text: the same for every order, every encoder and every machine."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.canonical import canonical, larger
from kpi_state.decode import Value


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        # RFC 8785, appendix B
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_are_written_as_ecmascript_writes_them(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical("target", "value", repr(number)) == text


@pytest.mark.parametrize(
    ("kind", "field", "value", "text"),
    [
        ("lead", "created_at", 0, '"1970-01-01T00:00:00.000000Z"'),
        ("lead", "created_at", 1_769_850_000_000_001, '"2026-01-31T09:00:00.000001Z"'),
        ("lead", "created_at", -62_135_510_400_000_000, '"0001-01-02T00:00:00.000000Z"'),
        ("contract", "starts_on", 1, '"0001-01-01"'),
        ("contract", "starts_on", 739_000, '"2024-04-24"'),
        ("contract", "value_minor", -1250000, "-1250000"),
        ("lead", "deleted", True, "true"),
        ("lead", "origin", None, "null"),
        ("lead", "origin", "12", '"12"'),
        ("lead", "origin", '\u20ac$\u000f\nA\'B"\\\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ("contact", "phones", ["b", "a"], '["b","a"]'),
        ("rep", "external_ids", {"b": "1", "a": "2"}, '{"a":"2","b":"1"}'),
        ("opportunity", "splits", {"r": "0.5", "é": "100"}, '{"r":0.5,"é":100}'),
        ("target", "value", "62.50", "62.5"),
    ],
)
def test_a_value_has_one_text(kind: str, field: str, value: Value, text: str) -> None:
    assert canonical(kind, field, value) == text


def test_members_are_sorted_by_their_utf_16_code_units() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]  # RFC 8785, section 3.2.3
    text = canonical("rep", "external_ids", dict.fromkeys(names, ""))
    assert list(json.loads(text)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


VALUES = {
    ("lead", "created_at"): st.integers(-(10**15), 10**15) | st.none(),
    ("lead", "origin"): st.text() | st.none(),
    ("lead", "deleted"): st.booleans() | st.none(),
    ("opportunity", "amount_minor"): st.integers(-(2**53) + 1, 2**53 - 1) | st.none(),
    ("opportunity", "splits"): st.dictionaries(
        st.sampled_from("ab"), st.sampled_from(["0.1", "0.10000000000000000001"])
    ),
    ("contact", "phones"): st.lists(st.text(max_size=2), max_size=2),
}


@given(st.data(), st.sampled_from(sorted(VALUES)))
def test_the_larger_of_values_is_the_same_in_any_order(data: st.DataObject, place: tuple[str, str]) -> None:
    one, two, three = (data.draw(VALUES[place]) for _ in range(3))
    first = larger(*place, larger(*place, one, two), three)
    second = larger(*place, larger(*place, three, two), larger(*place, one, two))
    assert first == second
    assert first in (one, two, three)


def test_larger_means_larger_text() -> None:
    assert larger("opportunity", "amount_minor", 9, 10) == 9
    assert larger("lead", "created_at", 999_999, 1_000_000) == 1_000_000
    assert larger("lead", "origin", None, "anything") is None


def test_shares_too_close_for_a_double_still_have_a_larger_one() -> None:
    close = [{"a": "0.1"}, {"a": "0.10000000000000000001"}]
    assert larger("opportunity", "splits", close[0], close[1]) == larger("opportunity", "splits", close[1], close[0])
