from hypothesis import given
from hypothesis import strategies as st

from kpi_state.explain.minimal import TIME, Piece, minimal, only, pieces, told
from kpi_state.rows import Row, Shelf


def stamp(n: int) -> tuple[int, str, str, str]:
    return n, "", "/crm", "e"


def lead_row() -> Row:
    row = Row()
    row.earliest = 1
    row.facts = {"created_at": (stamp(1), 5), "origin": (stamp(2), "web")}
    row.lines = {"owner_id": [(stamp(1), "r1"), (stamp(3), "r2")], "status": [(stamp(1), "new")]}
    row.links = {"o": {"o1": (0, ["won", 7]), "o2": (0, ["lost", 9])}}
    row.shelves = {"t": Shelf({"s1": (0, [1, "k1", "r1"])})}
    return row


@given(st.sets(st.integers(0, 40)), st.integers(0, 60))
def test_what_is_needed_is_left_and_nothing_else(needed: set[int], size: int) -> None:
    needed = {each for each in needed if each < size}

    assert minimal(range(size), lambda some: needed <= set(some)) == sorted(needed)


def test_those_in_front_are_left_out_first() -> None:
    assert minimal("aab", lambda some: "a" in some or "b" in some) == ["b"]


def test_nothing_is_left_that_can_be_left_out_even_where_one_frees_another() -> None:
    """The a may go only after the b."""

    def suffices(some: list[str]) -> bool:
        return "c" in some and ("b" not in some or some.count("a") == 1)

    assert minimal("abc", suffices) == ["c"]


def test_few_looks_find_the_one_of_thousands_that_matters() -> None:
    looks = 0

    def suffices(some: list[int]) -> bool:
        nonlocal looks
        looks += 1
        return 2_345 in some

    assert minimal(range(3_000), suffices) == [2_345]
    assert looks < 60


def test_a_row_is_made_of_its_statements_and_links_the_best_left_out_in_front() -> None:
    assert pieces("lead", lead_row()) == [
        TIME,
        Piece("shelf", "t", "s1"),
        Piece("link", "o", "o2"),
        Piece("link", "o", "o1"),
        Piece("line", "owner_id", stamp(3)),
        Piece("line", "owner_id", stamp(1)),
        Piece("line", "status", stamp(1)),
        Piece("fact", "origin"),
        Piece("fact", "created_at"),
    ]


def test_a_kind_without_fields_has_links_only() -> None:
    row = Row()
    row.shelves = {"t": Shelf({"k1": (0, [1, None, None])})}

    assert pieces("slot", row) == [TIME, Piece("shelf", "t", "k1")]


def test_all_pieces_are_the_row_and_none_are_nothing() -> None:
    row = lead_row()

    whole, nothing = only(row, pieces("lead", row)), only(row, [])

    assert (whole.earliest, whole.facts, whole.lines, whole.links) == (row.earliest, row.facts, row.lines, row.links)
    assert whole.shelves["t"].links == row.shelves["t"].links
    assert (nothing.earliest, nothing.facts, nothing.lines, nothing.links, nothing.shelves) == (None, {}, {}, {}, {})


def test_a_part_of_a_timeline_keeps_its_order() -> None:
    row = lead_row()

    some = only(row, [Piece("line", "owner_id", stamp(3)), Piece("line", "owner_id", stamp(1))])

    assert some.lines == {"owner_id": row.lines["owner_id"]}


def test_a_row_that_is_told_something_else_is_another_row() -> None:
    row = lead_row()

    other = told(told(row, Piece("link", "o", "o1"), ["lost", 8]), Piece("shelf", "t", "s1"), None)
    more = told(told(Row(), Piece("link", "a", "a1"), True), Piece("shelf", "t", "s2"), [2, "k2", "r1"])

    assert other.links == {"o": {"o1": (0, ["lost", 8]), "o2": (0, ["lost", 9])}}
    assert other.shelves["t"].links == {}
    assert row.links["o"]["o1"] == (0, ["won", 7])
    assert row.shelves["t"].links == {"s1": (0, [1, "k1", "r1"])}
    assert (more.links, more.shelves["t"].links) == ({"a": {"a1": (0, True)}}, {"s2": (0, [2, "k2", "r1"])})
