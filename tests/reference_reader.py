"""The samples of a set of events, worked out in the plainest way from the reference's tallies and the roster.

Like `tests.reference` it shares no code with `kpi_state`: every bucket is placed anew, nothing is kept, every window is
a comparison of dates.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from kpi_state.definitions import ReadSettings
from tests.reference import EPOCH, QUARTER, WHOLE, Facts, Reference

Who = str
"""rep:ID, team:NAME or *."""
Name = tuple[str, Who, str, str, tuple[tuple[str, str], ...]]
"""(kpi, who, window, bucket, labels)."""
Reading = tuple[dict[str, int | float], int | float | None]
"""(parts, value)."""

DAY = timedelta(1)
ROLLING_DAYS = {"rolling_7d": 7, "rolling_30d": 30, "rolling_90d": 90, "rolling_365d": 365}
FISCAL = ("fiscal_quarter", "fiscal_year")
WINDOWS = {
    "annual_contract_value": (*FISCAL, "rolling_365d"),
    "leads_created": ("day", "week", "month", *FISCAL),
    "lead_win": ("month", *FISCAL, "rolling_90d"),
    "rep_retention": ("fiscal_year", "rolling_365d"),
    "rep_ramp_up": ("fiscal_year", "rolling_365d"),
    "referrals": ("month", *FISCAL),
    "customer_retention": (*FISCAL, "rolling_365d"),
    "contact_to_lead": ("month", "fiscal_quarter", "rolling_30d"),
    "appointment_disqualification": ("month", "fiscal_quarter", "rolling_30d"),
    "lead_source": ("month", "fiscal_quarter", "rolling_30d"),
    "touchpoints": ("hour", "day", "week", "month", "rolling_1h", "rolling_7d"),
    "lead_conversion": ("month", "fiscal_quarter", "rolling_90d"),
}
PARTS = {
    "annual_contract_value": ("ppm", "annual_value_minor"),
    "leads_created": ("leads",),
    "referrals": ("leads",),
    "contact_to_lead": ("contacts", "leads"),
    "appointment_disqualification": ("decided", "rejected", "pending"),
    "lead_source": ("known", "marketing", "unknown"),
    "touchpoints": ("touchpoints", "attempts", "talk_us"),
    "lead_conversion": ("leads", "converted"),
}
LABELS: dict[str, tuple[tuple[tuple[int, str], ...], ...]] = {
    "annual_contract_value": (((0, "currency"),), ((0, "currency"), (1, "product")), ((0, "currency"), (2, "region"))),
    "leads_created": ((), ((0, "origin"),)),
    "lead_win": (((0, "basis"),),),
    "appointment_disqualification": ((), ((0, "reason"),)),
    "touchpoints": ((), ((0, "channel"),)),
}
Claim = tuple[int, int | None, str]


def number(exact: Fraction | int) -> int | float:
    """As printed: a whole number without a fraction, else correctly rounded."""
    return int(exact) if exact == int(exact) else float(exact)


class ReferenceReader:
    """What everybody's numbers are at an instant."""

    def __init__(self, reference: Reference, settings: ReadSettings, now: int) -> None:
        self.settings, self.now = settings, now
        self.tallies = reference.tallies()
        self.organisation = ZoneInfo(settings.definitions.organisation_timezone)
        self.fiscal_start = settings.calendar.fiscal_year_start_month
        self.reps = {subject: facts for subject, facts in reference.facts["rep"].items() if not facts.deleted}
        self.kinds = [
            self._claims("external_ids", lambda ids: [f"{system}:{each}" for system, each in ids.items()]),
            self._claims("emails", lambda addresses: [address.lower() for address in addresses]),
            self._claims("extensions", list),
        ]

    def readings(self) -> dict[Name, Reading]:
        """Every sample that replay prints, by its name."""
        return {**self._sums(), **self._ages(), **self._retention(), **self._lifetime(), **self._employments()}

    # ---- people

    def _claims(self, field: str, names: Any) -> dict[str, list[Claim]]:
        claims: dict[str, list[Claim]] = defaultdict(list)
        for rep, facts in self.reps.items():
            held: dict[str, int] = {}
            for at, value in facts.line(field):
                stated = set(names(value)) if value else set()
                for name in held.keys() - stated:
                    if held[name] != at:
                        claims[name].append((held[name], at, rep))
                held = {name: held.get(name, at) for name in stated}
            for name, got in held.items():
                claims[name].append((got, None, rep))
        return claims

    def rep(self, sent: str, at: int) -> str:
        """Whose id it was."""
        if sent == "unassigned" or sent in self.reps:
            return sent
        known = [self.kinds[0].get(sent, []), self.kinds[1].get(sent.lower(), []), self.kinds[2].get(sent, [])]
        for claims in known:
            holding = [(-got, rep) for got, lost, rep in claims if got <= at and (lost is None or at < lost)]
            if holding:
                return min(holding)[1]
        for claims in known:
            later = [(got, rep) for got, _, rep in claims if got > at]
            if later:
                return min(later)[1]
        return "unmapped"

    def _as_of(self, rep: str, field: str, at: int) -> Any:
        line = self.reps[rep].line(field) if rep in self.reps else []
        before = [value for stated, value in line if stated <= at] or [value for _, value in line[:1]]
        return before[-1] if before else None

    def team(self, rep: str, at: int) -> str | None:
        name: str | None = self._as_of(rep, "team", at)
        return name

    def zone(self, rep: str, at: int) -> ZoneInfo:
        own = self._as_of(rep, "timezone", at)
        team = self.settings.teams.get(self.team(rep, at) or "")
        return ZoneInfo(own or (team.timezone if team else "") or self.organisation.key)

    def grains(self, rep: str, team: str | None) -> list[Who]:
        return [f"rep:{rep}", *([f"team:{team}"] if team else []), "*"]

    # ---- calendars

    def _local(self, at: int, zone: ZoneInfo) -> datetime:
        return (EPOCH + timedelta(microseconds=at)).astimezone(zone)

    def _midnight(self, day: date, zone: ZoneInfo) -> int:
        return (datetime.combine(day, time(), zone) - EPOCH) // timedelta(microseconds=1)

    def fiscal(self, window: str, day: date) -> tuple[str, date, date]:
        """(bucket, first day, first day of the next) of the fiscal window around a day."""
        months = (day.month - self.fiscal_start) % 12
        length, back = (3, months % 3) if window == "fiscal_quarter" else (12, months)
        first = _months(day.replace(day=1), -back)
        year = _months(_months(day.replace(day=1), -months), 12) - DAY
        name = f"FY{year.year}" + (f"-Q{months // 3 + 1}" if window == "fiscal_quarter" else "")
        return name, first, _months(first, length)

    def _bucket(self, window: str, day: date, local: datetime | None) -> str:
        if window == "hour":
            assert local is not None
            offset = timezone(local.utcoffset() or timedelta())  # the hour's first minute may have had another
            return local.replace(minute=0, second=0, microsecond=0, tzinfo=offset).isoformat(timespec="minutes")
        if window == "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        if window in FISCAL:
            return self.fiscal(window, day)[0]
        return day.isoformat()[:7] if window == "month" else day.isoformat()

    def _windows(
        self, kpi: str, at: int | None, day: date, local: datetime | None, today: date
    ) -> Iterator[tuple[str, str]]:
        for window in (*WINDOWS[kpi], *self.settings.windows.get(kpi, ())):
            if window == "rolling_1h":
                assert at is not None
                if at // QUARTER > self.now // QUARTER - 4:
                    yield window, ""
            elif window in ROLLING_DAYS:
                if today - ROLLING_DAYS[window] * DAY < day <= today:
                    yield window, ""
            else:
                yield window, self._bucket(window, day, local)

    # ---- sums

    def _placed(self, kpi: str, sent: str, bucket: tuple[str, int, int]) -> Iterator[tuple[Who, str, str]]:
        """(who, window, bucket) that a contribution counts in."""
        if bucket[0] == "Q":
            at = bucket[1] * QUARTER
            if at > self.now:
                return
            rep = self.rep(sent, at)
            local = self._local(at, self.zone(rep, at))
            windows = list(
                self._windows(kpi, at, local.date(), local, self._local(self.now, self.zone(rep, self.now)).date())
            )
        else:
            day, today = date.fromordinal(bucket[1]), self._local(self.now, self.organisation).date()
            if day > today:
                return
            at = self._midnight(day, self.organisation)
            rep = self.rep(sent, at)
            windows = list(self._windows(kpi, None, day, None, today))
        for who in self.grains(rep, self.team(rep, at)):
            for window, name in windows:
                yield who, window, name

    def _sums(self) -> dict[Name, Reading]:
        sums: dict[Name, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for (kpi, sent, bucket, labels), amounts in self.tallies.items():
            if bucket[0] not in "QD" or kpi == "customer_lifetime_value":
                continue
            places = list(self._placed(kpi, sent, bucket))
            names = PARTS.get(kpi) or (("leads", "won") if labels == ("cohort",) else ("closed", "won"))
            for some in LABELS.get(kpi, ((),)):
                shown = tuple(sorted((label, labels[n]) for n, label in some))
                if all(value for _, value in shown):
                    for who, window, bucket_name in places:
                        into = sums[kpi, who, window, bucket_name, shown]
                        for part, amount in zip(names, amounts, strict=True):
                            into[part] += amount
        for name, parts in sums.items():
            if name[0] == "appointment_disqualification" and name[4] and parts["rejected"]:
                parts["decided"] = sums[(*name[:4], ())]["decided"]
            elif name[0] == "appointment_disqualification" and name[4]:
                parts.clear()
        return {name: _printed(name[0], dict(parts)) for name, parts in sums.items() if any(parts.values())}

    # ---- ages

    def _ages(self) -> dict[Name, Reading]:
        ages: dict[tuple[str, Who], list[int]] = defaultdict(list)
        for (kpi, sent, (tag, at, _), _), amounts in self.tallies.items():
            if tag == "X" and at <= self.now:
                rep = self.rep(sent, self.now)
                for who in self.grains(rep, self.team(rep, self.now)):
                    ages[kpi, who] += [self.now - at] * max(amounts)
        limit = self.settings.limits.lead_age_days * 86_400 * WHOLE
        out: dict[Name, Reading] = {}
        for (kpi, who), each in ages.items():
            total = number(Fraction(sum(each), WHOLE))
            parts: dict[str, int | float] = {"pending": len(each), "pending_age_seconds_sum": total}
            if kpi == "open_lead_age":
                over = sum(age > limit for age in each)
                oldest = number(Fraction(max(each), WHOLE))
                parts = {"open": len(each), "age_seconds_sum": total, "oldest_seconds": oldest, "over_limit": over}
            out[kpi, who, "now", "", ()] = parts, number(Fraction(sum(each), WHOLE * len(each)))
        return out

    # ---- spans

    def _starts(self, kpi: str, first: date, today: date) -> Iterator[tuple[str, str, date, date]]:
        """(window, bucket, start, end) of every window that starts from a day on; a running one ends today."""
        yield "rolling_365d", "", today - 364 * DAY, today
        for window in WINDOWS[kpi]:
            day = first
            while window in FISCAL and day <= today:
                name, start, following = self.fiscal(window, day)
                yield window, name, start, min(following, today)
                day = following

    def _retention(self) -> dict[Name, Reading]:
        today = self._local(self.now, self.organisation).date()
        sums: dict[Name, list[int]] = defaultdict(lambda: [0, 0])
        for (kpi, sent, (_, first, last), _), (accounts,) in (
            (cell, amounts) for cell, amounts in self.tallies.items() if cell[0] == "customer_retention"
        ):
            start, end = date.fromordinal(first), date.fromordinal(last) if last else date.max
            rep = self.rep(sent, self.now)
            for window, bucket, opens, closes in self._starts(kpi, start, today):
                if start <= opens < end:
                    for who in self.grains(rep, self.team(rep, self._midnight(opens, self.organisation))):
                        into = sums[kpi, who, window, bucket, ()]
                        into[0] += accounts
                        into[1] += accounts * (closes < end)
        return {
            name: ({"active_at_start": active, "retained": kept}, number(Fraction(kept, active)))
            for name, (active, kept) in sums.items()
        }

    def _lifetime(self) -> dict[Name, Reading]:
        today = self._local(self.now, self.organisation).date().toordinal()
        parts = (
            "customers",
            "churned",
            "customer_days",
            "customer_days_365",
            "purchases_365",
            "revenue_365_minor",
            "revenue_minor",
        )
        sums: dict[tuple[Who, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(parts, 0))
        for (_, sent, (tag, first, last), labels), (customers, spans, purchases, revenue) in (
            (cell, amounts) for cell, amounts in self.tallies.items() if cell[0] == "customer_lifetime_value"
        ):
            if first > today:
                continue
            rep = self.rep(sent, self.now)
            for who in self.grains(rep, self.team(rep, self.now)):
                into = sums[who, labels[0]]
                if tag == "D":
                    into["revenue_minor"] += revenue
                    if first > today - 365:
                        into["purchases_365"] += purchases
                        into["revenue_365_minor"] += revenue
                    continue
                after = min(last or today + 1, today + 1)
                into["customers"] += customers
                into["churned"] += spans * (0 < last <= today)
                into["customer_days"] += spans * (after - first)
                into["customer_days_365"] += spans * max(0, after - max(first, today - 364))
        out: dict[Name, Reading] = {}
        for (who, currency), each in sums.items():
            name = who, "to_date", "", (("currency", currency),)
            below = each["customer_days_365"] * each["churned"]
            value = number(Fraction(each["revenue_365_minor"] * each["customer_days"], below)) if below else None
            if any(each.values()):
                out["customer_lifetime_value", *name] = dict(each), value
            if each["customers"] or each["revenue_minor"]:
                observed = {part: each[part] for part in ("customers", "revenue_minor")}
                mean = number(Fraction(each["revenue_minor"], each["customers"])) if each["customers"] else None
                out["customer_lifetime_value_observed", *name] = dict(observed), mean
        return out

    # ---- employments

    def _employments(self) -> dict[Name, Reading]:
        staying: dict[Name, list[int]] = defaultdict(lambda: [0, 0])
        ramping: dict[Name, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        touched = self._touched()
        for rep, facts in self.reps.items():
            today = self._local(self.now, self.zone(rep, self.now)).date()
            folded = employments(facts)
            self._stay(staying, rep, today, folded)
            for first, last in folded:
                if first <= today:
                    self._ramp(ramping, rep, today, first, last, touched[rep])
        kept: dict[Name, Reading] = {
            name: ({"employed_at_start": n, "still_employed": still}, number(Fraction(still, n)))
            for name, (n, still) in staying.items()
        }
        for name, (reps, days, pending, pending_days) in ramping.items():
            parts = {"reps": reps, "days_sum": days, "pending": pending, "pending_days_sum": pending_days}
            kept[name] = dict(parts), number(Fraction(days, reps)) if reps else None
        return kept

    def _touched(self) -> dict[str, set[date]]:
        days: dict[str, set[date]] = defaultdict(set)
        for (kpi, sent, (_, quarter, _), _), amounts in self.tallies.items():
            at = quarter * QUARTER
            if kpi == "touchpoints" and amounts[0] and at <= self.now:
                rep = self.rep(sent, at)
                days[rep].add(self._local(at, self.zone(rep, at)).date())
        return days

    def _stay(self, into: dict[Name, list[int]], rep: str, today: date, folded: list[tuple[date, date]]) -> None:
        """A rep is one however many employments it has at once; it stayed if one of them lasted."""
        began = min((first for first, _ in folded), default=date.max)
        for window, bucket, opens, closes in self._starts("rep_retention", began, today):
            lasts = [last for first, last in folded if first <= opens <= last]
            if lasts:
                for who in self.grains(rep, self.team(rep, self._start_of(rep, opens)))[1:]:
                    into["rep_retention", who, window, bucket, ()][0] += 1
                    into["rep_retention", who, window, bucket, ()][1] += closes <= max(lasts)

    def _ramp(
        self, into: dict[Name, list[int]], rep: str, today: date, first: date, last: date, touched: set[date]
    ) -> None:
        days = [day for day in touched if first <= day <= last]
        if not days and last < today:
            return
        add = [1, (min(days) - first).days, 0, 0] if days else [0, 0, 1, (today - first).days]
        windows = [("fiscal_year", self.fiscal("fiscal_year", first)[0])]
        if first > today - 365 * DAY:
            windows.append(("rolling_365d", ""))
        for window, bucket in windows:
            for who in self.grains(rep, self.team(rep, self._start_of(rep, first))):
                name = "rep_ramp_up", who, window, bucket, ()
                into[name] = [a + b for a, b in zip(into[name], add, strict=True)]

    def _start_of(self, rep: str, day: date) -> int:
        """00:00 of a day in the zone that the rep had at the organisation's 00:00."""
        return self._midnight(day, self.zone(rep, self._midnight(day, self.organisation)))


def _months(first: date, months: int) -> date:
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def employments(facts: Facts) -> list[tuple[date, date]]:
    """(first day, last day) of each employment of a rep, folded from its statements in their order."""
    folded: list[tuple[date | None, date | None]] = []
    stamps = sorted({*facts.said.get("first_day", {}), *facts.said.get("last_day", {})})
    for stamp in stamps:
        if stamp in facts.said.get("first_day", {}):
            first = facts.said["first_day"][stamp][1]
            last = folded[-1][1] if folded else None
            if folded and not (first and last and first > last):
                folded[-1] = first, last
            else:
                folded.append((first, None))
        if stamp in facts.said.get("last_day", {}):
            folded = [*folded[:-1], (folded[-1][0] if folded else None, facts.said["last_day"][stamp][1])]
    return [(first, last or date.max) for first, last in folded if first and (last is None or first <= last)]


def _printed(kpi: str, parts: dict[str, int]) -> Reading:
    """Parts and value of a KPI that is read as sums."""
    if kpi == "annual_contract_value":
        ppm, annual = parts["ppm"], parts["annual_value_minor"]
        value = number(Fraction(annual * WHOLE, ppm)) if ppm else None
        return {"contracts": number(Fraction(ppm, WHOLE)), "annual_value_minor": annual}, value
    if kpi == "touchpoints":
        talk = number(Fraction(parts.pop("talk_us"), WHOLE))
        return {**parts, "talk_seconds": talk}, parts["touchpoints"]
    parts.pop("pending", None)
    counted = list(parts.values())
    if kpi in {"leads_created", "referrals"}:
        return dict(parts), counted[0]
    return dict(parts), number(Fraction(counted[1], counted[0])) if counted[0] else None
