import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.definitions import ReadSettings
from kpi_state.events import decode
from kpi_state.naming import namings
from kpi_state.published import decode_tally
from kpi_state.read.identities import UNASSIGNED
from kpi_state.replay import replay
from tests.extremes import lines
from tests.reference import microseconds
from tests.statements import absence, appointment, call, heartbeat, lead, mailed, opportunity, rep

DAY = "2024-01-05"
LAST = microseconds("9999-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        (lead("l1", DAY, owner_id="a"), ["a"]),
        (lead("l1", DAY, owner_id=None), []),
        (lead("l1", DAY, owner_id=""), []),
        (lead("l1", DAY, status="new"), []),
        (call("k1", DAY, rep_id="a"), ["a"]),
        (mailed("m1", DAY, "a"), ["a"]),
        (appointment("p1", DAY, set_by="a", handed_to="b"), ["a"]),
        (opportunity("o1", DAY, owner_id="a", splits={"b": 1, "c": 2}), ["a", "b", "c"]),
        (opportunity("o1", DAY, splits={"b": 1}), ["b"]),
        (opportunity("o1", DAY, splits=None), []),
        (rep("a", manager_id="b"), []),
        (absence("x", DAY, rep_id="a"), []),
        (heartbeat("/crm", DAY, known=1), []),
    ],
)
def test_an_event_names_those_for_whom_something_may_count(line: bytes, ids: list[str]) -> None:
    source = json.loads(line)["source"]

    assert list(namings(decode(line))) == [(source, each) for each in ids]


@given(st.lists(lines(), max_size=12))
def test_nothing_counts_for_an_id_that_no_source_has_named(said: list[bytes]) -> None:
    result = replay(said, LAST, ReadSettings())

    counted = {cell[1] for key, value in result.state.tally.items() for cell, _ in decode_tally(key, value)}

    assert counted - {"", UNASSIGNED} <= {raw for _, raw in result.named}
