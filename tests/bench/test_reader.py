from bench.reader import LEADS_EVERY, NOON, figures, follow, prepared, published


def test_the_floor_that_is_measured_counts_in_the_current_windows_and_before() -> None:
    reader = follow(published(reps=2, days=LEADS_EVERY))

    days = {each.bucket for each in reader.samples(NOON) if each.kpi == "touchpoints" and each.window == "day"}
    now = {each.bucket for each in reader.samples(NOON, current=True) if each.window == "day"}

    assert days == {"2026-06-03", "2026-06-04", "2026-06-05"}
    assert now == {"2026-06-05"}


def test_everything_is_measured() -> None:
    found = list(figures(reps=2, days=1))

    assert len(found) == 8
    assert all(seconds >= 0 and number > 0 for _, seconds, number in found)


async def test_an_exporter_gets_ready_while_its_event_loop_runs() -> None:
    took, longest = await prepared(published(reps=2, days=1))

    assert 0 < longest <= took
