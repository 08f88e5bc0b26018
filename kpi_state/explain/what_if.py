"""What if: what the tallies would be, had one more thing been said. Nothing that is asked here changes the state."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_state.apply import Applier, State
from kpi_state.buckets import Amounts, Cell
from kpi_state.definitions import Definitions
from kpi_state.evaluate import difference
from kpi_state.events import Event, Value
from kpi_state.explain.witnesses import Who
from kpi_state.published import decode_tally


class Overlay(dict[bytes, bytes]):
    """Rows written over others that stay as they are; good for one commit, which reads no row that it removed."""

    def __init__(self, below: Mapping[bytes, bytes]) -> None:
        super().__init__()
        self._below = below

    def __missing__(self, key: bytes) -> bytes:
        return self._below[key]

    def get(self, key: bytes, default: bytes | None = None) -> bytes | None:  # type: ignore[override]
        """The row as written here, else as it is below."""
        return super().get(key, self._below.get(key, default))

    def __delitem__(self, key: bytes) -> None:
        self.pop(key, None)


def what_if(
    state: State, definitions: Definitions, who: Who, fields: Mapping[str, Value], time: int
) -> dict[Cell, Amounts]:
    """How the tallies would change if an event of `time`, later than all, said `fields` too."""
    over = State(Overlay(state.ledger), Overlay(state.tally), {})
    applier = Applier(over, definitions, _home, 0)
    applier.event(Event(*who, (time, "", "", ""), dict(fields)))
    deltas: dict[Cell, Amounts] = {}
    for key, value in applier.finish().tally.items():
        old = state.tally.get(key)
        difference(
            dict(decode_tally(key, value)) if value is not None else {},
            dict(decode_tally(key, old)) if old is not None else {},
            deltas,
        )
    return deltas


def _home(key: str) -> int:  # noqa: ARG001 - everything lives on the one partition
    return 0
