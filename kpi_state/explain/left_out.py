"""What was left out of a number for a reason that its entity gives: but for that, the number would be another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kpi_state.buckets import Amounts, Cell, Labels, quarter
from kpi_state.explain.case import Case
from kpi_state.explain.contributions import own
from kpi_state.explain.corrections import Asked, Correction, corrections
from kpi_state.explain.edits import edits, without
from kpi_state.explain.explanation import LeftOut
from kpi_state.explain.what_if import what_if
from kpi_state.explain.witnesses import Who
from kpi_state.facts import UNASSIGNED
from kpi_state.kpis.kpi import Kpi
from kpi_state.links import CLAIM, TOUCH
from kpi_state.merges import MAX_MERGES
from kpi_state.rows import Row

TOUCHES: Final = frozenset({"call", "activity"})
SPEAK: Final[Mapping[str, frozenset[str]]] = {
    "annual_contract_value": frozenset({"contract", "opportunity"}),
    "customer_lifetime_value": frozenset({"account", "contract", "purchase", "opportunity"}),
    "leads_created": frozenset({"lead"}),
    "open_lead_age": frozenset({"lead", "opportunity"}),
    "lead_win": frozenset({"lead", "opportunity"}),
    "referrals": frozenset({"account", "lead", "contract", "purchase", "opportunity"}),
    "customer_retention": frozenset({"account", "contract", "purchase", "opportunity"}),
    "contact_to_lead": frozenset({"contact", "lead", "opportunity"}) | TOUCHES,
    "appointment_disqualification": frozenset({"appointment"}),
    "lead_source": frozenset({"lead"}),
    "touchpoints": TOUCHES,
    "lead_conversion": frozenset({"lead", "opportunity", "appointment"}),
}
"""Measure → kinds of events that bear on it; a measure that is not named here is born on by whatever contributes."""


class LeftOuts:
    """Looks through the entities for what would count but for one reason; `counted` are those that do count."""

    def __init__(self, case: Case, measure: Kpi, counted: set[Who]) -> None:
        self._case, self._measure, self._counted = case, measure, counted
        self._kinds = SPEAK.get(measure.stem, frozenset(measure.contribute))
        self._asked = Asked(case.replay.settings.definitions, dict(case.slot.labels).get("currency", ""))

    def of(self, who: Who) -> Iterator[LeftOut]:
        """What one entity gives."""
        if who.kind not in self._kinds and who.kind not in self._measure.contribute:
            return
        row = self._case.ledger.row(*who)
        if who.kind in self._kinds:
            for correction in corrections(who.kind, row, self._asked):
                if who.kind not in TOUCHES or self._near(who, row):
                    yield from self._corrected(who, row, correction)
        if who.kind in self._measure.contribute:
            yield from self._edited(who, row)
            if who.kind == "slot":
                yield from self._same_slot(who, row)
        if who.kind == "lead" and self._measure.stem == "referrals":
            yield from self._referrer(who, row)

    # -- said otherwise --------------------------------------------------------------------------------------------

    def _corrected(self, who: Who, row: Row, correction: Correction) -> Iterator[LeftOut]:
        added = self._added(who, correction.fields) or self._by_itself(who, row, correction.fields)
        if added is not None:
            why = _merged(self._case, who, row) if correction.reason == "merged" else correction.why
            said = [said for field in correction.fields for said in self._case.said(who, field)]
            yield LeftOut(*who, correction.reason, why, self._shown(added), said)

    def _added(self, who: Who, fields: Mapping[str, Any]) -> Amounts | None:
        """What the number would have more if an entity said these fields."""
        case = self._case
        deltas = what_if(case.replay.state, self._asked.definitions, who, fields, case.now + 1)
        return self._landed(deltas)

    def _by_itself(self, who: Who, row: Row, fields: Mapping[str, Any]) -> Amounts | None:
        """What an entity that does not count would add, though another would go for it: of a circle of merges."""
        if who in self._counted or who.kind not in self._measure.contribute:
            return None
        said = without(row)
        said.facts = row.facts | {field: ((self._case.now + 1, "", "", ""), value) for field, value in fields.items()}
        return self._landed(own(self._measure, self._case.ledger.view(*who, said), who.kind))

    def _landed(self, cells: Mapping[Cell, Amounts]) -> Amounts | None:
        landed = [here for cell, amounts in cells.items() if (here := self._case.landed(cell, amounts)) is not None]
        total = self._case.together(landed) if landed else ()
        return total if any(total) else None

    def _shown(self, added: Amounts) -> dict[str, int | float]:
        parts = self._case.shown(added)
        parts.pop("oldest_seconds", None)  # of which nobody can say how much more it would be
        return parts

    def _near(self, who: Who, row: Row) -> bool:
        """Whether a touch may bear on the number: it would be there by itself, or names somebody who is."""
        at = row.get("started_at" if who.kind == "call" else "at")
        at = (row.earliest or 0) if at is None else at
        rep = row.get("rep_id") or UNASSIGNED
        labels: Labels = ("call" if who.kind == "call" else row.get("channel") or "",)
        cell = self._measure.stem, rep, quarter(at), labels if self._measure.measure_labels else ()
        lone = (1,) + (0,) * (self._measure.amounts - 1)
        return self._case.landed(cell, lone) is not None or self._names_counted(row)

    def _names_counted(self, row: Row) -> bool:
        named = {Who("contact", row.get("contact_id") or ""), Who("lead", row.get("lead_id") or "")}
        if row.get("phone"):
            named |= {Who("contact", held) for held, _ in self._case.ledger.row("number", row.get("phone")).live(CLAIM)}
        return not named.isdisjoint(self._counted)

    # -- heard otherwise -------------------------------------------------------------------------------------------

    def _edited(self, who: Who, row: Row) -> Iterator[LeftOut]:
        case, ledger = self._case, self._case.ledger
        plain = own(self._measure, ledger.view(*who, row), who.kind)
        for edit in edits(ledger, who, row):
            if edit.of is not None and (case.slot.grain == "org" or who in self._counted):
                continue
            cells = own(self._measure, ledger.view(*who, edit.row), who.kind)
            added = self._landed(
                {cell: amounts for cell, amounts in cells.items() if edit.instead or cell not in plain}
            )
            if added is not None:
                said = [case.witnesses.said(who, *edit.of, decides=False)] if edit.of is not None else []
                yield LeftOut(*who, edit.reason, edit.why, self._shown(added), said)

    def _same_slot(self, who: Who, row: Row) -> Iterator[LeftOut]:
        if who in self._counted:
            (first, _), *rest = sorted(row.shelves[TOUCH].links.items(), key=lambda link: (link[1][1][0], link[0]))
            kind = "call" if who.subject.startswith("call|") else "activity"
            for touch, _ in rest:
                said = self._case.said(Who(kind, touch), "started_at" if kind == "call" else "at")
                yield LeftOut(kind, touch, "same_slot", f"shares its slot with {first}, which was earlier", {}, said)

    def _referrer(self, who: Who, row: Row) -> Iterator[LeftOut]:
        """A lead whose referrer was not active when it was created."""
        case, view = self._case, self._case.ledger.view(*who, row)
        if view is None or not view.alive or not view.referrer or view.created is None:
            return
        cell = self._measure.stem, view.first_owner, quarter(view.created), ()
        added = case.landed(cell, (1,))
        if added is not None and self._added(who, {"referrer_account_id": None}) is None:
            why = f"its referrer {view.referrer} was not active on that day"
            said = case.said(who, "referrer_account_id")
            yield LeftOut(*who, "referrer_not_active", why, case.shown(added), said)


def _merged(case: Case, who: Who, row: Row) -> str:
    """Into whom an entity was merged, and those in turn."""
    chain: list[str] = []
    winner = row.get("merged_into")
    while winner and winner not in chain and len(chain) <= MAX_MERGES:
        chain.append(winner)
        winner = case.ledger.row(who.kind, winner).get("merged_into")
    return f"merged into {', that into '.join(chain)}"
