"""Targets missed: a rule for every KPI whose target the source articles name, and leads and deals that wait.

The threshold is the target's own series, so that `[targets]` and `hr.target.v1` move it and nothing here has to change.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from floorpulse.alerting.conditions import board, gated, hysteresis, metric, number
from floorpulse.alerting.rule import Alert, Group, Recording
from floorpulse.alerting.tuning import Tuning
from kpi_state.kpis.kpi import Kpi
from kpi_state.kpis.registry import KPIS
from kpi_state.measures.registry import BY_STEM

WINDOW: Final = "rolling_30d"
LEADS, DEALS = BY_STEM["open_lead_age"], BY_STEM["pipeline"]


class _Words(NamedTuple):
    """What a missed target is in words, what its cases are, and the board that shows it."""

    summary: str
    cases: str
    board: str


class _Case(NamedTuple):
    """What may be wrong with a team.

    holds: while it is true.  enough: so many cases that it is not chance.  summary: without the team.  board: its name.
    """

    name: str
    holds: str
    enough: str
    summary: str
    description: str
    board: str


_TEAM: Final = "Team {{ $labels.team }}"
_WORDS: Final = {
    "contact_to_lead": _Words("too few contacts become leads", "contacts", "team-activities"),
    "appointment_disqualification": _Words("too many appointments are rejected", "appointments", "stage-analysis"),
    "lead_source": _Words("marketing brings too small a share of the leads", "leads", "state-of-the-union"),
}
_WORKING: Final = "max by (team) (sales_team_working) == 1"


def with_targets() -> list[Kpi]:
    """The ratios that have a target of their own, over the last thirty days."""
    return [kpi for kpi in KPIS if kpi.target is not None and kpi.target.default is not None and WINDOW in kpi.windows]


def targets(tuning: Tuning) -> Group:
    """Teams' ratios against their targets, and what waits too long."""
    missed = [rule for kpi in with_targets() for rule in _missed(kpi, tuning)]
    leads, deals = _stuck(LEADS, "leads", "open", tuning), _stuck(DEALS, "deals", "deals", tuning)
    return Group(name="floorpulse-targets", rules=[*missed, *leads, *deals])


def _missed(kpi: Kpi, tuning: Tuning) -> list[Recording | Alert]:
    assert kpi.target is not None
    at_least = kpi.target.direction == "at_least"
    words = _WORDS[kpi.stem]
    stem = "".join(word.title() for word in kpi.stem.split("_"))
    name = f"Team{stem}{'Below' if at_least else 'Above'}Target"
    value, target, count = (f"team:{kpi.stem}_{what}" for what in ("month:ratio", "target:ratio", "month:count"))
    sign, slack = ("<", 1 + tuning.target_slack_ratio) if at_least else (">", 1 - tuning.target_slack_ratio)
    recordings = [
        Recording(name=value, expr=metric(kpi, "team", "ratio", WINDOW)),
        Recording(name=target, expr=metric(kpi, "team", "target_ratio", WINDOW)),
        Recording(name=count, expr=metric(kpi, "team", kpi.parts[0], WINDOW)),
    ]
    missed = _Case(
        name=name,
        holds=hysteresis(name, "team", f"{value} {sign} {target}", f"{value} {sign} {slack} * {target}"),
        enough=f"{count} >= {tuning.target_count}",
        summary=words.summary,
        description=(
            f"{_percent(value)} % over the last 30 days, of {number(f'{count}{{who}}', 'team')} {words.cases}; the "
            f"target is {'at least' if at_least else 'at most'} {_percent(target)} %. {kpi.help}"
        ),
        board=words.board,
    )
    return [*recordings, _alert(missed, tuning)]


def _stuck(kpi: Kpi, what: str, whole: str, tuning: Tuning) -> list[Recording | Alert]:
    """Open leads, or deals, of which too many wait longer than their limit. `whole`: the part that counts all."""
    old, share = f"team:{what}_stuck:count", f"team:{what}_stuck:ratio"
    name = f"Team{what.title()}Stuck"
    stuck = _Case(
        name=name,
        holds=hysteresis(name, "team", f"{share} >= {tuning.stuck_ratio}", f"{share} >= {tuning.unstuck_ratio}"),
        enough=f"{old} >= {tuning.stuck_count}",
        summary=f"many open {what} wait too long",
        description=(
            f"{number(f'{old}{{who}}', 'team')} open {what}, {_percent(share)} % of all that the team has open, wait "
            "longer than the limit: decide each, or hand it on."
        ),
        board="pipeline",
    )
    return [
        Recording(name=old, expr=metric(kpi, "team", "over_limit", "now")),
        Recording(name=share, expr=f"{old} / {metric(kpi, 'team', whole, 'now')}"),
        _alert(stuck, tuning),
    ]


def _alert(case: _Case, tuning: Tuning) -> Alert:
    return Alert(
        name=case.name,
        expr=gated(case.holds, "team", case.enough, _WORKING),
        audience="floor",
        severity="warning",
        summary=f"{_TEAM}: {case.summary}",
        description=case.description,
        board=board(case.board, "team"),
        wait_seconds=tuning.target_seconds,
        keep_seconds=tuning.target_seconds,
    )


def _percent(series: str) -> str:
    return number(f"round(100 * {series}{{who}}, 0.1)", "team")
