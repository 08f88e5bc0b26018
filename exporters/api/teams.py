"""/api/teams/NAME: who belongs to a team, and how it stands."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from exporters.api.endpoint import Answer, Endpoint
from exporters.api.figures import Figure, figures
from exporters.api.naming import unknown
from exporters.index import Index
from exporters.shown import Shown
from exporters.view import View
from kpi_state.definitions import ReadSettings
from kpi_state.read.document import instant_text


class WhichTeam(msgspec.Struct, frozen=True):
    """Which team."""

    team: Annotated[str, Meta(min_length=1)]


class Member(msgspec.Struct, frozen=True):
    """A rep of a team, as may be shown; working and absent are null for who is not employed today."""

    rep: str
    name: str
    working: bool | None
    absent: bool | None


class TeamNow(msgspec.Struct, frozen=True):
    """A team.

    working: whether anybody is at work now.  reps: employed today.  absent: of those, away today.  members: empty where
    reps are not shown.
    """

    as_of: str
    team: str
    working: bool
    reps: int
    absent: int
    members: list[Member]
    kpis: list[Figure]


async def teams(view: View, asked: WhichTeam) -> Answer:
    """The team, by what is shown."""

    def work(shown: Shown, index: Index) -> TeamNow:
        if asked.team not in (there := known_teams(shown, index, view.settings)):
            raise unknown(404, "team", asked.team, there)
        present = shown.presence.get(("team", asked.team))
        return TeamNow(
            as_of=instant_text(shown.as_of),
            team=asked.team,
            working=bool(present and present.working),
            reps=present.reps if present else 0,
            absent=present.absent if present else 0,
            members=_members(shown, asked.team),
            kpis=figures(shown, index, "team", asked.team),
        )

    return Answer(await view.look(work))


def known_teams(shown: Shown, index: Index, settings: ReadSettings) -> set[str]:
    """The teams that are shown; where small ones are hidden, those that have numbers there."""
    found = set(index.keys("team"))
    if settings.privacy.rep_labels in {"names", "ids"}:
        found |= {person.team for person in shown.people.values()} | settings.teams.keys()
    return found - {""}


def _members(shown: Shown, team: str) -> list[Member]:
    found: list[Member] = []
    for rep, person in sorted(shown.people.items()):
        if person.team == team:
            present = shown.presence.get(("rep", rep))
            working, absent = (present.working, bool(present.absent)) if present else (None, None)
            found.append(Member(rep, person.name, working, absent))
    return found


ENDPOINT = Endpoint(
    path="/api/teams/{team}",
    name="team",
    says="A team: members, presence, and every current KPI with its target and its place on the boards.",
    asked=WhichTeam,
    answer=TeamNow,
    handle=teams,
    errors={404: "There is no such team."},
)
