"""Every endpoint, in the order in which it is described."""

from __future__ import annotations

from typing import Final

from exporters.api import freshness, goals, health, kpis
from exporters.api.endpoint import Endpoint

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    kpis.ENDPOINT,
    goals.ENDPOINT,
    freshness.ENDPOINT,
    health.HEALTHZ,
    health.READYZ,
)
