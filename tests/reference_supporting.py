"""The tallies of the supporting measures, worked out in the plainest way, as `tests.reference` does the KPIs'."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from kpi_state.buckets import Amounts, Cell
from tests.reference import QUARTER, WHOLE, Facts, Reference, divided, quarter

EXITS = ("moved_on", "moved_back", "won", "lost")
SECONDS = (300, 900, 3_600, 14_400, 86_400, 259_200, 604_800, 2_592_000)
DAY = 96 * QUARTER


class Run(NamedTuple):
    """A stage from its first statement to what ended it; exit "" while it lasts."""

    stage: str
    begin: int
    end: int
    exit: str


class Supporting(Reference):
    """All events up to `now`, and what they add up to beside the KPIs."""

    def supporting(self) -> dict[Cell, Amounts]:
        """Every cell that sums to something."""
        self.tallies()
        self.sums = {}
        self._opportunities()
        self._new_leads()
        self._outbound()
        return {cell: tuple(amounts) for cell, amounts in self.sums.items() if any(amounts)}

    def _opportunities(self) -> None:
        for subject, deal in self._present("opportunity"):
            if not self._survives("opportunity", subject):
                continue
            account = self._account_of(deal)
            customer = self._of("account", account) if account is not None else Facts("account")
            region = deal.now("region") or customer.now("region") or ""
            self._deal(deal, region, deal.now("product") or "", customer.now("size") or "")

    def _deal(self, deal: Facts, region: str, product: str, size: str) -> None:
        outcome, amount, currency = deal.now("outcome") or "open", deal.now("amount_minor"), deal.now("currency")
        runs = list(self._runs(deal, outcome))
        for run in runs:
            came, stage = deal.owner_as_of(run.begin), (run.stage,)
            self._add("stage_flow", came, quarter(run.begin), stage, 1, 0, 0, 0, 0)
            if run.exit:
                left, over = deal.owner_as_of(run.end), quarter(run.end)
                self._add("stage_flow", left, over, stage, 0, *(int(run.exit == each) for each in EXITS))
                self._add("stage_time", left, over, stage, 1, run.end - run.begin)
        if outcome != "open":
            closed = self._closed(deal)
            won = outcome == "won"
            place = deal.owner_as_of(closed), quarter(closed), (region, product, size)
            self._add("deals_won", *place, int(won), int(not won))
            if won and amount is not None and currency:
                for rep, money in divided(amount, self._sellers(deal)):
                    self._add("revenue_won", rep, quarter(closed), (currency, region, product, size), money)
            return
        owner, stage_now = deal.owner_now(), runs[-1].stage if runs else ""
        created = deal.now("created_at")
        since = runs[-1].begin if runs else deal.earliest if created is None else created
        assert since is not None
        self._add("pipeline", owner, ("X", since, 0), (stage_now, region, product), 1)
        if amount is not None and currency:
            self._add("pipeline_value", owner, ("-", 0, 0), (currency, stage_now, region, product), 1, amount)

    def _runs(self, deal: Facts, outcome: str) -> Iterator[Run]:
        closed = None if outcome == "open" else self._closed(deal)
        said = [(at, stage) for at, stage in deal.line("stage") if stage and (closed is None or at < closed)]
        begun = [(stage, next(run)[0]) for stage, run in groupby(said, lambda each: each[1])]
        for n, (stage, begin) in enumerate(begun):
            if n + 1 < len(begun):
                following, end = begun[n + 1]
                back = following in [each for each, _ in begun[: n + 1]]
                yield Run(stage, begin, end, "moved_back" if back else "moved_on")
            elif closed is None:
                yield Run(stage, begin, 0, "")
            else:
                yield Run(stage, begin, closed, outcome)

    def _new_leads(self) -> None:
        touches = self._lead_touches()
        for subject, lead in self._present("lead"):
            created, named = lead.now("created_at"), lead.now("contact_id")
            if created is None or not self._survives("lead", subject):
                continue
            contact = self.survivor("contact", named) if named else None
            times = [at for at, _, _ in touches[subject]]
            times += [at for at, _, _ in self.contact_touches[contact]] if contact is not None else []
            waits = [min(times) - created] if times else []
            answered = [wait for wait in waits if wait >= 0]
            within = (sum(wait <= seconds * WHOLE for wait in answered) for seconds in SECONDS)
            parts = 1, len(waits) - len(answered), len(answered), *within
            self._add("speed_to_lead", lead.first_owner(), quarter(created), (), *parts)

    def _outbound(self) -> None:
        numbers: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        for _, call, at, talk in self._calls():
            if call.now("direction") != "outbound":
                continue
            rep, phone = call.now("rep_id"), call.now("phone")
            own = bool(phone) and any(phone.startswith(each) for each in self.definitions.own_numbers)
            self._add("outbound_calls", rep, quarter(at), (), 1, int(self._is_short(call, talk)), int(own), 0)
            if phone:
                numbers[rep, phone, at // DAY].append(at)
        for (rep, _, _), times in numbers.items():
            self._add("outbound_calls", rep, quarter(min(times)), (), 0, 0, 0, 1)

    @staticmethod
    def _is_short(call: Facts, talk: int) -> bool:
        started, answered, ended = (call.now(field) for field in ("started_at", "answered_at", "ended_at"))
        if started is not None and ended is not None:
            return bool(0 <= ended - started < 10 * WHOLE)
        spoken = call.now("talk_seconds") is not None or (answered is not None and ended is not None)
        return call.now("disposition") == "answered" and spoken and talk < 10 * WHOLE
