import pytest

from bench import wall


@pytest.mark.kafka
@pytest.mark.chromium
def test_calls_are_timed_until_the_wall_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    wall.main(["--rates", "20,40", "--seconds", "1"])

    lines = capsys.readouterr().out.splitlines()
    kinds = [line.split(":")[0].split() for line in lines if " calls, p50 " in line]
    assert kinds == [["touchpoints", "at", "20/s"], ["touchpoints", "at", "40/s"]]
