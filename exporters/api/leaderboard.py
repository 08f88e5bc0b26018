"""/api/leaderboard: reps or teams by one number."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from exporters.api.asked import Label, Stem, check_window
from exporters.api.endpoint import Answer, Endpoint, RefusedError
from exporters.api.figures import figure
from exporters.api.naming import chosen_labels, unknown
from exporters.api.ranking import ranks
from exporters.api.reps import HIDDEN
from exporters.api.teams import known_teams
from exporters.index import Board, Index, Number
from exporters.shown import Shown
from exporters.view import View
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.attainment import direction
from kpi_state.read.document import instant_text
from kpi_state.read.slots import Slot

MOST = 1_000


class WhichBoard(msgspec.Struct, frozen=True):
    """Which board, and how much of it."""

    kpi: Stem
    window: Annotated[str, Meta(description="A window of the KPI, such as day, month, rolling_30d or now.")]
    grain: Annotated[Literal["rep", "team"], Meta(description="Who is compared.")] = "rep"
    team: Annotated[str, Meta(description="Reps of this team alone.")] | UnsetType = UNSET
    label: Annotated[tuple[Label, ...], Meta(description="NAME=VALUE, if the KPI has several boards; repeatable.")] = ()
    limit: Annotated[int, Meta(ge=1, le=MOST, description="Rows at most.")] = 50


class Standing(msgspec.Struct, frozen=True):
    """A row. rank: 1 is the best, equal values share it.  name, team: of a rep, as may be shown."""

    rank: int
    key: str
    name: str
    team: str
    bucket: str
    value: Number
    parts: dict[str, Number]
    target: Number | None
    expected: Number | None
    attainment: Number | None
    pace: Number | None


class Leaderboard(msgspec.Struct, frozen=True):
    """A board. direction: whether more is better (at_least) or less (at_most).  of: how many there are in all."""

    as_of: str
    kpi: str
    window: str
    grain: str
    labels: dict[str, str]
    direction: str
    of: int
    rows: list[Standing]


async def leaderboard(view: View, asked: WhichBoard) -> Answer:
    """The board, by what is shown."""
    check_window(view.settings, asked.kpi, asked.window)
    if asked.grain == "rep" and view.settings.privacy.rep_labels == "none":
        raise RefusedError(403, HIDDEN)
    if asked.grain == "team" and asked.team is not UNSET:
        raise RefusedError(400, "team picks reps: leave it out, or ask for grain=rep")

    def work(shown: Shown, index: Index) -> Leaderboard:
        if asked.team is not UNSET and asked.team not in (there := known_teams(shown, index, view.settings)):
            raise unknown(400, "team", asked.team, there)
        labels = chosen_labels(asked.kpi, asked.label, index.labels(asked.kpi, asked.grain, asked.window))
        values = index.on(Board(asked.kpi, asked.grain, asked.window, labels))
        if asked.team is not UNSET:
            values = {key: value for key, value in values.items() if _team(shown, key) == asked.team}
        better = direction(BY_STEM[asked.kpi])
        ranked = ranks(values, better)
        order = sorted(ranked.items(), key=lambda item: (item[1], _name(shown, item[0]).casefold(), item[0]))
        rows = [
            _row(shown, place, Slot(asked.kpi, asked.grain, key, asked.window, "", labels), values[key])
            for key, place in order[: asked.limit]
        ]
        return Leaderboard(
            instant_text(shown.as_of), asked.kpi, asked.window, asked.grain, dict(labels), better, len(order), rows
        )

    return Answer(await view.look(work))


def _row(shown: Shown, rank: int, place: Slot, value: Number) -> Standing:
    said = figure(shown, place, [])
    of_rep = place.grain == "rep"
    return Standing(
        rank=rank,
        key=place.key,
        name=_name(shown, place.key) if of_rep else "",
        team=_team(shown, place.key) if of_rep else "",
        bucket=said.bucket,
        value=value,
        parts=said.parts,
        target=said.target,
        expected=said.expected,
        attainment=said.attainment,
        pace=said.pace,
    )


def _team(shown: Shown, rep: str) -> str:
    person = shown.people.get(rep)
    return person.team if person else ""


def _name(shown: Shown, key: str) -> str:
    person = shown.people.get(key)
    return person.name if person else ""


ENDPOINT = Endpoint(
    path="/api/leaderboard",
    name="leaderboard",
    says="Reps or teams by one current number, the best first; equal values share a rank.",
    asked=WhichBoard,
    answer=Leaderboard,
    handle=leaderboard,
    errors={403: "Reps are not shown."},
)
