"""Tallies: deltas added to the rows of the tally table."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_state.buckets import Amounts, Cell, add
from kpi_state.evaluate import WIDTHS
from kpi_state.published import Group, decode_sums, encode_group, encode_sums, locate


def count(tally: dict[bytes, bytes], deltas: Mapping[Cell, Amounts]) -> dict[bytes, bytes | None]:
    """Add deltas to the rows of a partition, in place; the rows that changed, None for one that now sums to nothing."""
    groups: dict[Group, dict[int, Amounts]] = {}
    for cell, amounts in deltas.items():
        if any(amounts):
            group, place = locate(cell)
            groups.setdefault(group, {})[place] = amounts
    changed: dict[bytes, bytes | None] = {}
    for group, changes in groups.items():
        key = encode_group(group)
        data = tally.get(key)
        sums = {} if data is None else decode_sums(data)
        for place, amounts in changes.items():
            add(sums, place, amounts)
        value = changed[key] = encode_sums(WIDTHS[group[0]], sums)
        if value is not None:
            tally[key] = value
        else:
            del tally[key]
    return changed
