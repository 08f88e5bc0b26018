"""#8 Referrals."""

from __future__ import annotations

from kpi_state.buckets import Contributions, add, quarter
from kpi_state.entities.account import AccountView
from kpi_state.kpis.kpi import Example, Kpi, total

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
    example=Example(
        story=(
            "Account a1 is a customer until the end of June. The lead it recommends in May is a referral, the one of "
            "August is none."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "crm.contract.v1", "subject": "c1", "time": "2025-06-20T09:00:00Z",'
                ' "data": {"account_id": "a1", "starts_on": "2025-07-01", "ends_on": "2026-06-30"}}'
            ),
            (
                '{"type": "crm.lead.v1", "subject": "l1", "time": "2026-05-11T09:00:00Z",'
                ' "data": {"created_at": "2026-05-11T09:00:00Z", "owner_id": "anna", "referrer_account_id": "a1"}}'
            ),
            (
                '{"type": "crm.lead.v1", "subject": "l2", "time": "2026-08-11T09:00:00Z",'
                ' "data": {"created_at": "2026-08-11T09:00:00Z", "owner_id": "anna", "referrer_account_id": "a1"}}'
            ),
        ),
        as_of="2026-08-31T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "fiscal_year",
            "bucket": "FY2026",
            "labels": {},
            "parts": {"leads": 1},
            "value": 1,
        },
    ),
)
