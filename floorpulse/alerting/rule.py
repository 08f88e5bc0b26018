"""The form of a rule: frozen records, and the document Prometheus reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from floorpulse.alerting.blocks import blocks
from floorpulse.alerting.tuning import duration

Audience = Literal["ops", "floor", "manager"]
"""Who hears of it: those who run the service, everybody in a team, or the team's manager alone."""
Severity = Literal["none", "warning", "critical"]

PAGE: Final = "docs/alerts.md"
"""Where alerts have a section of their name, if nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A series that Prometheus computes from others."""

    name: str
    expr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that somebody should act on.

    expr: holds while it is true.  wait_seconds: how long it must hold.  keep_seconds: how long it goes on afterwards.
    summary, description: for people, templates of Prometheus.  board: path of the board that shows it, such as
    `/d/floorpulse-team-activities?var-team=…`.  runbook: page with a section of its name.
    """

    name: str
    expr: str
    audience: Audience
    severity: Severity
    summary: str
    description: str
    board: str
    wait_seconds: int = 0
    keep_seconds: int = 0
    runbook: str = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rules that are evaluated one after another, so that an alert sees what was recorded just before."""

    name: str
    rules: Sequence[Recording | Alert]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the links in alerts lead.  boards: URL of Grafana.  docs: what stands before `docs/…`."""

    boards: str
    docs: str = ""


def document(head: str, groups: Sequence[Group], addresses: Addresses) -> str:
    """A file of rules, with `head` as its comment."""
    body = {
        "groups": [{"name": each.name, "rules": [_rule(rule, addresses) for rule in each.rules]} for each in groups]
    }
    return "".join(f"# {line}\n" for line in head.splitlines()) + blocks(body)


def _rule(rule: Recording | Alert, addresses: Addresses) -> Mapping[str, Any]:
    if isinstance(rule, Recording):
        return {"record": rule.name, "expr": rule.expr}
    lasting = {"for": rule.wait_seconds, "keep_firing_for": rule.keep_seconds}
    return {
        "alert": rule.name,
        "expr": rule.expr,
        **{key: duration(seconds) for key, seconds in lasting.items() if seconds},
        "labels": {"severity": rule.severity, "audience": rule.audience},
        "annotations": {
            "summary": rule.summary,
            "description": rule.description,
            "board": addresses.boards.rstrip("/") + rule.board,
            "runbook_url": f"{addresses.docs}{rule.runbook}#{rule.name.lower()}",
        },
    }
