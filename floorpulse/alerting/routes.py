"""Which alert goes to whom, and which is not worth a message while another rings."""

from __future__ import annotations

import json
from typing import Any, Final

from floorpulse.alerting.hours import interval_name
from floorpulse.alerting.receivers import DEAD_MANS_SWITCH, FLOOR, MANAGER, OPS, WEBHOOK, floor_of, manager_of
from floorpulse.alerting.tuning import Delivery, duration
from floorpulse.alerting.watch import DEAD_MANS_SWITCH as SWITCH
from floorpulse.settings import Settings

BLIND: Final = ("FloorpulseExporterDown", "FloorpulseStateStale", "FloorpulseSourceStale", "FloorpulseWorkersBehind")
"""While one of these rings, nobody knows how the floor does."""


def zone_of(settings: Settings, team: str) -> str:
    """The zone in whose working hours a team is told."""
    return settings.teams[team].timezone or settings.definitions.organisation_timezone


def route(settings: Settings, delivery: Delivery) -> dict[str, Any]:
    """The tree: the service to ops at any hour, teams to their floor and manager, reps to their manager alone.

    An alert that any branch takes does not come back to the root, hence the last branch.
    """
    switch = {
        "matchers": [_is("alertname", SWITCH)],
        "receiver": DEAD_MANS_SWITCH,
        "repeat_interval": duration(delivery.switch_seconds),
    }
    webhook = {"receiver": WEBHOOK, "group_by": ["alertname", "team"], "continue": True}
    return {
        "receiver": OPS,
        "group_by": ["alertname"],
        **_paced(delivery),
        "routes": [
            switch,
            *([webhook] if settings.alerts.webhook_url else []),
            # Goes on: a manager hears what the floor hears.
            {"matchers": [_is("audience", "floor")], **_branch(settings, FLOOR), "continue": True},
            {"matchers": ['audience=~"floor|manager"'], **_branch(settings, MANAGER)},
            {"matchers": ['audience!~"floor|manager"'], "receiver": OPS},
        ],
    }


def inhibitions() -> list[dict[str, Any]]:
    """Blindness mutes what is said of numbers; a team that drops mutes its reps."""
    return [
        {"source_matchers": [f'alertname=~"{"|".join(BLIND)}"'], "target_matchers": ['audience=~"floor|manager"']},
        {
            "source_matchers": ['alertname=~"TeamBehindPace|TeamProductivityDrop"'],
            "target_matchers": ['alertname=~"RepBehindPace|RepProductivityDrop"'],
            "equal": ["team"],
        },
    ]


def _branch(settings: Settings, audience: str) -> dict[str, Any]:
    """What teams of the settings have of their own; every other team is told where the organisation is."""
    named = floor_of if audience == FLOOR else manager_of
    return {
        "receiver": audience,
        "group_by": ["alertname", "team"],
        "active_time_intervals": [interval_name(settings.definitions.organisation_timezone)],
        **_listed(
            "routes",
            [
                {
                    "matchers": [_is("team", team)],
                    "receiver": named(team),
                    "active_time_intervals": [interval_name(zone_of(settings, team))],
                }
                for team in settings.teams
            ],
        ),
    }


def _listed(key: str, values: list[Any]) -> dict[str, Any]:
    return {key: values} if values else {}


def _is(label: str, value: str) -> str:
    return f"{label}={json.dumps(value, ensure_ascii=False)}"


def _paced(delivery: Delivery) -> dict[str, str]:
    return {
        "group_wait": duration(delivery.wait_seconds),
        "group_interval": duration(delivery.interval_seconds),
        "repeat_interval": duration(delivery.repeat_seconds),
    }
