"""/api/kpis: the document of `replay`."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from exporters.api.endpoint import Answer, Endpoint
from exporters.api.picking import WhichKpis, picked, wanted_of
from exporters.mirror import Mirror
from exporters.view import View
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.document import Input, document
from kpi_state.read.samples import Reader, Sample


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


async def kpis(view: View, asked: WhichKpis) -> Answer:
    """The document, of the current windows or all, or what of it is asked for."""
    wanted = wanted_of(view.settings, asked)

    def work(mirror: Mirror[Reader], now: int) -> bytes:
        supporting = asked.supporting == "1" or (asked.kpi is not UNSET and not BY_STEM[asked.kpi].number)
        samples = mirror.rows.samples(now, current=asked.all == "0", supporting=supporting)
        people = mirror.rows.people(now)
        shown = view.disguise.samples(samples, people)
        if wanted or asked.key is not UNSET or asked.team is not UNSET:
            shown = picked(shown, view.disguise.people(people), view.settings, asked, wanted)
        read, quarantined = mirror.inputs()
        return document(now, Input(read, 0, quarantined), shown)

    return Answer(await view.read(work))


ENDPOINT = Endpoint(
    path="/api/kpis",
    name="kpis",
    says="The numbers of every KPI, as `replay` prints them.",
    asked=WhichKpis,
    answer=Document,
    handle=kpis,
)
