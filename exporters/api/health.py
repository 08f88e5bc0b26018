"""/healthz and /readyz: whether the process lives, and whether its numbers are whole and current."""

from __future__ import annotations

import msgspec

from exporters.api.endpoint import Answer, Endpoint, Nothing
from exporters.view import View


class Alive(msgspec.Struct, frozen=True):
    """The process lives."""

    alive: bool


class Readiness(msgspec.Struct, frozen=True):
    """Whether the numbers are whole and current; `reason` says why not, in one line."""

    ready: bool
    reason: str
    age_seconds: int | float
    records_behind: int


def readiness(view: View) -> Readiness:
    """Of the state that is followed."""
    follower = view.follower
    reason = follower.not_ready()
    return Readiness(not reason, reason, round(follower.age_seconds(), 3), follower.records_behind)


async def healthz(_view: View, _asked: Nothing) -> Answer:
    """The process lives."""
    return Answer(Alive(alive=True))


async def readyz(view: View, _asked: Nothing) -> Answer:
    """503 unless ready."""
    state = readiness(view)
    return Answer(state, 200 if state.ready else 503)


HEALTHZ = Endpoint(
    path="/healthz", name="healthz", says="Whether the process lives.", answer=Alive, handle=healthz, numbers=False
)
READYZ = Endpoint(
    path="/readyz",
    name="readyz",
    says="Whether the numbers are whole and current.",
    answer=Readiness,
    handle=readyz,
    also=(503,),
    numbers=False,
)
