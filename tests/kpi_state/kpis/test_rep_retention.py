from kpi_state.kpis.rep_retention import KPI


def test_it_is_read_from_the_roster_for_teams_and_the_organisation_alone() -> None:
    assert (KPI.reading, KPI.grains, dict(KPI.contribute)) == ("retention", ("team", "org"), {})


def test_the_value_is_those_who_stayed_of_those_who_were_there() -> None:
    assert KPI.value({"employed_at_start": 7, "still_employed": 3}) == (3, 7)
