"""Which samples of the document are asked for; a name that means nothing is an error that says which do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from exporters.api.asked import Bucket, Grain, Label, Stem, check_window
from exporters.api.endpoint import RefusedError
from exporters.api.naming import pairs, unknown
from kpi_state.definitions import ReadSettings
from kpi_state.measures.registry import ALL, BY_STEM
from kpi_state.read.readings import windows_of
from kpi_state.read.sample import Person, Sample
from kpi_state.read.slots import Slot

Named = TypeVar("Named", Sample, Slot)


class WhichKpis(msgspec.Struct, frozen=True):
    """What of the document; what is left out picks everything."""

    all: Annotated[Literal["0", "1"], Meta(description="1: past periods too, not the current ones alone.")] = "0"
    supporting: Annotated[Literal["0", "1"], Meta(description="1: the supporting measures too.")] = "0"
    kpi: Stem | UnsetType = UNSET
    grain: Grain | UnsetType = UNSET
    key: Annotated[str, Meta(description="Id of a rep as it is shown, name of a team, * for org.")] | UnsetType = UNSET
    team: Annotated[str, Meta(description="Reps who are in this team now.")] | UnsetType = UNSET
    window: Annotated[str, Meta(description="Such as day, month, rolling_30d or now.")] | UnsetType = UNSET
    bucket: Bucket | UnsetType = UNSET
    label: Annotated[tuple[Label, ...], Meta(description="NAME=VALUE among its labels; repeatable.")] = ()


def wanted_of(settings: ReadSettings, asked: WhichKpis) -> dict[str, object]:
    """Field of a sample → its value, of what can be checked before looking; raises RefusedError (400)."""
    if asked.kpi is not UNSET and asked.window is not UNSET:
        check_window(settings, asked.kpi, asked.window)
    elif asked.window is not UNSET:
        windows = sorted({window for kpi in ALL for window in windows_of(kpi, settings)})
        if asked.window not in windows:
            raise RefusedError(400, f"window is {asked.window!r}: there are {', '.join(windows)}")
    labels = pairs(asked.label)
    kpis = ALL if asked.kpi is UNSET else (BY_STEM[asked.kpi],)
    names = sorted({name for kpi in kpis for each in kpi.label_sets for name in each})
    for name in labels:
        if name not in names:
            raise RefusedError(400, f"label is {name!r}: the names are {', '.join(names) or 'none'}")
    if asked.team is not UNSET and asked.grain not in {UNSET, "rep"}:
        raise RefusedError(400, "team picks reps: leave grain out, or ask for key=NAME of grain=team")
    given = {name: getattr(asked, name) for name in ("kpi", "grain", "key", "window", "bucket")}
    wanted: dict[str, object] = {name: value for name, value in given.items() if value is not UNSET}
    return wanted | ({"labels": labels} if labels else {})


def picked(
    samples: Sequence[Named], people: list[Person], settings: ReadSettings, asked: WhichKpis, wanted: dict[str, object]
) -> list[Named]:
    """The samples, or the places of samples, that are asked for; raises RefusedError (400) about a key or team that
    nobody has.
    """
    teams = {sample.key for sample in samples if sample.grain == "team"}
    if settings.privacy.rep_labels in {"names", "ids"}:
        teams |= {person.team for person in people if person.team} | settings.teams.keys()
    if asked.key is not UNSET:
        keys = {sample.key for sample in samples} | {person.rep for person in people} | teams
        if asked.key not in keys:
            raise unknown(400, "key", asked.key, keys)
    team: set[str] | None = None
    if asked.team is not UNSET:
        if asked.team not in teams:
            raise unknown(400, "team", asked.team, teams)
        team = {person.rep for person in people if person.team == asked.team}
    labels = wanted.get("labels", {})
    assert isinstance(labels, dict)
    fields = {name: value for name, value in wanted.items() if name != "labels"}
    return [
        sample
        for sample in samples
        if all(getattr(sample, name) == value for name, value in fields.items())
        and labels.items() <= dict(sample.labels).items()
        and (team is None or (sample.grain == "rep" and sample.key in team))
    ]
