"""#8 Referrals."""

from __future__ import annotations

from kpi_state.buckets import Contributions, add, quarter
from kpi_state.entities.account import AccountView
from kpi_state.kpis.kpi import Kpi, total

STEM = "referrals"


def account(view: AccountView, out: Contributions) -> None:
    """One for the first owner of each lead that it referred while active."""
    for referral in view.referrals:
        add(out, (STEM, referral.owner, quarter(referral.created), ()), (1,))


KPI = Kpi(
    number=8,
    stem=STEM,
    title="Referrals",
    help="Leads created in the window that an active customer referred.",
    formula="number of leads created in the window whose referrer_account_id was active on the creation date",
    unit="leads",
    article="De 9 belangrijkste KPI's voor Sales teams (CBEE Remarkable) #8",
    attribution="owner_first of the lead",
    windows=("month", "fiscal_quarter", "fiscal_year"),
    parts=("leads",),
    reading="sums",
    value=total("leads"),
    amounts=1,
    contribute={"account": account},
)
