"""#11 Disqualification factor."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from kpi_state.buckets import Contributions, instant, quarter
from kpi_state.entities.appointment import PENDING, AppointmentView
from kpi_state.kpis.kpi import Example, Kpi, Ratio, Target

STEM = "appointment_disqualification"


def appointment(view: AppointmentView, out: Contributions) -> None:
    """One for who set it: decided when the verdict fell, or pending since it was set."""
    if view.verdict == PENDING:
        if view.set_at is not None:
            out[(STEM, view.rep, instant(view.set_at), ("",))] = (0, 0, 1)
    else:
        rejected = view.verdict == "rejected"
        out[(STEM, view.rep, quarter(view.verdict_at), (view.reason if rejected else "",))] = (1, int(rejected), 0)


def _value(parts: Mapping[str, int]) -> Ratio:
    if "pending" in parts:
        return parts["pending_age_seconds_sum"], 1_000_000 * parts["pending"]
    return parts["rejected"], parts["decided"]


KPI = Kpi(
    number=11,
    stem=STEM,
    title="Disqualification factor",
    help="Share of the appointments decided in the window that were rejected; beside it the pending ones.",
    formula="rejected ÷ (accepted + rejected), by verdict_at",
    unit="ratio",
    article="Inside sales KPI's #11",
    attribution="set_by",
    windows=("month", "fiscal_quarter", "rolling_30d", "now"),
    parts=("decided", "rejected"),
    other_parts={("window", "now"): ("pending", "pending_age_seconds_sum")},
    whole=("decided",),
    reading="sums",
    value=_value,
    amounts=3,
    measure_labels=("reason",),
    label_sets=((), ("reason",)),
    free_text=("reason",),
    target=Target(direction="at_most", default=Fraction(5, 100), note="30 % is common"),
    contribute={"appointment": appointment},
    example=Example(
        story=(
            "Of three appointments that Anna set two are decided in March: one accepted, one rejected for lack of "
            "budget. The third is pending and waits beside them."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "crm.appointment.v1", "subject": "p1", "time": "2026-03-02T09:00:00Z",'
                ' "data": {"set_by": "anna", "set_at": "2026-03-02T09:00:00Z"}}'
            ),
            (
                '{"type": "crm.appointment.v1", "subject": "p2", "time": "2026-03-02T09:00:00Z",'
                ' "data": {"set_by": "anna", "set_at": "2026-03-02T09:00:00Z"}}'
            ),
            (
                '{"type": "crm.appointment.v1", "subject": "p3", "time": "2026-03-02T09:00:00Z",'
                ' "data": {"set_by": "anna", "set_at": "2026-03-02T09:00:00Z"}}'
            ),
            (
                '{"type": "crm.appointment.v1", "subject": "p1", "time": "2026-03-05T16:00:00Z",'
                ' "data": {"verdict": "accepted"}}'
            ),
            (
                '{"type": "crm.appointment.v1", "subject": "p2", "time": "2026-03-06T16:00:00Z",'
                ' "data": {"verdict": "rejected", "reason": "no budget"}}'
            ),
        ),
        as_of="2026-03-31T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "month",
            "bucket": "2026-03",
            "labels": {"reason": "no budget"},
            "parts": {"decided": 2, "rejected": 1},
            "value": 0.5,
        },
    ),
)
