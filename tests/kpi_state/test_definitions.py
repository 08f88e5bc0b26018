from datetime import date

import pytest
from msgspec import structs

from kpi_state.definitions import WEEKDAYS, Calendar, Definitions, ReadSettings, default_targets


def test_weekdays_are_in_the_order_of_dates() -> None:
    assert [date(2026, 1, day).strftime("%a").lower() for day in range(5, 12)] == list(WEEKDAYS)


def test_settings_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        Definitions().talk_seconds = 1  # type: ignore[misc]


def test_two_settings_share_no_table() -> None:
    first, second = ReadSettings(), ReadSettings()
    first.targets["lead_win"] = 1.0
    first.calendar.named["support"] = Calendar()
    assert second.targets == default_targets()
    assert second.calendar.named == {}


def test_what_is_stored_depends_on_the_definitions_alone() -> None:
    assert [field.name for field in structs.fields(Definitions)] == [
        "organisation_timezone",
        "talk_seconds",
        "activity_days",
        "grace_days",
        "distinct_numbers",
        "own_numbers",
    ]
