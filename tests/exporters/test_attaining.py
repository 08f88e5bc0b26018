from fractions import Fraction

from exporters.kept import Kept, place_of, place_of_goal
from kpi_state.read.sample import Sample, sample_of
from kpi_state.read.slots import Pairs, Slot
from kpi_state.read.targets import Goal


def touched(key: str, points: int) -> Sample:
    found = sample_of(Slot("touchpoints", "rep", key, "day", "2024-06-06", ()), (points, 9, 9))
    assert found is not None
    return found


def sold(grain: str, key: str, minor: int, labels: Pairs = (("currency", "EUR"),)) -> Sample:
    found = sample_of(Slot("revenue_won", grain, key, "fiscal_year", "2024", labels), (minor,))
    assert found is not None
    return found


def goal(kpi: str, key: str, target: int, window: str = "day", grain: str = "rep") -> Goal:
    return Goal(kpi, grain, key, window, Fraction(target), None)


def of(kept: Kept) -> dict[tuple[str, Pairs], float | None]:
    return {(place.key, place.labels): each.attainment for place, each in kept.attained.items()}


def test_what_is_reached_follows_samples_and_goals() -> None:
    kept = Kept()
    kept.goals.put(place_of_goal(goal("touchpoints", "ann", 10)), goal("touchpoints", "ann", 10), 1)
    assert kept.follow(1) == 1
    assert of(kept) == {("ann", ()): 0}

    kept.samples.put(place_of(touched("ann", 5)), touched("ann", 5), 2)
    kept.samples.put(place_of(touched("bob", 5)), touched("bob", 5), 2)
    assert kept.follow(2) == 2
    assert of(kept) == {("ann", ()): 0.5}

    kept.goals.put(place_of_goal(goal("touchpoints", "ann", 5)), goal("touchpoints", "ann", 5), 3)
    kept.follow(3)
    assert of(kept) == {("ann", ()): 1}

    kept.goals.drop(place_of_goal(goal("touchpoints", "ann", 5)), 4)
    kept.follow(4)
    assert of(kept) == {}
    assert kept.attained.changed_since(3) == [place_of(touched("ann", 5))]


def test_nothing_is_compared_again_that_did_not_change() -> None:
    kept = Kept()
    kept.goals.put(place_of_goal(goal("touchpoints", "ann", 10)), goal("touchpoints", "ann", 10), 1)
    kept.follow(1)

    assert kept.follow(2) == 1


def test_whoever_sold_nothing_in_a_currency_of_the_organisation_has_nothing_of_the_target_in_it() -> None:
    kept = Kept()
    ours = goal("revenue_won", "ann", 100, "fiscal_year")
    kept.goals.put(place_of_goal(ours), ours, 1)
    kept.follow(1)
    assert of(kept) == {}

    for sample in (sold("org", "*", 50), sold("org", "*", 40, (("currency", "EUR"), ("product", "Suite")))):
        kept.samples.put(place_of(sample), sample, 2)
    kept.follow(2)
    assert of(kept) == {("ann", (("currency", "EUR"),)): 0}

    kept.samples.drop(place_of(sold("org", "*", 50)), 3)
    kept.follow(3)
    assert of(kept) == {}


def test_places_of_what_went_are_not_remembered() -> None:
    kept = Kept()
    kept.samples.put(place_of(touched("ann", 5)), touched("ann", 5), 1)
    kept.samples.put(place_of(sold("rep", "ann", 5)), sold("rep", "ann", 5), 1)
    kept.follow(1)
    for sample in (touched("ann", 5), sold("rep", "ann", 5)):
        kept.samples.drop(place_of(sample), 2)
    kept.samples.put(place_of(touched("bob", 5)), touched("bob", 5), 3)
    kept.samples.drop(place_of(touched("bob", 5)), 3)
    kept.follow(3)

    assert not kept._attaining._compared
