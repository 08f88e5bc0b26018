"""What to say where a name means nothing: the names that do."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from exporters.api.endpoint import RefusedError
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.slots import Pairs

_CLOSE: Final = 3
_LISTED: Final = 20


def unknown(status: int, what: str, name: str, names: Collection[str]) -> RefusedError:
    """The error about a name that is none of `names`: what may have been meant, else what there is."""
    if close := get_close_matches(name, names, _CLOSE):
        return RefusedError(status, f"{what}: there is no {name!r}; did you mean {' or '.join(map(repr, close))}?")
    if not names:
        return RefusedError(status, f"{what}: there is no {name!r}; there are none")
    listed = ", ".join(map(repr, sorted(names)[:_LISTED]))
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return RefusedError(status, f"{what}: there is no {name!r}; there are {listed}{more}")


def pairs(label: Collection[str]) -> dict[str, str]:
    """`NAME=VALUE` texts as a dict; raises RefusedError where a name comes twice."""
    found: dict[str, str] = {}
    for text in label:
        name, _, value = text.partition("=")
        if name in found:
            raise RefusedError(400, f"label {name!r} is given more than once")
        found[name] = value
    return found


def chosen_labels(stem: str, label: Collection[str], there: list[Pairs]) -> Pairs:
    """Which of the numbers of a KPI that stand side by side: those labels, else none, else the only
    ones of its first set.

    Raises RefusedError (400) about labels that the KPI does not have, or if it cannot do without them.
    """
    wanted = tuple(sorted(pairs(label).items()))
    sets = BY_STEM[stem].label_sets
    if wanted:
        if tuple(name for name, _ in wanted) not in {tuple(sorted(each)) for each in sets}:
            allowed = " or ".join(" with ".join(each) for each in sets if each) or "none"
            raise RefusedError(400, f"label: {stem} has {allowed}")
        return wanted
    if () in sets:
        return ()
    there = [each for each in there if tuple(name for name, _ in each) == tuple(sorted(sets[0]))]
    if len(there) > 1:
        options = " | ".join(" ".join(f"label={name}={value}" for name, value in each) for each in there[:_CLOSE])
        raise RefusedError(400, f"label: {stem} has several numbers side by side; say {options}")
    return there[0] if there else ()
