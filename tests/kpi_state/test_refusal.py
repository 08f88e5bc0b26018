"""Errors name the field and show little of what came."""

import pytest

from kpi_state.decode import decode
from kpi_state.refusal import ContractError, Digits, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (Digits("1.50"), "1.50"),
        ("short", '"short"'),
        ("x" * 41, '"' + "x" * 39 + '…"'),
        ("x" * 40, '"' + "x" * 40 + '"'),
        (Digits("9" * 100), "9" * 39 + "…"),
        ({}, "an empty object"),
        ({"secret": 1}, "an object"),
        ([], "an empty list"),
        (["secret"], "a list"),
        ("\x1b[31m\u202e", '"\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}"'),
    ],
)
def test_what_came_is_shown_short_and_printable(value: object, text: str) -> None:
    assert shown(value) == text


def test_an_error_is_one_line_and_its_reason_does_not_repeat_what_came() -> None:
    error = ContractError("data.phone", "a text", "31612345678")
    assert str(error) == "data.phone: expected a text, got 31612345678"
    assert error.reason == "data.phone: expected a text"


def test_a_megabyte_in_a_wrong_place_gives_a_short_line() -> None:
    raw = b'{"id":"e","source":"s","type":"crm.lead.v1","subject":"x","time":"' + b"9" * 1_000_000 + b'"}'
    with pytest.raises(ContractError) as refused:
        decode(raw)
    assert len(str(refused.value)) < 120
