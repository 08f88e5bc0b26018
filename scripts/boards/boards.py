"""All boards, as the files that Grafana loads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from scripts.boards import (
    leaderboard,
    operations,
    performance,
    pipeline,
    stage_analysis,
    state_of_the_union,
    team_activities,
)
from scripts.boards.model import Board

FOLDER: Final = "grafana/dashboards"
BOARDS: Final = (
    state_of_the_union,
    pipeline,
    team_activities,
    performance,
    stage_analysis,
    leaderboard,
    operations,
)


def boards() -> list[Board]:
    """In the order of the links."""
    return [module.board() for module in BOARDS]


def board_files() -> Mapping[str, str]:
    """Path from the root → dashboard JSON."""
    return {
        f"{FOLDER}/{board.slug}.json": json.dumps(board.json(), ensure_ascii=False, indent=2) + "\n"
        for board in boards()
    }
