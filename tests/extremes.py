"""Events that keep the letter of the contract and nothing of its spirit, as JSON: nothing may stumble over them."""

import json
from typing import Any

from hypothesis import strategies as st

from kpi_state.catalogue import CHOICES, FIELDS, SHAPE_OF, TYPE_OF
from kpi_state.statements import LARGEST

ODD = (
    "",
    "|",
    "a|b",
    "/",
    "~",
    "~t0/contact/c",
    "\n",
    "\0",
    "é",
    "🙂",
    "c1 ",
    "rep:c1",
    "*",
    '["=',
    "unassigned",
    "1",
    "0|0|9|x",
)
IDS = ("a", "b", "c", "d", "r1", "r2", "+31201234567", *ODD)
"""Few, so that things meet; the odd ones are full of what keys are made of."""

ids = st.sampled_from(IDS) | st.text(max_size=3)
subjects = st.sampled_from([each for each in IDS if each]) | st.text(min_size=1, max_size=3)
TARGETS = (
    "touchpoints/rep:r1/day/2024-01-01",
    "lead_win/team:A%2FB/month/0002-01-01",
    "%7E/*/x/2024-01-01",
    "leads_created/*/now/9998-12-31",
)
times = st.sampled_from(
    (
        "0002-01-01T00:00:00Z",
        "0002-01-01T00:00:00-14:00",
        "9998-12-31T23:59:59.999999Z",
        "9998-12-31T23:59:59+14:00",
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999Z",
        "2024-03-31T01:00:00Z",
        "2024-03-31T00:59:59.9999999+00:00",
        "2024-10-27T02:30:00+02:00",
        "2024-10-27T02:30:00+01:00",
        "0001-01-02T00:00:00Z",
        "9999-12-30T23:59:59Z",
    )
) | st.datetimes().map(lambda moment: moment.isoformat() + "Z")
days = st.sampled_from(
    ("0001-01-01", "0002-01-01", "2024-02-29", "2024-01-31", "9998-12-31", "9999-12-31")
) | st.dates().map(lambda day: day.isoformat())
wholes = st.sampled_from((0, 1, -1, 100, -100, LARGEST, -LARGEST)) | st.integers(-LARGEST, LARGEST)
smalls = st.sampled_from((0, 1, -1, 12, 13, 29, 30, 1_000_000, 2**31 - 1, -(2**31))) | st.integers(-(2**31), 2**31 - 1)
numbers = st.sampled_from((0, -0.0, 1, 0.5, 1e-300, 1e19, 99999999999999999999, 0.1)) | st.floats(
    allow_nan=False, allow_infinity=False
)
shares = st.dictionaries(ids, st.sampled_from((0, 1e-300, 1e-7, 0.1, 1 / 3, 0.5, 1, 99.9, 1e19)), max_size=4)

_BY_SHAPE: dict[str, st.SearchStrategy[Any]] = {
    "text": ids,
    "texts": st.lists(ids, max_size=3),
    "flag": st.booleans(),
    "time": times,
    "day": days,
    "whole": wholes,
    "small": smalls,
    "number": numbers,
    "shares": shares,
    "ids": st.dictionaries(ids, ids, max_size=3),
}


def _field(kind: str, name: str) -> st.SearchStrategy[Any]:
    choices = CHOICES.get((kind, name))
    usual = _BY_SHAPE[SHAPE_OF[kind][name]] if choices is None else st.sampled_from(choices)
    if name in {"deleted", "merged_into"}:
        return st.just(_ABSENT) | st.just(_ABSENT) | st.none() | usual
    return usual | usual | usual | usual | st.none() | st.just(_ABSENT)


_ABSENT = object()
_DATA = {kind: st.fixed_dictionaries({name: _field(kind, name) for name in names}) for kind, names in FIELDS.items()}


@st.composite
def lines(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(TYPE_OF)) -> bytes:
    """One event of one of the kinds; most are accepted, the rest must be refused in words."""
    kind = draw(st.sampled_from(kinds))
    said = draw(_DATA[kind])
    event = {
        "specversion": "1.0",
        "source": draw(st.sampled_from(("/crm", "|", "\n"))),
        "id": draw(st.sampled_from(("1", "2", "3")) | subjects),
        "type": TYPE_OF[kind],
        "subject": draw(st.sampled_from(TARGETS) if kind == "target" else subjects),
        "time": draw(times),
        "sequence": draw(st.sampled_from(("", "01", "|"))),
        "data": {name: value for name, value in said.items() if value is not _ABSENT},
    }
    return json.dumps(event).encode()
