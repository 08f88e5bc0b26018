from kpi_state.kpis.rep_ramp_up import KPI


def test_it_is_read_from_the_roster_and_from_touchpoints() -> None:
    assert (KPI.reading, dict(KPI.contribute)) == ("ramp", {})


def test_the_value_is_the_mean_of_days_and_leaves_out_who_is_pending() -> None:
    assert KPI.value({"reps": 2, "days_sum": 7, "pending": 1, "pending_days_sum": 99}) == (7, 2)
