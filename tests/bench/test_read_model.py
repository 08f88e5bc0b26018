import re
import sys

import pytest

from bench import read_model


@pytest.mark.redis
def test_it_measures_four_ways_of_writing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["read_model", "--reps", "2"])
    read_model.main()
    lines = capsys.readouterr().out.splitlines()

    ways = ["into an empty server", "5 % changed", "nothing changed", "all read again"]
    assert [line.partition(":")[0] for line in lines[:4]] == ways
    assert re.fullmatch(r"112 numbers, \d+ MB in Redis", lines[4])
