"""/api/goals: the targets that hold, and what of them is expected by now."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from exporters.api.endpoint import Answer, Endpoint, Nothing
from exporters.mirror import Mirror
from exporters.view import View
from kpi_state.read.document import instant_text
from kpi_state.read.sample import quotient
from kpi_state.read.samples import Reader


class Aim(msgspec.Struct, frozen=True):
    """A target in the unit of its KPI's value; `expected` is null where nothing is due by a moment."""

    kpi: str
    grain: str
    key: str
    window: str
    target: int | float
    expected: int | float | None


class Goals(msgspec.Struct, frozen=True):
    """Every target that holds."""

    as_of: str
    goals: list[Aim]


async def goals(view: View, _asked: Nothing) -> Answer:
    """Targets that may be shown."""

    def work(mirror: Mirror[Reader], now: int) -> Goals:
        shown = view.disguise.goals(mirror.rows.goals(now), mirror.rows.people(now))
        aims = [
            Aim(*goal[:4], number(goal.target), None if goal.expected is None else number(goal.expected))
            for goal in shown
        ]
        return Goals(instant_text(now), aims)

    return Answer(await view.read(work))


def number(exact: Fraction) -> int | float:
    """A number that JSON can say."""
    return quotient(exact.numerator, exact.denominator)


ENDPOINT = Endpoint(
    path="/api/goals",
    name="goals",
    says="The targets that hold, and what of them is expected by now.",
    answer=Goals,
    handle=goals,
)
