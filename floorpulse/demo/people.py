"""The people of the simulated floor: forty reps in four teams and two time zones, and what HR says of them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from floorpulse.demo.wire import DAY, Statement, instant

BEGINNERS_QUOTA: Final = 8
"""Touchpoints a day that are asked of a rep in the first four weeks; of the others what floor.toml says."""
HEAD_OFFICE: Final = ZoneInfo("Europe/Amsterdam")
TEAMS: Final = {
    "North": "Europe/Helsinki",
    "Baltic": "Europe/Helsinki",
    "Centre": "Europe/Amsterdam",
    "Coast": "Europe/Amsterdam",
}
"""team → its time zone."""

# fmt: off
NAMES: Final = (  # ten a team
    "Aino", "Eero", "Helmi", "Ilmari", "Kaisa", "Lauri", "Minna", "Oskar", "Saara", "Toivo",
    "Agne", "Dainis", "Elina", "Jonas", "Katrin", "Liga", "Marius", "Nojus", "Ruta", "Tomas",
    "Bram", "Daan", "Emma", "Femke", "Jelle", "Lotte", "Milan", "Noor", "Sanne", "Thijs",
    "Anouk", "Bas", "Fleur", "Guus", "Iris", "Joost", "Karlijn", "Maud", "Ruben", "Wout",
)
# fmt: on


class Rep(NamedTuple):
    """A rep as the simulation knows him or her.

    pace: touches a day.  charm: share of conversations that move a lead on.  reply: share of calls that are answered.
    last: the last day of employment, if the rep leaves.
    """

    id: str
    name: str
    team: str
    zone: ZoneInfo
    extension: str
    phone_id: str
    pace: int
    charm: float
    reply: float
    first: date
    last: date | None

    def employed(self, day: date) -> bool:
        """Whether the rep works here on that day."""
        return self.first <= day and (self.last is None or day <= self.last)

    def local(self, day: date, at: time) -> int:
        """A local time of the rep's in microseconds since 1970."""
        return instant(datetime.combine(day, at, self.zone))


def floor_reps(seed: int, first: date, live: date) -> list[Rep]:
    """Forty reps: most have been here for years, two began since `first`, one leaves before `live`."""
    random = Random(f"{seed}/people")
    reps = []
    for number, name in enumerate(NAMES):
        team = list(TEAMS)[number // 10]
        began = first - timedelta(days=random.randrange(120, 2_500))
        if number in {14, 33}:
            began = first + timedelta(days=random.randrange(1, max(2, (live - first).days)))
        rep = Rep(
            id=name.lower(),
            name=name,
            team=team,
            zone=ZoneInfo(TEAMS[team]),
            extension=str(2_001 + number),
            phone_id=f"u{7_301 + 13 * number}",
            pace=random.randrange(18, 42),
            charm=random.uniform(0.2, 0.6),
            reply=random.uniform(0.25, 0.5),
            first=began,
            last=live - timedelta(days=4) if number == 7 else None,
        )
        reps.append(rep)
    return reps


def announcements(reps: list[Rep], first: date, live: date, away: str) -> Iterator[Statement]:
    """What HR says: the roster, a smaller quota for who is new, a move between teams, and an absence.

    away: the rep who is on leave on the live day.
    """
    said = instant(datetime.combine(first, time(0), HEAD_OFFICE)) - 2 * DAY
    for rep in reps:
        facts = {
            "name": rep.name,
            "team": rep.team,
            "manager_id": next(other.id for other in reps if other.team == rep.team),
            "timezone": rep.zone.key,
            "first_day": rep.first.isoformat(),
            "emails": [f"{rep.id}@floor.example"],
            "extensions": [rep.extension],
            "external_ids": {"dialer": rep.phone_id},
        }
        yield Statement(said, "rep", rep.id, facts)
        if rep.first > first:
            until = rep.first + timedelta(days=27)
            quota = {"value": BEGINNERS_QUOTA, "until": until.isoformat()}
            yield Statement(said, "target", f"touchpoints/rep:{rep.id}/day/{rep.first.isoformat()}", quota)
        if rep.last:
            yield Statement(rep.local(rep.last, time(9, 5)), "rep", rep.id, {"last_day": rep.last.isoformat()})
    mover = [rep for rep in reps if rep.team == "Coast"][-1]
    halfway = first + (live - first) // 2
    yield Statement(mover.local(halfway, time(0)), "rep", mover.id, {"team": "Centre"})
    leave = {"rep_id": away, "from": live.isoformat(), "until": (live + timedelta(days=4)).isoformat(), "kind": "leave"}
    yield Statement(said, "absence", f"leave-{away}", leave)
