"""Stock Faust, as its documentation shows it: a Record per event, a count per rep in a table, nothing else.

python -m faust -A bench.stock_faust worker: started by bench/against.py, which says in the environment where the broker
is, what the app is called, and whether it keeps a row of each subject besides (BENCH_ROWS=1).
"""

from __future__ import annotations

import os
from typing import Any

import faust

from bench.floor_topics import PARTITIONS, rep_of
from kpi_state.published import INPUTS


class Event(faust.Record):
    """A CloudEvent; what the comparison does not need is left out, as `faust.Record` allows."""

    id: str
    type: str
    subject: str
    data: dict[str, Any] = {}  # noqa: RUF012  # a default of a Record


app = faust.App(
    os.environ.get("BENCH_APP_ID", "bench-stock-faust"),
    broker=f"kafka://{os.environ.get('BENCH_BOOTSTRAP', '127.0.0.1:9092')}",
    store="memory://",
    topic_partitions=PARTITIONS,
    worker_redirect_stdouts=False,
    autodiscover=False,
)
events = app.topic(*INPUTS, value_type=Event, key_type=bytes, key_serializer="raw")
counts = app.Table("counts", default=int)
rows = app.Table("rows") if os.environ.get("BENCH_ROWS") else None


@app.on_rebalance_complete.connect
async def consuming(*_: Any, **__: Any) -> None:
    """Say that events are read from now on."""
    print("consuming", flush=True)


@app.agent(events)
async def count(stream: Any) -> None:
    """One for the rep that an event names, and the event as the row of its subject where rows are kept."""
    async for event in stream:
        if rows is not None:
            rows[event.subject] = event.data
        counts[rep_of(event.data)] += 1
