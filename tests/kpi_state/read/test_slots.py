from kpi_state.read.slots import grains


def test_something_of_a_rep_counts_for_the_rep_the_team_and_the_organisation() -> None:
    assert grains("ann", "North") == (("rep", "ann"), ("team", "North"), ("org", "*"))


def test_who_has_no_team_counts_in_no_team() -> None:
    assert grains("unmapped", "") == (("rep", "unmapped"), ("org", "*"))
