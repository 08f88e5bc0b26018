from collections.abc import Collection

import pytest

from exporters.api.endpoint import RefusedError
from exporters.api.naming import chosen_labels, pairs, unknown
from kpi_state.read.slots import Pairs

EUR, INR = (("currency", "EUR"),), (("currency", "INR"),)


def test_an_unknown_name_is_told_what_may_have_been_meant_else_what_there_is() -> None:
    assert str(unknown(404, "rep", "ana", ["anna", "bela"])) == "rep: there is no 'ana'; did you mean 'anna'?"
    assert str(unknown(404, "rep", "x", ["bela", "anna"])) == "rep: there is no 'x'; there are 'anna', 'bela'"
    assert str(unknown(404, "rep", "x", [])) == "rep: there is no 'x'; there are none"
    assert str(unknown(404, "rep", "x", [f"{n:02}" for n in range(23)])).endswith(", '19' and 3 more")
    assert unknown(400, "rep", "x", []).status == 400


def test_labels_are_names_and_values() -> None:
    assert pairs(["a=b", "c=d=e", "f="]) == {"a": "b", "c": "d=e", "f": ""}
    with pytest.raises(RefusedError, match=r"^label 'a' is given more than once$"):
        pairs(["a=b", "a=c"])


@pytest.mark.parametrize(
    ("stem", "label", "there", "chosen"),
    [
        ("touchpoints", (), [(), (("channel", "call"),)], ()),
        ("touchpoints", ("channel=fax",), [], (("channel", "fax"),)),
        ("annual_contract_value", (), [EUR, (*EUR, ("product", "Suite"))], EUR),
        ("annual_contract_value", (), [], ()),
        ("annual_contract_value", ("currency=INR",), [EUR], INR),
    ],
)
def test_labels_choose_a_number(stem: str, label: Collection[str], there: list[Pairs], chosen: Pairs) -> None:
    assert chosen_labels(stem, label, there) == chosen


@pytest.mark.parametrize(
    ("stem", "label", "error"),
    [
        ("touchpoints", ("product=x",), "label: touchpoints has channel"),
        ("referrals", ("product=x",), "label: referrals has none"),
        (
            "annual_contract_value",
            (),
            (
                "label: annual_contract_value has several numbers side by side; "
                "say label=currency=EUR | label=currency=INR"
            ),
        ),
    ],
)
def test_labels_that_choose_nothing_are_an_error_in_a_line(stem: str, label: Collection[str], error: str) -> None:
    with pytest.raises(RefusedError) as raised:
        chosen_labels(stem, label, [EUR, INR])
    assert (raised.value.status, str(raised.value)) == (400, error)
