from pathlib import Path

import pytest

from floorpulse.alerting.freshness import freshness
from floorpulse.alerting.rule import Addresses, Recording, document
from floorpulse.alerting.tuning import Tuning
from tests.prometheus.stories import FRESH, MINUTES, Series, judged


def fresh(series: Series, minute: int, value: int | None) -> dict[str, object]:
    samples = [] if value is None else [{"labels": "floor:data_fresh:bool", "value": value}]
    return {
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [{"expr": "floor:data_fresh:bool", "eval_time": f"{minute}m", "exp_samples": samples}],
    }


def with_pbx(values: str) -> Series:
    return {name: values if '"/pbx"' in name else was for name, was in FRESH.items()}


@pytest.mark.promtool
def test_data_is_fresh_while_every_source_speaks_and_the_exporter_shows_it(tmp_path: Path) -> None:
    silent = with_pbx(f"0x{MINUTES}")
    two_exporters = {
        **FRESH,
        'sales_exporter_age_seconds{instance="two:9464"}': f"45x{MINUTES}",
    }

    code, words = judged(
        tmp_path,
        [
            fresh(FRESH, 100, 1),
            fresh(silent, 15, 1),
            fresh(silent, 16, 0),
            fresh(two_exporters, 100, 0),
            fresh({}, 100, None),
        ],
    )

    assert code == 0, words


@pytest.mark.promtool
def test_a_retired_source_is_not_waited_for(tmp_path: Path) -> None:
    for retired, value in (("/pbx", 1), ("/pb", 0), ("/p.x", 0)):
        path = tmp_path / "fresh.yml"
        path.write_text(document("", [freshness(Tuning(), [retired, 'a "b"\\'])], Addresses(boards="")))

        code, words = judged(tmp_path, [fresh(with_pbx(f"0x{MINUTES}"), 100, value)], [path])

        assert code == 0, (retired, words)


def test_it_is_one_series() -> None:
    (rule,) = freshness(Tuning()).rules
    assert isinstance(rule, Recording)
