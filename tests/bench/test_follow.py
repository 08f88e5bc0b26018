import re

import pytest

from bench import follow
from bench.follow import Followed, said

OWNS = 'at=2026-01-01T00:00:00Z level=info event=owns partitions="[0, 1]" followed_in_seconds=0.48 rows_followed=7'


@pytest.mark.parametrize(("name", "value"), [("at", "2026-01-01T00:00:00Z"), ("rows_followed", "7"), ("level", "info")])
def test_a_value_of_a_line_of_the_log_is_found_by_its_name(name: str, value: str) -> None:
    assert said(OWNS, name) == value


def test_a_line_that_does_not_say_it_is_an_error() -> None:
    with pytest.raises(ValueError, match="no rows in"):
        said(OWNS, "rows")


def test_rows_a_second_are_printed() -> None:
    assert str(Followed(300_000, 2.0)) == "300,000 rows in 2.00 s: 150,000 rows/s"


@pytest.mark.kafka
def test_a_worker_follows_every_row_and_an_exporter_those_that_are_published(
    capsys: pytest.CaptureFixture[str],
) -> None:
    follow.main(["--events", "300"])

    worker, exporter = capsys.readouterr().out.splitlines()
    rows = [int(re.search(r": ([\d,]+) rows in", line)[1].replace(",", "")) for line in (worker, exporter)]  # type: ignore[index]
    assert worker.startswith("a worker takes over: ")
    assert exporter.startswith("an exporter starts: ")
    assert rows[0] > rows[1] > 100
