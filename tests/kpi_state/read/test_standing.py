"""What stands now, for whoever it belongs to now."""

from kpi_state.buckets import NO_BUCKET
from tests.kpi_state.read.floor import Floor

STEM = "pipeline_value"


def deal(floor: Floor, rep: str, amount: int, stage: str = "", currency: str = "EUR") -> None:
    floor.count(STEM, rep, NO_BUCKET, 1, amount, labels=(currency, stage, "", ""))


def test_sums_stand_side_by_side_by_label_for_rep_team_and_organisation() -> None:
    floor = Floor()
    floor.rep("r1", team="A")
    deal(floor, "r1", 500, "Offer")
    deal(floor, "r1", 300)
    deal(floor, "r2", 7, currency="USD")

    board = floor.look("2024-05-14T10:00")

    assert board.parts(STEM, "rep:r1", "now", currency="EUR") == {"deals": 2, "amount_minor": 800}
    assert board.parts(STEM, "team:A", "now", currency="EUR", stage="Offer") == {"deals": 1, "amount_minor": 500}
    assert board.value(STEM, "*", "now", currency="USD") == 7
    assert board.parts(STEM, "*", "now") is None


def test_they_move_with_their_owner_and_go_when_they_are_taken_back() -> None:
    floor = Floor()
    floor.rep("r1", team="A")
    floor.rep("r1", "2024-05-15", team="B")
    deal(floor, "r1", 500)

    assert floor.look("2024-05-14T10:00", current=True).whos(STEM, "now") == {"rep:r1", "team:A", "*"}
    assert floor.look("2024-05-15T10:00", current=True).whos(STEM, "now") == {"rep:r1", "team:B", "*"}

    floor.take_back(0)

    assert floor.look("2024-05-15T10:00", current=True).samples == []
