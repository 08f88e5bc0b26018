import json
import re

import pytest

from bench import rules


def test_a_floor_has_the_series_of_every_rep_and_team() -> None:
    names = [name for name, _ in rules.floor(20)]

    assert len(names) == len(set(names))
    of_a_rep = [name for name in names if 'rep_id="r7"' in name]
    of_a_team = [name for name in names if 'team="t1"' in name and "rep_id" not in name]
    assert len(of_a_rep) == len(of_a_team) > 10


def test_one_in_ten_rings_for_both_reasons() -> None:
    (test,) = json.loads(rules.document(40, 30))["tests"]

    assert test["promql_expr_test"][0]["exp_samples"] == [{"labels": "{}", "value": 8}]


@pytest.mark.promtool
def test_the_cost_of_an_evaluation_is_measured_while_alerts_ring(capsys: pytest.CaptureFixture[str]) -> None:
    rules.main(["--reps", "20", "--minutes", "30"])

    assert re.fullmatch(r"20 reps, 286 series: -?\d+ ms of CPU an evaluation\n", capsys.readouterr().out)
