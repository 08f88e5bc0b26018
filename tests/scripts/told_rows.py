"""Print what the core makes of a floor, as digests; a program, so that it can be run compiled and interpreted."""

import hashlib
import json
import sys
from datetime import date
from itertools import islice
from typing import Any

from floorpulse.demo.floor import floor
from kpi_state import apply
from kpi_state.apply import Applier, State
from kpi_state.definitions import Definitions
from kpi_state.events import ContractError, decode
from streams.routing import homes

EVENTS, COMMIT, PARTITIONS = 12_000, 700, 4


def told() -> dict[str, Any]:
    """How the core was run, how much it did, and a digest of everything it wrote and sent, commit by commit."""
    states = [State() for _ in range(PARTITIONS)]
    waiting: list[list[Any]] = [[] for _ in range(PARTITIONS)]
    home = homes(PARTITIONS)
    digest, refused, rows, links = hashlib.sha256(), 0, 0, 0

    def commit(partition: int) -> None:
        nonlocal rows, links
        applier = Applier(states[partition], Definitions(), home, partition)
        taken, waiting[partition] = waiting[partition], []
        for item in taken:
            applier.link(item) if isinstance(item, bytes) else applier.event(item)
        changes = applier.finish()
        for table in (changes.ledger, changes.tally, changes.roster):
            rows += len(table)
            for key, value in sorted(table.items()):  # as they are written they have no order
                digest.update(key + b"\0" + (value or b"") + b"\n")
        for target, key, value in changes.links:
            links += 1
            digest.update(f"{target}".encode() + key + b"\0" + value + b"\n")
            waiting[target].append(value)

    for heard in islice(floor(11, date(2026, 6, 1), date(2026, 9, 1)), EVENTS):
        try:
            event = decode(heard.value)
        except ContractError as error:
            refused += 1
            digest.update(str(error).encode())
            continue
        at = home(event.subject)
        waiting[at].append(event)
        if len(waiting[at]) >= COMMIT:
            commit(at)
    while any(waiting):
        for partition in range(PARTITIONS):
            if waiting[partition]:
                commit(partition)
    return {
        "interpreted": apply.__file__.endswith(".py"),
        "refused": refused,
        "rows": rows,
        "links": links,
        "digest": digest.hexdigest(),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(told()))
