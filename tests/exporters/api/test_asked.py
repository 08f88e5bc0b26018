import re
from typing import get_args

import pytest
from msgspec import structs

from exporters.api.asked import Bucket, Stem, check_window
from exporters.api.endpoint import RefusedError
from kpi_state.measures.registry import ALL
from tests.exporters.floor import SETTINGS, seen


def test_every_kpi_and_supporting_measure_can_be_asked_for() -> None:
    literal, _ = get_args(Stem)
    assert set(get_args(literal)) == {kpi.stem for kpi in ALL}


def test_every_period_there_is_can_be_asked_for() -> None:
    pattern = get_args(Bucket)[1].pattern
    buckets = {sample.bucket for sample in seen().samples()}
    assert len(buckets) > 10
    assert [bucket for bucket in buckets if not re.search(pattern, bucket)] == []


def test_a_kpi_has_its_windows_and_those_the_settings_add() -> None:
    check_window(SETTINGS, "touchpoints", "day")
    with pytest.raises(RefusedError) as raised:
        check_window(SETTINGS, "leads_created", "rolling_2d")
    assert str(raised.value).startswith("window is 'rolling_2d': leads_created has day, ")
    check_window(structs.replace(SETTINGS, windows={"leads_created": ["rolling_2d"]}), "leads_created", "rolling_2d")
