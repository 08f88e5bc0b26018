"""Stages: where an opportunity stayed, from when to when, and how it left."""

from __future__ import annotations

import msgspec

from kpi_state.facts import Line

MOVED_ON, MOVED_BACK = "moved_on", "moved_back"
"""How a deal leaves a stage but for its outcome: to a stage it was never in before, or to one it was in."""


class Stay(msgspec.Struct, gc=False):
    """One unbroken run of statements of one stage."""

    stage: str
    since: int
    until: int
    """0 while the deal is still in it."""
    exit: str
    """moved_on, moved_back, won or lost; "" while the deal is still in it."""


def stays(line: Line, outcome: str, closed: int) -> list[Stay]:
    """The stays of a deal, in order; `outcome` is open, won or lost.

    A statement that clears the stage says nothing of where the deal is. A closed deal (`closed` in microseconds) left
    its last stage by its outcome; a stage that is only said at or after the close ("Closed won") is none.
    """
    out: list[Stay] = []
    been: set[str] = set()
    over = outcome != "open"
    for (time, *_), said in line:
        if over and time >= closed:
            break
        stage = str(said or "")
        if not stage or (out and out[-1].stage == stage):
            continue
        if out:
            out[-1].until = time
            out[-1].exit = MOVED_BACK if stage in been else MOVED_ON
        out.append(Stay(stage, time, 0, ""))
        been.add(stage)
    if over and out:
        out[-1].until, out[-1].exit = closed, outcome
    return out
