"""/api/kpis: the document of `replay`."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from exporters.api.endpoint import Answer, Endpoint
from exporters.api.picking import Named, WhichKpis, picked, wanted_of
from exporters.mirror import Mirror
from exporters.view import View
from kpi_state.buckets import Amounts
from kpi_state.kpis import registry as book
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.document import Input, document
from kpi_state.read.sample import Person, sampled
from kpi_state.read.samples import Reader, Sample
from kpi_state.read.slots import Slot


class Counts(msgspec.Struct, frozen=True):
    """Events that came in, repeats included."""

    read: int
    after_as_of: int
    quarantined: int


class Document(msgspec.Struct, frozen=True):
    """What `replay` prints."""

    as_of: str
    input: Counts
    samples: list[Sample]


class _Found(NamedTuple):
    """What is looked up while nothing else is; the document is made of it later."""

    now: int
    input: Input
    people: list[Person]
    samples: list[Sample]
    """Of all periods, when those are asked for."""
    numbers: dict[Slot, Amounts]
    """Of the current windows alone."""


async def kpis(view: View, asked: WhichKpis) -> Answer:
    """The document, of the current windows or all, or what of it is asked for.

    The current windows are those that everybody is shown; those of the past are added up by whoever asks for them.
    """
    wanted = wanted_of(view.settings, asked)
    supporting = asked.supporting == "1" or (asked.kpi is not UNSET and not BY_STEM[asked.kpi].number)

    def look(mirror: Mirror[Reader], now: int) -> _Found:
        shown = view.shown
        shown.look(mirror, now)
        read, quarantined = mirror.inputs()
        people, counts = [*shown.people.values()], Input(read, 0, quarantined)
        if asked.all == "0":
            return _Found(now, counts, people, [], dict(shown.current()))
        samples = mirror.rows.samples(now, supporting=supporting)
        return _Found(now, counts, people, view.disguise.samples(samples, mirror.rows.people(now)), {})

    def made(found: _Found) -> bytes:
        def of(all_there_are: list[Named]) -> list[Named]:
            if not wanted and asked.team is UNSET:
                return all_there_are
            return picked(all_there_are, found.people, view.settings, asked, wanted)

        if asked.all == "1":
            return document(found.now, found.input, of(found.samples))
        kpis = BY_STEM if supporting else book.BY_STEM
        slots = sorted(of([slot for slot in found.numbers if slot.kpi in kpis]))
        return document(found.now, found.input, [sampled(slot, found.numbers[slot]) for slot in slots])

    return Answer(await asyncio.to_thread(made, await view.read(look)))


ENDPOINT = Endpoint(
    path="/api/kpis",
    name="kpis",
    says="The numbers of every KPI, as `replay` prints them.",
    asked=WhichKpis,
    answer=Document,
    handle=kpis,
)
