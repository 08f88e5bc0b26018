from bench.alerting import NOON, figures, reader_of


def test_the_floor_that_is_measured_has_baselines_and_everything_is_measured() -> None:
    reader = reader_of(reps=2, weeks=3)

    assert {each.samples for each in reader.baselines(NOON)} == {3}
    assert all((each.normal or 0) > 0 for each in reader.baselines(NOON))
    assert all(took >= 0 for took in figures(reps=2, weeks=1).values())
