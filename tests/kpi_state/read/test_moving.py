"""Whoever moves takes along what is theirs, and nothing else is counted again."""

from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kpi_state.kpis.registry import by_stem
from kpi_state.read.samples import Reader
from tests.kpi_state.read.floor import Floor, at, dated, settings_of, since, span, us

REPS = [f"r{number}" for number in range(6)]
NAMED = [*REPS, "crm:r0", "Two@floor.example", "two@floor.example", "103", "nobody"]
MORNING, NOON = us("2024-05-14T09:00"), us("2024-05-14T12:00")
HOUR = 3_600_000_000

Act = Callable[[Floor], object]


def busy(floor: Floor) -> None:
    """Everybody has something of everything, sent under every name there is."""
    for number, rep in enumerate(NAMED):
        for day in ("2024-05-07", "2024-05-13", "2024-05-14"):
            floor.touch(rep, f"{day}T{8 + number % 3:02}:15", 1 + number)
        floor.touch(rep, "2024-05-13T22:45")
        floor.touch(rep, "2024-05-14T12:30")  # has not begun at noon
        floor.count("lead_conversion", rep, at("2024-05-02T10:00"), 2 + number, 1)
        floor.count("appointment_disqualification", rep, at("2024-05-14T10:00"), 3, 1, 0, labels=("price",))
        floor.count("annual_contract_value", rep, dated("2024-05-14"), 333_333, 5 + number, labels=("EUR", "crm", ""))
        floor.count("open_lead_age", rep, since("2024-05-01T10:00"), 1)
        floor.count("pipeline_value", rep, ("-", 0, 0), 1, 100 + number, labels=("EUR", "won", "", ""))
        floor.count("customer_retention", rep, span("2023-01-01"), 1)
        floor.count("customer_lifetime_value", rep, span("2023-01-01"), 1, 1, 0, 0, labels=("EUR",))


def staffed() -> Floor:
    """Six reps in two teams and two zones."""
    floor = Floor(settings_of("Europe/Amsterdam", teams={"B": "Asia/Kathmandu"}))
    for number, rep in enumerate(REPS):
        floor.rep(rep, team="AB"[number % 2], timezone=[None, "America/St_Johns"][number % 3 == 2])
    floor.rep("r0", "2023-01-01", external_ids={"crm": "r0"})
    floor.rep("r2", "2023-01-01", emails=["Two@Floor.example"])
    busy(floor)
    return floor


def agrees(floor: Floor, now: int) -> None:
    """Samples, what changed of them and baselines are those of a reader that starts anew."""
    floor.samples(now, current=True)
    fresh = floor.fresh()
    assert floor.reader.baselines(now) == fresh.baselines(now)
    assert floor.reader.presence(now) == fresh.presence(now)


def moves() -> st.SearchStrategy[Act]:
    """Something that is said of somebody, now, earlier or ahead, or that happens to them."""
    said = st.fixed_dictionaries(
        {},
        optional={
            "team": st.sampled_from(["A", "B", "C", None]),
            "timezone": st.sampled_from(["Pacific/Apia", "America/St_Johns", None]),
            "external_ids": st.sampled_from([{"crm": "r0"}, {}]),
            "emails": st.sampled_from([["two@floor.example"], []]),
            "extensions": st.sampled_from([["103"], []]),
            "deleted": st.sampled_from([True, False, False]),
            "name": st.just("Ann"),
        },
    )
    times = st.sampled_from(["2024-05-07T08:20:00Z", "2024-05-14T08:50:00Z", "2024-05-14T12:10:00Z"])
    return st.one_of(
        st.builds(
            lambda rep, time, fields: lambda floor: floor.rep(rep, time, **fields),
            st.sampled_from([*REPS, "nobody"]),
            times,
            said,
        ),
        st.builds(
            lambda rep, hour: lambda floor: floor.touch(rep, f"2024-05-14T{hour:02}:15"),
            st.sampled_from(NAMED),
            st.integers(8, 13),
        ),
        st.integers(0, 99).map(lambda which: lambda floor: floor.take_back(which)),
    )


def moved(rep: str, time: str = "2024-05-14T08:50:00Z", **fields: object) -> Act:
    return lambda floor: floor.rep(rep, time, **fields)


@settings(max_examples=max(40, settings().max_examples // 3))  # each of them counts a floor several times over
@given(st.lists(st.one_of(moves(), moves(), st.sampled_from([0, HOUR // 4, HOUR, 24 * HOUR])), max_size=12))
@example([moved("r1", team="A"), 0, lambda floor: floor.take_back(0), moved("r1", team="B"), 0])
@example([moved("r4", "2024-05-14T12:10:00Z", team="C", timezone="Pacific/Apia"), HOUR // 4, HOUR])
@example([moved("r0", external_ids={}), 0, moved("r3", external_ids={"crm": "r0"}), HOUR])
def test_a_reader_whose_people_move_is_a_reader_that_starts_anew(story: list[Act | int]) -> None:
    floor, now = staffed(), NOON
    agrees(floor, now)
    for each in (*story, 0):
        if isinstance(each, int):
            now += each
            agrees(floor, now)
        else:
            each(floor)


def test_who_moves_changes_their_own_numbers_and_those_of_both_teams_alone() -> None:
    floor = staffed()
    floor.reader.changes(NOON)

    floor.rep("r1", "2024-05-01", team="A")

    found = floor.reader.changes(NOON)
    assert not found.anew
    people = {"rep_retention", "rep_ramp_up"}
    assert {(slot.grain, slot.key) for slot in found.slots() if slot.kpi not in people} == {
        ("rep", "r1"),
        ("team", "A"),
        ("team", "B"),
        ("org", "*"),
    }


def test_an_id_that_changes_hands_takes_its_contributions_along() -> None:
    floor = staffed()
    assert floor.look("2024-05-14T12:00").value("lead_conversion", "rep:r2", "month", "2024-05") is not None
    before = leads(floor.reader)

    floor.rep("r2", "2023-01-01", emails=[])
    floor.rep("r4", "2023-01-01", emails=["two@floor.example"])

    after = leads(floor.reader)
    both = sum(2 + NAMED.index(name) for name in ("Two@floor.example", "two@floor.example"))
    assert {key: after[key] - before[key] for key in after if after[key] != before[key]} == {"r2": -both, "r4": both}


def leads(reader: Reader) -> dict[str, int | float]:
    """Rep → leads of the month, of the KPI that divides by them."""
    assert by_stem("lead_conversion").parts[0] == "leads"
    return {
        sample.key: sample.parts["leads"]
        for sample in reader.samples(NOON, current=True)
        if (sample.kpi, sample.grain, sample.window) == ("lead_conversion", "rep", "month")
    }


def test_who_moves_before_their_rows_were_counted_is_counted_once() -> None:
    floor = staffed()
    floor.reader.count(NOON, 30)
    floor.rep("r1", "2024-05-01", team="A")
    floor.reader.count(NOON, 30)
    floor.touch("r1", "2024-05-14T09:15")
    floor.take_back(0)
    floor.rep("r1", "2024-05-01", team="B")

    agrees(floor, NOON)


def test_a_row_that_went_before_its_rep_moved_is_not_counted_any_more() -> None:
    floor = staffed()
    agrees(floor, NOON)
    counted = floor.reader._readings

    floor.count("open_lead_age", "r1", since("2024-05-01T10:00"), -1)
    floor.rep("r1", "2024-05-01", team="A")

    agrees(floor, NOON)
    assert floor.reader._readings is counted


def test_a_rep_whose_clock_goes_back_over_midnight_has_the_numbers_of_that_day_again() -> None:
    """None of them is another: what was taken back was entered again."""
    floor = Floor(settings_of("Europe/Amsterdam"))
    for rep in ("ann", "ben"):
        floor.rep(rep, timezone="Asia/Tokyo")
        floor.touch(rep, "2026-01-01T10:00")
    floor.touch("cas", "2026-01-01T10:00")
    now = "2026-01-01T16:00"
    assert floor.look(now, current=True).buckets("touchpoints", "rep:ann", "day") == []

    floor.rep("ann", "2026-01-01T15:59:00Z", timezone="Europe/Amsterdam")
    assert floor.look(now, current=True).buckets("touchpoints", "rep:ann", "day") == ["2026-01-01"]

    floor.rep("ann", "2026-01-01T15:59:30Z", timezone="Asia/Tokyo")
    assert floor.look(now, current=True).buckets("touchpoints", "rep:ann", "day") == []
