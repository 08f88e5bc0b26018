import pytest

from kpi_state.normal import instant
from kpi_state.refusal import ContractError


def test_an_instant_is_microseconds_since_1970_with_finer_digits_cut() -> None:
    assert instant("1970-01-01T01:00:00.0000019+01:00") == 1


@pytest.mark.parametrize("text", ["yesterday", "2026-01-31", "2026-01-31T09:00:00", "2026-01-31T09:00:00.1234567"])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ContractError, match="time: expected a time with offset such as 2026-01-31T09:00:00Z"):
        instant(text)
