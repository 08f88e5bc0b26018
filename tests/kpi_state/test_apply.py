from hypothesis import given
from hypothesis import strategies as st

from kpi_state.apply import Applier, State
from kpi_state.definitions import Definitions
from kpi_state.events import ContractError, Event, decode
from tests.extremes import lines


def accepted(line: bytes) -> Event | None:
    try:
        return decode(line)
    except ContractError:
        return None


@given(
    st.lists(st.lists(lines(), min_size=1, max_size=16), max_size=4),
    st.sampled_from(("UTC", "Pacific/Apia", "Asia/Kathmandu")),
)
def test_no_event_that_the_contract_accepts_can_stop_a_partition(batches: list[list[bytes]], zone: str) -> None:
    state, definitions = State(), Definitions(organisation_timezone=zone, grace_days=3)
    for batch in batches:
        applier = Applier(state, definitions, lambda _: 0, 0)
        for line in batch:
            event = accepted(line)
            if event is not None:
                applier.event(event)
        applier.finish()
