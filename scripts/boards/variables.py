"""What a person can choose on a board."""

from __future__ import annotations

from typing import Final

from scripts.boards.model import DATASOURCE, Json
from scripts.boards.queries import INFO, TEAM

EVERYTHING: Final = ".*"
NOTHING: Final = "=nothing"
"""For boards that show one number of whoever is chosen: no team or rep is named so."""


def whose(everybody: str = EVERYTHING, *, hide: bool = False) -> list[Json]:
    """What every board begins with: which Prometheus, which team and which rep.

    everybody: what All stands for in a query.  hide: team and rep are there for links from other boards alone.
    """
    chosen = [_team(everybody), _rep(everybody)]
    return [_datasource(), *([each | {"hide": 2} for each in chosen] if hide else chosen)]


def period() -> Json:
    """The window, for numbers of a day's work."""
    return custom("period", "Period", {"today": "day", "this week": "week", "this month": "month"})


def _datasource() -> Json:
    """Which Prometheus."""
    return {
        "name": "datasource",
        "label": "Source",
        "type": "datasource",
        "query": "prometheus",
        "hide": 0,
        "refresh": 1,
        "regex": "",
        "current": {},
        "options": [],
        "multi": False,
        "includeAll": False,
    }


def _team(everybody: str) -> Json:
    """One team or all."""
    return _query("team", "Team", f"label_values({INFO}, team)", everybody)


def _rep(everybody: str) -> Json:
    """One rep of the team or all, by name where names are shown."""
    query = f"query_result(max by (rep_id, name) ({INFO}{{{TEAM if everybody == EVERYTHING else ''}}}))"
    chosen = _query("rep_id", "Rep", query, everybody)
    return chosen | {"regex": '/(?:name="(?<text>[^"]*)", ?)?rep_id="(?<value>[^"]+)"/'}


def currency() -> Json:
    """Which currency: amounts of different ones are never added."""
    return _query("currency", "Currency", "label_values(sales_org_annual_contract_value_minor, currency)", "")


def minor() -> Json:
    """How many minor units a unit of the currency has: 100; in the address, var-minor=1 for yen."""
    return custom("minor", "Minor units", {"100": "100", "1": "1", "1000": "1000"}) | {"hide": 2}


def custom(name: str, label: str, choices: dict[str, str]) -> Json:
    """A fixed list, text → value; the first is chosen at first."""
    (text, value), *_ = choices.items()
    return {
        "name": name,
        "label": label,
        "type": "custom",
        "query": ", ".join(f"{text} : {value}" for text, value in choices.items()),
        "hide": 0,
        "multi": False,
        "includeAll": False,
        "current": {"selected": True, "text": text, "value": value},
        "options": [
            {"selected": place == 0, "text": text, "value": value}
            for place, (text, value) in enumerate(choices.items())
        ],
    }


def before() -> Json:
    """How much earlier the number beside is from."""
    return custom("before", "Compared with", {"a week before": "1w", "a day before": "1d", "4 weeks before": "4w"})


def _query(name: str, label: str, query: str, everybody: str) -> Json:
    made: Json = {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": DATASOURCE,
        "definition": query,
        "query": {"query": query, "refId": name},
        "refresh": 2,
        "regex": "",
        "sort": 1,
        "hide": 0,
        "multi": False,
        "includeAll": bool(everybody),
        "current": {},
        "options": [],
    }
    if everybody:
        made |= {"allValue": everybody, "current": {"selected": True, "text": "All", "value": "$__all"}}
    return made
