"""Stage flow: deals that came to a stage, and how deals left it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kpi_state.buckets import Contributions, add, quarter
from kpi_state.entities.opportunity import OpportunityView
from kpi_state.kpis.kpi import Example, Kpi, Ratio

STEM = "stage_flow"
EXITS: Final = ("moved_on", "moved_back", "won", "lost")


def opportunity(view: OpportunityView, out: Contributions) -> None:
    """One for its owner then, when it came to a stage, and when it left it."""
    for stay, (came, left) in zip(view.stays, view.stay_owners, strict=True):
        add(out, (STEM, came, quarter(stay.since), (stay.stage,)), (1, 0, 0, 0, 0))
        if stay.exit:
            exits = (int(stay.exit == each) for each in EXITS)
            add(out, (STEM, left, quarter(stay.until), (stay.stage,)), (0, *exits))


def _value(parts: Mapping[str, int]) -> Ratio:
    return parts["moved_on"] + parts["won"], sum(parts[each] for each in EXITS)


MEASURE = Kpi(
    number=0,
    stem=STEM,
    title="Stage flow",
    help="Share of the deals that left a stage in the window forwards, to a stage they were never in before or won.",
    formula="(moved on + won) ÷ (moved on + moved back + won + lost); beside it how many deals came to the stage",
    unit="ratio",
    article="supports #5",
    attribution="owner_at the moment",
    windows=("week", "month", "fiscal_quarter", "rolling_30d"),
    parts=("entered", *EXITS),
    reading="sums",
    value=_value,
    amounts=5,
    measure_labels=("stage",),
    label_sets=(("stage",),),
    free_text=("stage",),
    contribute={"opportunity": opportunity},
    example=Example(
        story=(
            "Anna's deal comes to Offer, goes back to Demo, comes to Offer again and is won there. Another comes to "
            "Offer and is lost. What is said of a stage after the close, such as Closed won, counts nowhere."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-02T09:00:00Z",'
                ' "data": {"owner_id": "anna", "stage": "Demo"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-04T09:00:00Z",'
                ' "data": {"stage": "Offer"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-06T09:00:00Z",'
                ' "data": {"stage": "Demo"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-09T09:00:00Z",'
                ' "data": {"stage": "Offer"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-20T09:00:00Z",'
                ' "data": {"outcome": "won", "stage": "Closed won"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o2", "time": "2026-03-10T09:00:00Z",'
                ' "data": {"owner_id": "anna", "stage": "Offer"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o2", "time": "2026-03-11T09:00:00Z",'
                ' "data": {"outcome": "lost"}}'
            ),
        ),
        as_of="2026-03-31T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "month",
            "bucket": "2026-03",
            "labels": {"stage": "Offer"},
            "parts": {"entered": 3, "moved_on": 0, "moved_back": 1, "won": 1, "lost": 1},
            "value": 1 / 3,
        },
    ),
)
