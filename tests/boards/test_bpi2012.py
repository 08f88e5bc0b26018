"""Boards of a real sales desk: the loan applications of the BPI challenge of 2012."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser

from floorpulse.settings import load
from kpi_state.events import instant
from tests.acceptance.bpi2012 import END, SETTINGS, write_events
from tests.boards.browser import FULL_HD, drawn
from tests.boards.conftest import Site, site
from tests.boards.faults import faults
from tests.boards.floors import Floor, Told, with_targets
from tests.boards.promql import metrics
from tests.boards.test_drawn import BOARDS, PICTURES, rightly_empty

pytestmark = [pytest.mark.boards, pytest.mark.acceptance, pytest.mark.timeout(600)]

NOT_TOLD = {
    "pipeline": "an application is a lead, and there are no deals",
    "pipeline_value": "as above",
    "deals_won": "as above",
    "revenue_won": "as above",
    "stage_flow": "as above",
    "stage_time": "as above",
    "annual_contract_value": "there are no contracts",
    "customer_lifetime_value": "as above",
    "customer_retention": "as above",
    "referrals": "nobody says who referred whom",
    "appointment_disqualification": "there are no appointments",
    "lead_source": "nobody says what generated an application",
    "rep_retention": "nobody says when who was employed",
    "rep_ramp_up": "as above",
    "outbound_calls": "talks about an application are told as messages",
    "coverage": "sources send no heartbeats",
}
"""Stems of numbers that the log says nothing of; panels that show any of them may be empty."""
NO_CALLS = {
    "Effective calls": "talks about an application are told as messages",
    "Away today": "nobody says who is absent",
}
CHOSEN = {
    "state-of-the-union": {"var_period": "fiscal_quarter", "var_before": "1d"},
    "team-activities": {"var_period": "month"},
}
"""The log ends in the middle of a quiet month."""


class _Dated(msgspec.Struct):
    time: str


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole log, looked at when it ends."""
    path: Path = tmp_path_factory.mktemp("bpi2012") / "events.jsonl"
    write_events(path)
    now = instant(END)
    with path.open("rb") as lines:
        floor = Floor(with_targets(load(None, SETTINGS)), (Told(_when(line), line) for line in lines), 0)
        with site(floor, now, iter([now]), days=1) as served:
            yield served


def _when(line: bytes) -> int:
    return instant(msgspec.json.decode(line, type=_Dated).time)


@pytest.mark.parametrize("slug", BOARDS)
def test_a_board_of_the_desk_shows_what_the_log_tells_of(slug: str, desk: Site, browser: Browser) -> None:
    panels = BOARDS[slug]["panels"]
    not_told = {
        panel["id"]
        for panel in panels
        if any(
            f"_{stem}_" in metric
            for target in panel["targets"]
            for metric in metrics(target["expr"])
            for stem in NOT_TOLD
        )
    }
    not_told |= {panel["id"] for panel in panels if panel["title"] in NO_CALLS}
    with drawn(browser, desk.url, slug, FULL_HD, **CHOSEN.get(slug, {})) as shown:
        shown.picture(PICTURES / f"{slug}-bpi2012.png")
        assert faults(BOARDS[slug], shown, not_told | rightly_empty(slug)) == []
