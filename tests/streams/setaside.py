"""Records in the quarantine, put there as a worker puts them."""

from kpi_state.events import ContractError
from kpi_state.published import QUARANTINE
from streams.quarantine import quarantined
from tests.streams.floor import Floor
from tests.streams.records import Record

WRONG_FLAG = ContractError("data.deleted", "true or false", '"no"')


async def set_aside(stream: Floor, record: Record, error: ContractError = WRONG_FLAG) -> str:
    """Quarantine a record; where it is then. Its topic is without prefix."""
    out = quarantined(record, stream.settings.topic(record.topic), record.partition, error)
    sent = await stream.producer.send_and_wait(
        stream.settings.topic(QUARANTINE),
        out.value,
        out.key,
        partition=record.partition,
        timestamp_ms=out.timestamp_ms,
        headers=list(out.headers),
    )
    return f"{sent.topic}/{sent.partition}/{sent.offset}"
