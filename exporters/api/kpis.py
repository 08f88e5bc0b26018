"""/api/kpis: the document of `replay`."""

from __future__ import annotations

from typing import Literal

import msgspec

from exporters.api.endpoint import Answer, Endpoint
from exporters.mirror import Mirror
from exporters.view import View
from kpi_state.read.document import Input, document
from kpi_state.read.samples import Reader, Sample


class Asked(msgspec.Struct, frozen=True):
    """What of the document."""

    all: Literal["0", "1"] = "0"


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


async def kpis(view: View, asked: Asked) -> Answer:
    """The document, of the current windows or all."""

    def work(mirror: Mirror[Reader], now: int) -> bytes:
        samples = mirror.rows.samples(now, current=asked.all == "0")
        read, quarantined = mirror.inputs()
        return document(now, Input(read, 0, quarantined), view.disguise.samples(samples, mirror.rows.people(now)))

    return Answer(await view.read(work))


ENDPOINT = Endpoint(
    path="/api/kpis",
    name="kpis",
    says="The numbers of every KPI, as `replay` prints them.",
    asked=Asked,
    answer=Document,
    handle=kpis,
)
