from fractions import Fraction
from typing import Any

import pytest

from kpi_state.links import FIRST, TOUCH
from kpi_state.measures.speed_to_lead import STEM, WITHIN, quantile
from tests.statements import lead
from tests.told import at, gives, q, told

CREATED = "2024-01-05 10:00"
PLACE = ("r1", q(CREATED), ())


def counted(*, own: str | None = None, contact: str | None = None, **said: object) -> tuple[int, ...] | None:
    usual = {"created_at": CREATED, "owner_id": "r1", "contact_id": "c1"}
    heard: dict[str, dict[str, Any]] = {
        TOUCH: {"s": [at(own), "t", "r9"]} if own else {},
        FIRST: {"c1": at(contact)} if contact else {},
    }
    given = gives(STEM, "lead", told("lead", [lead("x", CREATED, **usual | said)], heard))
    return given.get(PLACE)


def answered_within(*which: int) -> tuple[int, ...]:
    return (1, 0, 1, *which)


def test_a_lead_counts_for_its_first_owner_when_it_was_created_with_how_soon_it_was_touched() -> None:
    assert counted(contact="2024-01-05 10:05") == answered_within(1, 1, 1, 1, 1, 1, 1, 1)
    assert counted(contact="2024-01-05 10:06") == answered_within(0, 1, 1, 1, 1, 1, 1, 1)
    assert counted(contact="2024-01-05 10:00") == answered_within(1, 1, 1, 1, 1, 1, 1, 1)
    assert counted(contact="2024-03-05 10:00") == answered_within(0, 0, 0, 0, 0, 0, 0, 0)


def test_the_earlier_of_its_own_touch_and_its_contacts_counts() -> None:
    assert counted(own="2024-01-05 10:20", contact="2024-01-05 12:00") == counted(contact="2024-01-05 10:20")
    assert counted(own="2024-01-05 12:00", contact="2024-01-05 10:20") == counted(contact="2024-01-05 10:20")
    assert counted(own="2024-01-05 10:20", contact_id=None) == counted(contact="2024-01-05 10:20")
    assert counted(own="2024-01-05 10:20", contact="2024-01-05 10:01", contact_id="c2") == counted(
        contact="2024-01-05 10:20"
    )


def test_a_lead_that_was_touched_before_or_not_yet_is_not_answered() -> None:
    assert counted(contact="2024-01-05 09:59") == (1, 1, 0, *[0] * len(WITHIN))
    assert counted() == (1, 0, 0, *[0] * len(WITHIN))


def test_a_lead_without_a_creation_or_merged_away_is_none() -> None:
    assert counted(created_at=None) is None
    assert counted(merged_into="w") is None


def histogram(*upto: int, answered: int | None = None) -> dict[str, int]:
    return {"answered": upto[-1] if answered is None else answered, **dict(zip(WITHIN, upto, strict=True))}


@pytest.mark.parametrize(
    ("parts", "median", "p90"),
    [
        (histogram(10, 10, 10, 10, 10, 10, 10, 10), 150, 270),
        (histogram(0, 10, 10, 10, 10, 10, 10, 10), 600, 840),
        (histogram(5, 5, 10, 10, 10, 10, 10, 10), 300, 3_060),
        (histogram(1, 1, 1, 1, 1, 1, 1, 1, answered=10), 2_592_000, 2_592_000),
        (histogram(0, 0, 0, 0, 0, 0, 0, 0, answered=1), 2_592_000, 2_592_000),
    ],
)
def test_a_quantile_is_interpolated_where_it_lies_and_at_most_the_last_bound(
    parts: dict[str, int], median: int, p90: int
) -> None:
    assert Fraction(*quantile(50)(parts)) == median
    assert Fraction(*quantile(90)(parts)) == p90


def test_of_no_answered_lead_there_is_none() -> None:
    assert quantile(50)(histogram(0, 0, 0, 0, 0, 0, 0, 0))[1] == 0
