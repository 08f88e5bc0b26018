"""#10 Contacts to leads."""

from __future__ import annotations

from fractions import Fraction

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.contact import ContactView
from kpi_state.entities.lead import LeadView
from kpi_state.kpis.kpi import Kpi, Target, ratio

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
)
