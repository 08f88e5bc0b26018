"""Who is told how: Alertmanager's receivers from the settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from floorpulse.alerting.messages import BOARD, MARKDOWN, TEXT, TITLE
from floorpulse.settings import Settings

OPS: Final = "ops"
FLOOR: Final = "floor"
MANAGER: Final = "manager"
DEAD_MANS_SWITCH: Final = "dead man's switch"
WEBHOOK: Final = "webhook"
Receiver = dict[str, Any]


def floor_of(team: str) -> str:
    """The receiver of everybody in a team."""
    return f"floor of {team}"


def manager_of(team: str) -> str:
    """The receiver of a team's manager."""
    return f"manager of {team}"


def managers_email(settings: Settings, team: str) -> str:
    """Where the manager of a team reads mail: the team's, that of another team of theirs, the organisation's."""
    own = settings.teams[team]
    same = [each.manager_email for each in settings.teams.values() if each.manager and each.manager == own.manager]
    return own.manager_email or next(filter(None, same), "") or settings.alerts.manager_email


def receivers(settings: Settings, *, msteams: bool) -> list[Receiver]:
    """All of them. `msteams`: with Microsoft Teams, which needs Alertmanager 0.28."""
    alerts = settings.alerts
    teams_url = alerts.msteams_url_file if msteams else ""
    return [
        {"name": DEAD_MANS_SWITCH, **_listed("webhook_configs", _webhook(alerts.dead_mans_switch_url, ""))},
        {"name": WEBHOOK, **_listed("webhook_configs", _webhook(alerts.webhook_url, alerts.webhook_token_file))},
        _receiver(OPS, alerts.ops_email, alerts.ops_slack_channel),
        _receiver(FLOOR, alerts.floor_email, alerts.floor_slack_channel, teams_url),
        # By mail alone: a manager has no channel that others do not read.
        _receiver(MANAGER, alerts.manager_email),
        *(each for team in settings.teams for each in _of_team(settings, team, teams_url)),
    ]


def _of_team(settings: Settings, team: str, teams_url: str) -> Iterator[Receiver]:
    own, everybody = settings.teams[team], settings.alerts
    channel = own.slack_channel or everybody.floor_slack_channel
    yield _receiver(floor_of(team), own.floor_email or everybody.floor_email, channel, teams_url)
    yield _receiver(manager_of(team), managers_email(settings, team))


def _receiver(name: str, email: str, channel: str = "", teams_url: str = "") -> Receiver:
    return {
        "name": name,
        **_listed("email_configs", _email(email)),
        **_listed("slack_configs", _slack(channel)),
        **_listed("msteamsv2_configs", _msteams(teams_url)),
    }


def _listed(kind: str, config: dict[str, Any]) -> dict[str, Any]:
    return {kind: [{"send_resolved": True, **config}]} if config else {}


def _email(to: str) -> dict[str, Any]:
    return {"to": to, "headers": {"Subject": TITLE}, "html": "", "text": TEXT} if to else {}


def _slack(channel: str) -> dict[str, Any]:
    return {"channel": channel, "title": TITLE, "title_link": BOARD, "text": TEXT} if channel else {}


def _msteams(url_file: str) -> dict[str, Any]:
    return {"webhook_url_file": url_file, "title": TITLE, "text": MARKDOWN} if url_file else {}


def _webhook(url: str, token_file: str) -> dict[str, Any]:
    if not url:
        return {}
    wanted = {"http_config": {"authorization": {"credentials_file": token_file}}} if token_file else {}
    return {"url": url, **wanted}
