from pathlib import Path

import pytest

from floorpulse.errors import UserError
from floorpulse.sources import Given, from_environment, from_file, from_flag, key_at, unknown


def test_a_file_gives_places_with_their_origin(tmp_path: Path) -> None:
    path = tmp_path / "floor.toml"
    path.write_text('[targets]\ntouchpoints.day = 60\n[teams."A.B"]\nmanager = ""\n[kafka]\npartitions = 4\n')
    assert from_file(path) == [
        Given(("targets", "touchpoints.day"), 60, f"{path}: [targets] touchpoints.day"),
        Given(("teams", "A.B"), {}, f"{path}: [teams] A.B"),
        Given(("teams", "A.B", "manager"), "", f"{path}: [teams.A.B] manager"),
        Given(("kafka", "partitions"), 4, f"{path}: [kafka] partitions"),
    ]


@pytest.mark.parametrize(
    ("variable", "text", "place", "value"),
    [
        ("FLOORPULSE_KAFKA_PARTITIONS", "4", ("kafka", "partitions"), 4),
        ("FLOORPULSE_CALENDAR_WORKING_DAYS", "mon", ("calendar", "working_days"), ["mon"]),
        ("FLOORPULSE_TARGETS_LEAD_WIN", "0.5", ("targets", "lead_win"), 0.5),
        ("FLOORPULSE_TARGETS_LEAD_WIN_ROLLING_90D", "0.5", ("targets", "lead_win.rolling_90d"), 0.5),
        (
            "FLOORPULSE_TARGETS_CUSTOMER_LIFETIME_VALUE_OBSERVED",
            "1",
            ("targets", "customer_lifetime_value_observed"),
            1.0,
        ),
        ("FLOORPULSE_WINDOWS_LEAD_WIN", "week", ("windows", "lead_win"), ["week"]),
        ("FLOORPULSE_WINDOWS_LEAD_WINE", "week", ("windows", "lead_wine"), "week"),
        ("FLOORPULSE_KAFKA_PARTITION", "4", ("kafka", "partition"), "4"),
    ],
)
def test_a_variable_means_a_place(variable: str, text: str, place: tuple[str, ...], value: object) -> None:
    assert list(from_environment({variable: text})) == [Given(place, value, variable)]


def test_a_variable_of_somebody_else_means_nothing() -> None:
    assert (
        list(from_environment({"FLOORPULSE_KAFKA_LIBS": "x", "FLOORPULSE_OTHER": "x", "KAFKA_PARTITIONS": "4"})) == []
    )


@pytest.mark.parametrize(
    ("assignment", "place", "value"),
    [
        ("kafka.partitions=4", ("kafka", "partitions"), 4),
        (" kafka.app_id = a=b ", ("kafka", "app_id"), "a=b"),
        ("targets.touchpoints.day=60", ("targets", "touchpoints.day"), 60.0),
        ("teams.A.B.timezone=UTC", ("teams", "A.B", "timezone"), "UTC"),
        ("calendar.named.x.y.working_days=sat", ("calendar", "named", "x.y", "working_days"), ["sat"]),
        ("calendar.holidays=NL,BE", ("calendar", "holidays"), ["NL", "BE"]),
    ],
)
def test_a_flag_means_a_place(assignment: str, place: tuple[str, ...], value: object) -> None:
    assert from_flag(assignment) == Given(place, value, f"--set {assignment.partition('=')[0].strip()}")


@pytest.mark.parametrize("assignment", ["", "kafka", "kafka.partitions", "kafka=4", "kafka.=4"])
def test_another_flag_is_an_error_with_an_example(assignment: str) -> None:
    with pytest.raises(UserError, match=r"expected SECTION\.KEY=VALUE such as kafka\.partitions=4$"):
        from_flag(assignment)


def test_a_place_that_does_not_exist_has_no_key_and_is_told_its_neighbours() -> None:
    place = ("calendar", "named", "support", "working_day")
    assert key_at(place) is key_at(("teams", "North")) is key_at(()) is None
    assert unknown(Given(place, [], "x")) == "x: no such key; did you mean working_days?"
