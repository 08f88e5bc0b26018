"""#13 Effective touchpoints."""

from __future__ import annotations

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.activity import ActivityView
from kpi_state.entities.call import CHANNEL, CallView
from kpi_state.entities.slot import SlotView
from kpi_state.kpis.kpi import Kpi, Target, total

STEM = "touchpoints"


def call(view: CallView, out: Contributions) -> None:
    """An attempt and talk time for who made or answered it."""
    if view.attempted and view.rep is not None:
        out[(STEM, view.rep, quarter(view.at), (CHANNEL,))] = (0, 1, view.talk_us)


def activity(view: ActivityView, out: Contributions) -> None:
    """An attempt for who did it."""
    out[(STEM, view.rep, quarter(view.at), (view.channel,))] = (0, 1, 0)


def slot(view: SlotView, out: Contributions) -> None:
    """A touchpoint, when its earliest touch was."""
    out[(STEM, view.rep, quarter(view.at), (view.channel,))] = (1, 0, 0)


KPI = Kpi(
    number=13,
    stem=STEM,
    title="Effective touchpoints",
    help="Effective conversations and messages, at most one a rep, party, channel and hour.",
    formula="number of slots with an effective touch",
    unit="touchpoints",
    article="Inside sales KPI's #13",
    attribution="actor",
    windows=("hour", "day", "week", "month", "rolling_1h", "rolling_7d"),
    parts=("touchpoints", "attempts", "talk_seconds"),
    reading="sums",
    value=total("touchpoints"),
    amounts=3,
    measure_labels=("channel",),
    label_sets=((), ("channel",)),
    target=Target(direction="at_least", note="a daily quota per rep"),
    contribute={"call": call, "activity": activity, "slot": slot},
)
