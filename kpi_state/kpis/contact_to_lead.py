"""#10 Contacts to leads."""

from __future__ import annotations

from fractions import Fraction

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.contact import ContactView
from kpi_state.entities.lead import LeadView
from kpi_state.kpis.kpi import Example, Kpi, Target, ratio

STEM = "contact_to_lead"


def contact(view: ContactView, out: Contributions) -> None:
    """One for the rep of its first touch."""
    if view.alive and view.first_touch:
        at, _, rep = view.first_touch
        out[(STEM, rep, quarter(at), ())] = (1, int(view.qualified))


def lead(view: LeadView, out: Contributions) -> None:
    """A lead without a contact is its own contact."""
    if view.alive and not view.contact and view.first_touch:
        at, _, rep = view.first_touch
        out[(STEM, rep, quarter(at), ())] = (1, int(view.qualified))


KPI = Kpi(
    number=10,
    stem=STEM,
    title="Contacts to leads",
    help="Share of the contacts first touched in the window who ever became a qualified lead.",
    formula="ever qualified ÷ contacts whose first effective touch lies in the window",
    unit="ratio",
    article="Inside sales KPI's #10",
    attribution="rep of the first touch",
    windows=("month", "fiscal_quarter", "rolling_30d"),
    parts=("contacts", "leads"),
    reading="sums",
    value=ratio("leads", "contacts"),
    amounts=2,
    target=Target(direction="at_least", default=Fraction(1, 10)),
    contribute={"contact": contact, "lead": lead},
    example=Example(
        story=(
            "Anna talks to two contacts for the first time in March. In May, when Ben has taken over, one of them is a "
            "qualified lead: one in two of Anna's contacts of March."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "telephony.call.v1", "subject": "t1", "time": "2026-03-03T10:00:00Z",'
                ' "data": {"rep_id": "anna", "contact_id": "k1", "disposition": "answered", "talk_seconds": 120}}'
            ),
            (
                '{"type": "telephony.call.v1", "subject": "t2", "time": "2026-03-04T10:00:00Z",'
                ' "data": {"rep_id": "anna", "contact_id": "k2", "disposition": "answered", "talk_seconds": 120}}'
            ),
            (
                '{"type": "crm.lead.v1", "subject": "l1", "time": "2026-04-20T09:00:00Z",'
                ' "data": {"contact_id": "k2", "owner_id": "ben", "created_at": "2026-04-20T09:00:00Z"}}'
            ),
            '{"type": "crm.lead.v1", "subject": "l1", "time": "2026-05-04T09:00:00Z", "data": {"status": "qualified"}}',
        ),
        as_of="2026-05-31T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "month",
            "bucket": "2026-03",
            "labels": {},
            "parts": {"contacts": 2, "leads": 1},
            "value": 0.5,
        },
    ),
)
