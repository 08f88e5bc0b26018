"""/api/explain: what a number is made of, told by the workers that own its entities.

The exporter knows the cells of a number, each worker which of its entities contribute to them. What all of them tell
must come to what is published, cell by cell; where it does not, or where somebody could not be asked, that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from exporters.api.asked import Bucket, Grain, Label, Stem, check_window
from exporters.api.endpoint import Answer, Endpoint, RefusedError
from exporters.api.explained import Explained, explained, known_of, nothing, of_people
from exporters.api.naming import chosen_labels, unknown
from exporters.api.reps import HIDDEN
from exporters.index import Index
from exporters.shown import Shown
from exporters.view import View
from exporters.workers import SECONDS, Heard, ask_workers
from kpi_state.apply import fingerprint
from kpi_state.buckets import Amounts, Cell
from kpi_state.explain.asking import Ask, answers, question
from kpi_state.explain.contributions import measured
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.calendar import PERIODS
from kpi_state.read.identities import NOBODY
from kpi_state.read.slots import ORGANISATION, Slot

MOST = 1_000
NO_ANSWER = "it answers about what was not asked: is it of another version?"


class WhichNumber(msgspec.Struct, frozen=True):
    """Which number, and how many of its entities are named."""

    kpi: Stem
    grain: Grain
    window: Annotated[str, Meta(description="A window of the KPI, such as day, month, rolling_30d or now.")]
    key: Annotated[str, Meta(description="Id of a rep as it is shown, name of a team, * for org.")] = ORGANISATION
    bucket: Bucket | UnsetType = UNSET  # the current one
    label: Annotated[tuple[Label, ...], Meta(description="NAME=VALUE, if there are several numbers; repeatable.")] = ()
    limit: Annotated[int, Meta(ge=0, le=MOST, description="Entities that are named, at most.")] = 50


async def explain(view: View, asked: WhichNumber) -> Answer:
    """The number and what makes it up."""
    check_window(view.settings, asked.kpi, asked.window)
    if asked.grain == "rep" and view.settings.privacy.rep_labels == "none":
        raise RefusedError(403, HIDDEN)
    shown_slot = await view.look(lambda shown, index: _slot(shown, index, asked))
    measure = measured(BY_STEM[asked.kpi])
    if measure is None:
        return Answer(await view.read(lambda mirror, now: of_people(view, mirror, now, shown_slot, asked.limit)))
    known = await view.read(lambda mirror, now: known_of(view, mirror, now, shown_slot, measure.stem))
    limit = asked.limit if view.disguise.shows_all else 0
    own, cells = fingerprint(view.settings.definitions), question(known.some.cells)
    heard = await ask_workers(
        known.owners, lambda those: Ask(own, known.measure, cells, those, limit, SECONDS), token=view.token
    )
    believed = [_believed(each, known.some.cells) for each in heard]
    return Answer(await view.read(lambda mirror, now: explained(view, mirror, now, shown_slot, known, believed, limit)))


def _believed(heard: Heard, cells: Mapping[Cell, Amounts]) -> Heard:
    """What was heard, if it is an answer to what was asked."""
    if heard.told is None or answers(heard.told, cells):
        return heard
    return heard._replace(told=None, trouble=NO_ANSWER)


def _slot(shown: Shown, index: Index, asked: WhichNumber) -> Slot:
    """Where the number stands, as it is shown."""
    if asked.bucket and asked.window != "hour" and asked.window not in PERIODS:
        raise RefusedError(400, f"bucket is {asked.bucket!r}: {asked.window} has no periods, leave bucket out")
    labels = chosen_labels(asked.kpi, asked.label, index.labels(asked.kpi, asked.grain, asked.window))
    key = ORGANISATION if asked.grain == "org" else asked.key
    keys = {*index.keys(asked.grain), *(NOBODY.union(shown.people) if asked.grain == "rep" else ())}
    if asked.grain == "org" and asked.key != ORGANISATION:
        raise RefusedError(400, f"key is {asked.key!r}: of grain=org it is {ORGANISATION}, or left out")
    if key not in keys:
        raise unknown(404, asked.grain, key, keys)
    if asked.bucket is not UNSET:
        return Slot(asked.kpi, asked.grain, key, asked.window, asked.bucket, labels)
    place = Slot(asked.kpi, asked.grain, key, asked.window, "", labels)
    sample = shown.samples.get(place)
    if sample is None:
        raise nothing(place)
    if asked.window == "hour" and not sample.bucket:
        raise RefusedError(400, "bucket: its hours are of several zones; say which, such as 2026-02-20T10:00+01:00")
    return place._replace(bucket=sample.bucket)


ENDPOINT = Endpoint(
    path="/api/explain",
    name="explain",
    says="What a number is made of: its entities, what each adds, and the statements that decided it.",
    asked=WhichNumber,
    answer=Explained,
    handle=explain,
    errors={403: "Reps are not shown.", 404: "There is no such rep or team, or nothing counts there."},
)
