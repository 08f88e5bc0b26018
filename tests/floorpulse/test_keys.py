import pytest
from msgspec import structs

from floorpulse.keys import CALENDAR, SECTIONS, TEAM, Key
from floorpulse.settings import Settings
from kpi_state.definitions import Calendar, Team

DEFAULTS = Settings()
TABLES = [(section, keys, getattr(DEFAULTS, section)) for section, keys in SECTIONS.items() if keys]


def test_sections_are_those_of_the_settings() -> None:
    assert set(SECTIONS) == {field.name for field in structs.fields(Settings)}


@pytest.mark.parametrize(("section", "keys", "defaults"), TABLES, ids=[section for section, _, _ in TABLES])
def test_keys_are_the_fields_and_each_default_is_allowed(section: str, keys: dict[str, Key], defaults: object) -> None:
    elsewhere = {"named", "own_numbers"} - keys.keys()
    values = {name: value for name, value in structs.asdict(defaults).items() if name not in elsewhere}  # type: ignore[arg-type]
    assert list(keys) == list(values)
    for name, value in values.items():
        assert keys[name].check.accept(list(value) if isinstance(value, tuple) else value) == value


def test_named_calendars_and_teams_have_the_keys_of_their_structs() -> None:
    assert [*CALENDAR, "named"] == [field.name for field in structs.fields(Calendar)]
    assert list(TEAM) == [field.name for field in structs.fields(Team)]
    assert all(key.check.accept(getattr(Team(), name)) == "" for name, key in TEAM.items())
