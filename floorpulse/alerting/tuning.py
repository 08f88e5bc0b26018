"""When alerts begin and end: every threshold and duration that is not a target of the floor's own, in one place.

Those that a floor may want otherwise are `[alerts]` of the settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from floorpulse.settings import Alerts

_USUAL: Final = Alerts()
_UNITS: Final = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Thresholds of the rules; ratios are of what is expected, durations in seconds.

    enter_ratio, leave_ratio: a drop begins below the one and is over above the other, so that a value between them
    changes nothing.  wait_seconds: how long it must last before anybody hears of it.  keep_seconds: how long it must be
    over before it is said to be.
    team_expected, rep_expected: touchpoints below which nothing is compared.  chance_ratio: a count that is less likely
    than this where all is as usual is not chance any more.  deviations: the same of a pace, in standard deviations.
    target_count: cases below which a ratio is chance.  target_slack_ratio: a missed target must be beaten by so much.
    target_seconds: how long a target is missed, and met again, before it is said.
    stuck_count, stuck_ratio, unstuck_ratio: open leads over the age limit, and their share of all open leads.
    stale_seconds: age of a source's newest event.  state_stale_seconds: age of what the exporter shows.
    rules_seconds: how long after a rule failed it is said.
    """

    enter_ratio: float = _USUAL.drop_begins_ratio
    leave_ratio: float = _USUAL.drop_ends_ratio
    wait_seconds: int = _USUAL.drop_seconds
    keep_seconds: int = _USUAL.drop_over_seconds
    team_expected: int = _USUAL.team_touchpoints
    rep_expected: int = _USUAL.rep_touchpoints
    chance_ratio: float = 0.05
    deviations: float = 1.645
    target_count: int = 20
    target_slack_ratio: float = 0.05
    target_seconds: int = _USUAL.target_seconds
    stuck_count: int = 5
    stuck_ratio: float = 0.2
    unstuck_ratio: float = 0.15
    stale_seconds: int = _USUAL.stale_seconds
    state_stale_seconds: int = 30
    rules_seconds: int = 600


def tuned(alerts: Alerts) -> Tuning:
    """The thresholds as the settings want them."""
    return Tuning(
        enter_ratio=alerts.drop_begins_ratio,
        leave_ratio=alerts.drop_ends_ratio,
        wait_seconds=alerts.drop_seconds,
        keep_seconds=alerts.drop_over_seconds,
        team_expected=alerts.team_touchpoints,
        rep_expected=alerts.rep_touchpoints,
        target_seconds=alerts.target_seconds,
        stale_seconds=alerts.stale_seconds,
    )


def duration(seconds: int) -> str:
    """A duration in Prometheus' form, in the largest unit that divides it."""
    return next(f"{seconds // length}{unit}" for unit, length in _UNITS if seconds % length == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How Alertmanager paces messages, in seconds.

    wait_seconds: how long a first message waits for others like it.  interval_seconds: between messages of one group.
    repeat_seconds: until what still rings is said again.  switch_seconds: between signs of life.
    """

    wait_seconds: int = 30
    interval_seconds: int = 300
    repeat_seconds: int = 14_400
    switch_seconds: int = 300
