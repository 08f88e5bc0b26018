"""Each check accepts what it says and nothing else; hints help."""

import math
from datetime import date
from typing import Any

import pytest

from floorpulse import checks
from floorpulse.checks import Check

WORDS = checks.several(checks.choice("mon", "tue"), "days", some=True)


@pytest.mark.parametrize(
    ("check", "value", "accepted"),
    [
        (checks.whole(1, 12), 12, 12),
        (checks.number(), 3, 3.0),
        (checks.number(), 0.25, 0.25),
        (checks.ratio(), 1, 1.0),
        (checks.ratio(), 0.01, 0.01),
        (checks.flag(), False, False),
        (checks.choice("ids", "none"), "none", "none"),
        (checks.text("a path"), "", ""),
        (checks.zone(), "Asia/Kathmandu", "Asia/Kathmandu"),
        (checks.zone(optional=True), "", ""),
        (checks.day(), "2026-12-24", "2026-12-24"),
        (checks.day(), date(2026, 12, 24), "2026-12-24"),
        (checks.country(), "NL", "NL"),
        (checks.country(), "DE-BY", "DE-BY"),
        (WORDS, ["tue", "mon"], ("tue", "mon")),
        (checks.several(checks.day(), "dates"), [], ()),
        (checks.hours(), ["09:00-12:30", "12:30-24:00"], ("09:00-12:30", "12:30-24:00")),
    ],
)
def test_what_is_allowed_is_accepted(check: Check, value: Any, accepted: Any) -> None:
    result = check.accept(value)
    assert (type(result), result) == (type(accepted), accepted)


@pytest.mark.parametrize(
    ("check", "value", "hint"),
    [
        (checks.whole(1, 12), 13, ""),
        (checks.whole(1, 12), 0, ""),
        (checks.whole(1, 12), True, ""),
        (checks.whole(1, 12), 1.0, ""),
        (checks.whole(1, 12), "1", ""),
        (checks.number(), -1, ""),
        (checks.number(), math.inf, ""),
        (checks.number(), math.nan, ""),
        (checks.number(), True, ""),
        (checks.ratio(), 0, ""),
        (checks.ratio(), 1.01, ""),
        (checks.ratio(), "0.5", ""),
        (checks.flag(), 1, ""),
        (checks.choice("ids", "names"), "name", "did you mean names?"),
        (checks.choice("ids", "names"), 7, ""),
        (checks.text("a path"), "a\nb", ""),
        (checks.text("a path"), None, ""),
        (checks.zone(), "Europe/Amsterdm", "did you mean Europe/Amsterdam?"),
        (checks.zone(), "../etc/passwd", ""),
        (checks.zone(), "", ""),
        (checks.zone(), 1, ""),
        (checks.day(), "2026-02-30", "day is out of range for month"),
        (checks.day(), "20261224", ""),
        (checks.day(), 20261224, ""),
        (checks.country(), "nl", "did you mean NL?"),
        (checks.country(), "AX-1", "parts of AX: none"),
        (WORDS, [], ""),
        (WORDS, "mon", ""),
        (WORDS, ["mon", "mon"], "one of them is there twice"),
        (WORDS, ["mon", "tuo"], "'tuo' is not one of mon, tue"),
        (WORDS, ["mon", ["tue"]], "['tue'] is not one of mon, tue"),
        (checks.hours(), [], ""),
        (checks.hours(), ["9:00-17:00"], "'9:00-17:00' is not HH:MM-HH:MM"),
        (checks.hours(), ["09:00-09:00"], "09:00-09:00 does not end after it starts on the same day"),
        (checks.hours(), ["22:00-24:30"], "22:00-24:30 does not end after it starts on the same day"),
        (checks.hours(), ["13:00-17:00", "09:00-12:00"], "they must be in order and must not overlap"),
        (checks.hours(), ["09:00-12:01", "12:00-13:00"], "they must be in order and must not overlap"),
    ],
)
def test_anything_else_is_refused_with_a_hint_where_there_is_one(check: Check, value: Any, hint: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # the message is compared below
        check.accept(value)
    assert str(refused.value) == hint


@pytest.mark.parametrize(
    ("check", "text", "value"),
    [
        (checks.whole(1, 12), "-7", -7),
        (checks.whole(1, 12), "1.0", "1.0"),
        (checks.whole(1, 12), "1_0", "1_0"),
        (checks.whole(1, 12), "9" * 5000, "9" * 5000),
        (checks.number(), "0.5", 0.5),
        (checks.number(), "1e2", 100.0),
        (checks.number(), "nan", "nan"),
        (checks.flag(), "True", True),
        (checks.flag(), "false", False),
        (checks.flag(), "1", "1"),
        (checks.zone(), "UTC", "UTC"),
        (checks.zone(), '"UTC"', "UTC"),
        (checks.text("a path"), '"', '"'),
        (checks.text("a path"), '"a"b"', '"a"b"'),
        (WORDS, "mon, tue,", ["mon", "tue"]),
        (WORDS, '["mon", "tue"]', ["mon", "tue"]),
        (WORDS, "[mon", "[mon"),
        (WORDS, "", []),
    ],
)
def test_a_text_of_the_environment_becomes_a_value(check: Check, text: str, value: Any) -> None:
    assert check.from_text(text) == value


def test_a_folder_of_zones_is_no_zone() -> None:
    with pytest.raises(ValueError, match=r"^did you mean E"):
        checks.zone().accept("Europe")


def test_an_unknown_part_of_a_country_is_told_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"^parts of DE: .*BY"):
        checks.country().accept("DE-XX")
