"""Every endpoint, in the order in which it is described."""

from __future__ import annotations

from typing import Final

from exporters.api import explain, freshness, goals, health, kpis, leaderboard, reps, teams
from exporters.api.endpoint import Endpoint

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    kpis.ENDPOINT,
    reps.ENDPOINT,
    teams.ENDPOINT,
    leaderboard.ENDPOINT,
    explain.ENDPOINT,
    goals.ENDPOINT,
    freshness.ENDPOINT,
    health.HEALTHZ,
    health.READYZ,
)
