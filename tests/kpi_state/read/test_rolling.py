from hypothesis import example, given
from hypothesis import strategies as st

from kpi_state.read.rolling import Rolling
from kpi_state.read.slots import Who
from kpi_state.read.totals import Totals, Whos

WHO: Who = ("org", "*", ())
WHOS = Whos((WHO,))
WIDTHS = {"short": 2, "long": 5}
ACTS = st.one_of(
    st.tuples(st.just("add"), st.integers(-8, 12), st.integers(-3, 3).filter(bool)),
    st.tuples(st.just("advance"), st.sampled_from([-1, 0, 1, 1, 2, 3, 9]), st.just(0)),
)


@given(st.lists(ACTS, max_size=30))
@example([("add", 0, 1), ("advance", 5, 0), ("advance", -1, 0)])
def test_what_is_kept_is_what_lies_in_the_window(acts: list[tuple[str, int, int]]) -> None:
    sums: dict[str, Totals] = {"short": Totals(), "long": Totals()}
    rolling = Rolling(WIDTHS, sums, 0)
    at, furthest, added = 0, 0, []
    for act, number, amount in acts:
        if act == "advance":
            # Local clocks return by one day at most from the furthest they got to.
            at = max(at + number, furthest - 1)
            furthest = max(furthest, at)
            rolling.advance(at)
        else:
            rolling.add(number, WHOS, (amount, 0))
            added.append((number, amount))

    for window, width in WIDTHS.items():
        inside = sum(amount for position, amount in added if at - width < position <= at)
        assert sums[window].settled() == ({WHO: (inside, 0)} if inside else {})
