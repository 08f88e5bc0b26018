"""/api/reps/ID: who a rep is, and how the rep stands."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from exporters.api.endpoint import Answer, Endpoint, RefusedError
from exporters.api.figures import Figure, figures
from exporters.api.naming import unknown
from exporters.index import Index
from exporters.shown import Shown
from exporters.view import View
from kpi_state.read.document import instant_text

HIDDEN = 'nothing is said of single reps: [privacy] rep_labels is "none"'


class WhichRep(msgspec.Struct, frozen=True):
    """Which rep."""

    rep: Annotated[str, Meta(min_length=1, description="Id as it is shown: where pseudonyms are shown, the pseudonym.")]


class Rep(msgspec.Struct, frozen=True):
    """A rep.

    name, team: now, empty for none and for names that are not shown.  working: in working hours now.  absent: today;
    both null for who is not employed today.
    """

    as_of: str
    rep: str
    name: str
    team: str
    working: bool | None
    absent: bool | None
    kpis: list[Figure]


async def reps(view: View, asked: WhichRep) -> Answer:
    """The rep, by what is shown."""
    if view.settings.privacy.rep_labels == "none":
        raise RefusedError(403, HIDDEN)

    def work(shown: Shown, index: Index) -> Rep:
        person, present = shown.people.get(asked.rep), shown.presence.get(("rep", asked.rep))
        numbers = figures(shown, index, "rep", asked.rep)
        if person is None and not numbers:
            raise unknown(404, "rep", asked.rep, {*shown.people, *index.keys("rep")})
        return Rep(
            as_of=instant_text(shown.as_of),
            rep=asked.rep,
            name=person.name if person else "",
            team=person.team if person else "",
            working=present.working if present else None,
            absent=bool(present.absent) if present else None,
            kpis=numbers,
        )

    return Answer(await view.look(work))


ENDPOINT = Endpoint(
    path="/api/reps/{rep}",
    name="rep",
    says="A rep: team, presence, and every current KPI with its target and its place on the boards.",
    asked=WhichRep,
    answer=Rep,
    handle=reps,
    errors={403: "Reps are not shown.", 404: "There is no such rep."},
)
