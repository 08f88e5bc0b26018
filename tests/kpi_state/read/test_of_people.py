from kpi_state.read.samples import Changes
from tests.kpi_state.read.floor import Floor, settings_of, us


def hired() -> Floor:
    floor = Floor(settings_of(windows={"rep_ramp_up": ["rolling_30d"]}))
    for rep in ("r1", "r2"):
        floor.rep(rep, first_day="2024-03-01")
    floor.reader.changes(us("2024-03-10T09:00"))
    return floor


def ramps(changes: Changes) -> dict[str, object]:
    """key → (reps, days, pending, pending days) in the rolling window."""
    return {
        slot.key: amounts and (amounts if any(amounts) else None)
        for slot, amounts in changes.slots().items()
        if slot.kpi == "rep_ramp_up" and slot.window == "rolling_30d"
    }


def test_nothing_is_counted_again_as_long_as_nothing_happens() -> None:
    found = hired().reader.changes(us("2024-03-10T10:00"))

    assert (found.anew, found.slots()) == (False, {})


def test_a_first_touchpoint_ends_the_ramp_up_of_its_rep_alone() -> None:
    floor = hired()
    floor.touch("r1", "2024-03-10T09:30")

    assert ramps(floor.reader.changes(us("2024-03-10T10:00"))) == {"r1": (1, 9, 0, 0), "*": (1, 9, 1, 9)}


def test_a_second_touchpoint_of_a_day_is_no_news() -> None:
    floor = hired()
    floor.touch("r1", "2024-03-10T09:30")
    floor.reader.changes(us("2024-03-10T10:00"))
    floor.touch("r1", "2024-03-10T09:45")

    assert ramps(floor.reader.changes(us("2024-03-10T10:00"))) == {}


def test_on_another_day_everybody_is_counted_again() -> None:
    changed = ramps(hired().reader.changes(us("2024-03-11")))

    assert changed == {"r1": (0, 0, 1, 10), "r2": (0, 0, 1, 10), "*": (0, 0, 2, 20)}


def test_somebody_whose_last_day_is_known_late_is_counted_again() -> None:
    floor = hired()
    floor.rep("r1", "2024-03-10T09:30:00Z", last_day="2024-03-05")

    assert ramps(floor.reader.changes(us("2024-03-10T10:00"))) == {"r1": None, "r2": (0, 0, 1, 9), "*": (0, 0, 1, 9)}
