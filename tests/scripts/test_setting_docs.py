import re

from floorpulse.example import example
from floorpulse.keys import SECTIONS, TEAM
from floorpulse.settings import load
from kpi_state.definitions import Team
from scripts.setting_docs import SAID, setting_page

PAGE = setting_page()


def test_the_page_has_every_section_in_order() -> None:
    assert re.findall(r"^## `\[(\w+)\]`$", PAGE, re.MULTILINE) == list(SECTIONS)


def test_the_page_has_every_key_with_its_variable_its_default_and_its_meaning() -> None:
    defaults = dict(re.findall(r"^(\w+) = (.+?)(?: +# .*)?$", example(), re.MULTILINE))
    for section, keys in SECTIONS.items():
        for name, key in keys.items():
            (row,) = [line for line in PAGE.splitlines() if f"`FLOORPULSE_{section}_{name}`".upper() in line]
            assert row.startswith(f"| `{name}` | ")
            assert f"| `{defaults[name]}` |" in row
            assert row.replace("\\|", "|").endswith(f" | {key.check.allowed} | {key.meaning} |")


def test_the_page_has_every_key_of_a_team() -> None:
    section = PAGE.partition("## `[teams]`")[2].partition("\n## ")[0]

    assert [row.split("`")[1] for row in section.splitlines() if row.startswith("| `")] == list(TEAM)


def test_every_row_has_the_cells_of_its_head() -> None:
    counts = [len(re.findall(r"(?<!\\)\|", line)) for line in PAGE.splitlines() if line.startswith("|")]

    assert set(counts) == {3, 6}


def test_the_variables_that_are_shown_with_a_value_are_understood() -> None:
    shown = dict(re.findall(r"`(FLOORPULSE_\w+)='(.+?)'`", PAGE))

    settings = load(None, shown)

    assert list(shown) == ["FLOORPULSE_CALENDAR_NAMED", "FLOORPULSE_TEAMS"]
    assert settings.calendar.named["support"].working_days == ("sat",)
    assert settings.teams == {"North": Team(timezone="Europe/Amsterdam")}


def test_the_variables_of_a_kpi_are_understood() -> None:
    settings = load(
        None, {"FLOORPULSE_WINDOWS_LEAD_WIN": '["rolling_30d"]', "FLOORPULSE_TARGETS_TOUCHPOINTS_DAY": "60"}
    )

    assert "FLOORPULSE_WINDOWS_LEAD_WIN" in SAID["windows"]
    assert settings.windows == {"lead_win": ["rolling_30d"]}
    assert "FLOORPULSE_TARGETS_TOUCHPOINTS_DAY" in SAID["targets"]
    assert settings.targets["touchpoints.day"] == 60
