from hypothesis import given

from kpi_state.explain.glimpse import Glimpse
from kpi_state.rows import Row, encode_row
from tests.kpi_state.test_rows import rows

WHEN = {"call": "started_at", "activity": "at"}


@given(rows(tuple(WHEN)))
def test_whose_a_row_is_and_when_it_was_are_what_decoding_it_says(kind_and_row: tuple[str, Row]) -> None:
    kind, row = kind_and_row
    at = row.get(WHEN[kind])

    glimpse = Glimpse(kind, "rep_id", WHEN[kind])

    assert glimpse.read(encode_row(kind, row)) == (row.get("rep_id"), row.earliest if at is None else at)
