from kpi_state.definitions import Calendar
from tests.kpi_state.read.floor import Floor, settings_of, us

NOW = us("2024-05-17T12:00")


def test_names_of_zones_and_calendars_that_nobody_knows_are_counted() -> None:
    floor = Floor(settings_of(calendar=Calendar(named={"support": Calendar()})))
    floor.rep("r1", timezone="Mars/Base", calendar="support")
    floor.rep("r2", timezone="Mars/Base", calendar="suport")
    floor.rep("r3", timezone="Europe", calendar=None)
    floor.rep("r4", timezone="Asia/Tokyo")
    floor.rep("r5")

    assert floor.reader.unknown(NOW) == {
        ("calendar", "suport"): 1,
        ("timezone", "Europe"): 1,
        ("timezone", "Mars/Base"): 2,
    }
    assert list(floor.fresh().unknown(NOW)) == sorted(floor.reader.unknown(NOW))


def test_what_was_put_right_or_is_said_later_is_not_counted() -> None:
    floor = Floor()
    floor.rep("r1", "2024-05-01", timezone="Mars/Base")
    floor.rep("r1", "2024-05-02", timezone="UTC")
    floor.rep("r1", "2024-06-01", timezone="Venus/Base")
    floor.rep("r2", timezone="Mars/Base")
    floor.rep("r2", "2024-05-02", deleted=True)

    assert floor.reader.unknown(NOW) == {}
    assert floor.reader.unknown(us("2024-05-01T12:00")) == {("timezone", "Mars/Base"): 2}
    assert floor.reader.unknown(us("2024-06-01")) == {("timezone", "Venus/Base"): 1}
