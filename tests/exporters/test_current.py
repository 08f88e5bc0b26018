from exporters.current import one_a_window
from kpi_state.read.sample import Sample, sample_of
from kpi_state.read.slots import Slot

OFFSETS = ("2024-06-06T15:00+02:00", "2024-06-06T18:30+05:30")


def spoke(bucket: str, touchpoints: int, attempts: int, talk_us: int, window: str = "hour", key: str = "*") -> Sample:
    found = sample_of(Slot("touchpoints", "org", key, window, bucket, ()), (touchpoints, attempts, talk_us))
    assert found is not None
    return found


def test_samples_with_one_bucket_stay_as_they_are() -> None:
    samples = [
        spoke(OFFSETS[0], 1, 2, 3),
        spoke("2024-06-06", 4, 5, 6, window="day"),
        spoke(OFFSETS[0], 7, 8, 9, key="x"),
    ]
    assert one_a_window(samples) == samples


def test_the_parts_of_several_current_hours_are_added_up_to_the_last_digit() -> None:
    (found,) = one_a_window([spoke(OFFSETS[0], 1, 2, 8_999_999_999_999_999), spoke(OFFSETS[1], 10, 20, 2)])
    assert (found.window, found.bucket, found.value) == ("hour", "", 11)
    assert {part: repr(number) for part, number in found.parts.items()} == {
        "touchpoints": "11",
        "attempts": "22",
        "talk_seconds": "9000000000.000001",
    }


def test_the_value_is_worked_out_anew_from_the_sums() -> None:
    def won(bucket: str, leads: int, of_them: int) -> Sample:
        found = sample_of(Slot("lead_win", "team", "A", "month", bucket, (("basis", "cohort"),)), (leads, of_them))
        assert found is not None
        return found

    (found,) = one_a_window([won("2024-05", 1, 1), won("2024-06", 3, 0)])
    assert (found.parts, found.value, found.labels) == ({"leads": 4, "won": 1}, 0.25, {"basis": "cohort"})


def test_labels_set_samples_apart() -> None:
    first, second = (
        sample_of(Slot("leads_created", "org", "*", "day", "2024-06-06", labels), (1,))
        for labels in ((), (("origin", "x"),))
    )
    assert first is not None
    assert second is not None
    assert one_a_window([first, second]) == [first, second]
