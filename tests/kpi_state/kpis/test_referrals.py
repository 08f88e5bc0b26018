from kpi_state.kpis.referrals import KPI, STEM
from kpi_state.links import CONTRACT, REFERRED
from tests.told import at, gives, on, q, told


def test_each_lead_that_an_active_account_referred_counts_for_its_first_owner() -> None:
    row = told(
        "account",
        links={
            CONTRACT: {"k1": [on("2024-01-05"), None, None, "", "r1"]},
            REFERRED: {
                "l1": [at("2024-01-05 10:00"), "r1"],
                "l2": [at("2024-01-05 10:05"), "r1"],
                "l3": [at("2024-01-05 10:05"), "r2"],
                "l4": [at("2024-01-04 10:05"), "r2"],
            },
        },
    )

    assert gives(STEM, "account", row) == {
        ("r1", q("2024-01-05 10:00"), ()): (2,),
        ("r2", q("2024-01-05 10:00"), ()): (1,),
    }


def test_the_value_is_the_number_of_leads() -> None:
    assert KPI.value({"leads": 7}) == (7, 1)
