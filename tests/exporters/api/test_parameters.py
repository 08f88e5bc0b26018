from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import UNSET, Meta, UnsetType

from exporters.api.endpoint import RefusedError
from exporters.api.parameters import parsed


class Asked(msgspec.Struct, frozen=True):
    rep: str
    kpi: Literal["leads", "deals", "calls"]
    grain: Annotated[Literal["rep", "team"] | UnsetType, Meta(description="of whom")] = UNSET
    limit: Annotated[int, Meta(ge=1, le=50)] = 10
    bucket: Annotated[str, Meta(pattern="^[0-9-]*$", extra={"expected": "a period"})] | UnsetType = UNSET
    label: tuple[Annotated[str, Meta(pattern="=")], ...] = ()


class Nothing(msgspec.Struct, frozen=True):
    pass


def asked(*query: tuple[str, str]) -> Asked:
    return parsed(query, {"rep": "anna"}, Asked)


def test_what_is_left_out_is_unset_or_the_default() -> None:
    assert asked(("kpi", "leads")) == Asked("anna", "leads", UNSET, 10, UNSET, ())


def test_what_is_given_is_taken_with_its_type() -> None:
    query = [("kpi", "calls"), ("limit", "50"), ("label", "a=b"), ("grain", "team"), ("bucket", ""), ("label", "c=d=")]
    assert asked(*query) == Asked("anna", "calls", "team", 50, "", ("a=b", "c=d="))


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ([], "parameter 'kpi' is missing: expected one of calls, deals, leads"),
        ([("kpi", "x")], "kpi is 'x': expected one of calls, deals, leads"),
        ([("kpi", "leads"), ("kpi", "leads")], "parameter 'kpi' is given more than once"),
        ([("rep", "bela")], "unknown parameter 'rep': there is kpi and grain and limit and bucket and label"),
        ([("grain", "")], "grain is '': expected rep or team"),
        ([("limit", "0")], "limit is '0': expected a whole number from 1 to 50"),
        ([("limit", "51")], "limit is '51': expected a whole number from 1 to 50"),
        ([("limit", "+7")], "limit is '+7': expected a whole number from 1 to 50"),
        ([("limit", "٣")], "limit is '٣': expected a whole number from 1 to 50"),
        ([("bucket", "May")], "bucket is 'May': expected a period"),
        ([("label", "a")], "label is 'a': expected text"),
    ],
)
def test_a_parameter_that_cannot_be_is_an_error_in_a_line(query: list[tuple[str, str]], error: str) -> None:
    with pytest.raises(RefusedError) as raised:
        asked(*query)
    assert raised.value.status == 400
    assert str(raised.value) == error


def test_where_there_are_none_it_is_said() -> None:
    with pytest.raises(RefusedError, match=r"^unknown parameter 'all': there are none here$"):
        parsed([("all", "1")], {}, Nothing)
