"""Parameters that several endpoints share."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from exporters.api.endpoint import RefusedError
from kpi_state.definitions import ReadSettings
from kpi_state.measures.registry import ALL, BY_STEM
from kpi_state.read.readings import windows_of

Stem: Any = Annotated[Literal[tuple(kpi.stem for kpi in ALL)], Meta(description="A KPI, or a supporting measure.")]
"""The name of a KPI."""
Grain = Literal["rep", "team", "org"]
Label: Any = Annotated[str, Meta(pattern="^[a-z_]+=", extra={"expected": "NAME=VALUE, such as currency=EUR"})]
"""One label of a number."""
Bucket: Any = Annotated[
    str,
    Meta(
        pattern=r"^(|\d{4}|\d{4}-\d{2}(-\d{2}(T\d{2}:00[+-]\d{2}:\d{2})?)?|\d{4}-W\d{2}|FY\d{4}(-Q[1-4])?)$",
        description="A period, such as 2026-02-20, 2026-W08, 2026-02 or FY2026-Q1; empty for windows that have none.",
        extra={"expected": "a period such as 2026-02-20, 2026-W08, 2026-02 or FY2026-Q1, or nothing"},
    ),
]
"""The name of a period."""


def check_window(settings: ReadSettings, stem: str, window: str) -> None:
    """Raises RefusedError (400) about a window that a KPI does not have."""
    there = windows_of(BY_STEM[stem], settings)
    if window not in there:
        raise RefusedError(400, f"window is {window!r}: {stem} has {', '.join(there)}")
