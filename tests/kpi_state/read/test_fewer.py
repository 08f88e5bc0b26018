import pytest
from msgspec.structs import replace

from kpi_state.definitions import Definitions
from kpi_state.read.fewer import is_fewer
from kpi_state.read.slots import Slot
from tests.kpi_state.read.floor import Floor, at, settings_of, us

NOW = us("2024-05-14T12:00")
ANNS_DAY = Slot("outbound_calls", "rep", "ann", "day", "2024-05-14", ())


@pytest.mark.parametrize(
    ("counted", "parts"),
    [(True, {"calls": 3, "short": 1, "own": 0, "numbers": 0}), (False, {"calls": 3, "short": 1, "own": 0})],
)
def test_numbers_that_nobody_counts_are_no_part(parts: dict[str, int], *, counted: bool) -> None:
    floor = Floor(replace(settings_of(), definitions=Definitions(distinct_numbers=counted)))
    floor.rep("ann", team="A")
    floor.count("outbound_calls", "ann", at("2024-05-14T10:00"), 3, 1, 0, 0)
    changes = dict(floor.reader.changes(NOW).slots())

    samples = {
        Slot(s.kpi, s.grain, s.key, s.window, s.bucket, ()): s for s in floor.reader.samples(NOW, supporting=True)
    }
    assert samples[ANNS_DAY].parts == parts
    assert samples[ANNS_DAY].value == 3
    assert set(changes) == set(samples)

    cell = "outbound_calls", "ann", at("2024-05-14T10:00"), ()
    assert dict(floor.reader.counted(cell, (3, 1, 0, 0), NOW))[ANNS_DAY] == tuple(parts.values())
    assert floor.reader.number(ANNS_DAY, NOW) == tuple(parts.values())
    assert floor.reader.number(ANNS_DAY._replace(key="bob"), NOW) is None

    floor.count("outbound_calls", "ann", at("2024-05-14T10:00"), -3, -1, 0, 0)
    assert ANNS_DAY in floor.reader.changes(NOW).slots()
    assert floor.reader.samples(NOW, supporting=True) == []


def test_only_distinct_numbers_can_be_left_out() -> None:
    assert is_fewer("outbound_calls", Definitions(distinct_numbers=False))
    assert not is_fewer("touchpoints", Definitions(distinct_numbers=False))
    assert not is_fewer("outbound_calls", Definitions())
