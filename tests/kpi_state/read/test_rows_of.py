from hypothesis import example, given
from hypothesis import strategies as st

from kpi_state.published import encode_group
from kpi_state.read.rows_of import rows_of


def row(raw: str, label: str = "call") -> tuple[int, bytes]:
    return 0, encode_group(("touchpoints", raw, "Q", 19_888, (label,)))


def test_rows_of_an_id_are_found_also_by_an_address_in_another_case() -> None:
    rows = [row("r1"), row("Ann@Floor.example"), row("r10"), row("", "r1"), row("R1")]

    assert list(rows_of(rows, {"r1", "ann@floor.example"})) == [rows[0], rows[1], rows[4]]
    assert list(rows_of(rows, set())) == []


@given(st.lists(st.text(), max_size=5), st.text(), st.sets(st.text(), max_size=3))
@example(['a"b', "a\\b", "É@x"], '"', {'a"b', "é@x"})
def test_whatever_an_id_is_made_of_its_rows_are_found(raws: list[str], label: str, ids: set[str]) -> None:
    rows = [row(raw, label) for raw in raws]
    wanted = {raw for raw in raws if raw in ids or raw.lower() in ids}

    assert list(rows_of(rows, ids)) == [row(raw, label) for raw in raws if raw in wanted]
