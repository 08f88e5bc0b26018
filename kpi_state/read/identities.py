"""Identities: which rep an id in an event means at a moment.

An event names a rep by roster id, by `system:id`, by e-mail address or by extension. The last three are claims: the
roster says from when on a rep holds one, and when it was released.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from kpi_state.read.timelines import Timeline

UNASSIGNED: Final = "unassigned"
"""Nobody was named."""
UNMAPPED: Final = "unmapped"
"""Somebody was named whom the roster does not know."""
NOBODY: Final = frozenset({UNASSIGNED, UNMAPPED})


class Claim(NamedTuple):
    """A rep holds an id from one instant to another (microseconds), None: still."""

    since: int
    until: int | None
    rep: str


Claims = Mapping[str, Timeline]
"""kind of id ("external_ids", "emails", "extensions") → what one rep said of it."""


class Identities:
    """Everybody's claims; `known` are the ids of the roster itself."""

    def __init__(self, known: Collection[str], claims: Iterable[tuple[str, Claims]]) -> None:
        self._known = known
        # Kinds in the order in which they are asked.
        self._kinds: tuple[tuple[str, dict[str, list[Claim]]], ...] = (
            ("external_ids", {}),
            ("emails", {}),
            ("extensions", {}),
        )
        for rep, said in claims:
            for kind, holders in self._kinds:
                for name, claim in _claims(rep, kind, said.get(kind, Timeline())):
                    holders.setdefault(name, []).append(claim)

    def resolve(self, raw: str, time: int) -> str:
        """The rep behind an id at an instant: whoever holds it; else, where nobody does yet, who gets it next."""
        if raw == UNASSIGNED or raw in self._known:
            return raw
        found = [holders.get(raw.lower() if kind == "emails" else raw, []) for kind, holders in self._kinds]
        for claims in found:
            held = [(-c.since, c.rep) for c in claims if c.since <= time and (c.until is None or time < c.until)]
            if held:
                return min(held)[1]
        for claims in found:
            later = [(c.since, c.rep) for c in claims if c.since > time]
            if later:
                return min(later)[1]
        return UNMAPPED

    def steady(self, raw: str, start: int, end: int) -> bool:
        """Whether no claim on an id begins or ends between two instants: it means the same rep all the time."""
        return raw in self._known or not any(
            start < claim.since <= end or (claim.until is not None and start < claim.until <= end)
            for _, holders in self._kinds
            for claim in holders.get(raw, ()) or holders.get(raw.lower(), ())
        )


def claimed(claims: Claims) -> set[str]:
    """Every id that was ever held, e-mail addresses in lower case."""
    return {name for kind, said in claims.items() for value in said.values for name in _names(kind, value)}


def _claims(rep: str, kind: str, said: Timeline) -> Iterator[tuple[str, Claim]]:
    """(id, claim) for each unbroken run of statements that hold the id."""
    since: dict[str, int] = {}
    for time, value in zip(said.times, said.values, strict=True):
        held = _names(kind, value)
        for name in [name for name in since if name not in held]:
            begun = since.pop(name)
            if begun < time:  # corrected at the very instant it was made, a claim never held
                yield name, Claim(begun, time, rep)
        for name in held:
            since.setdefault(name, time)
    for name, begun in since.items():
        yield name, Claim(begun, None, rep)


def _names(kind: str, value: object) -> set[str]:
    if isinstance(value, dict):
        return {f"{system}:{name}" for system, name in value.items()}
    if isinstance(value, list):
        return {name.lower() if kind == "emails" else name for name in value}
    return set()
