from exporters.folding import Folding
from kpi_state.buckets import Amounts
from kpi_state.read.slots import Slot


def created(origin: str, leads: int, grain: str = "org", key: str = "*") -> tuple[Slot, Amounts]:
    return Slot("leads_created", grain, key, "month", "2024-06", (("origin", origin),)), (leads,)


def test_the_values_with_most_stay_and_others_are_folded() -> None:
    folding = Folding(2)
    for origin, leads in (("web", 5), ("fair", 1), ("mail", 2)):
        folding.count(*created(origin, leads), 1)

    assert folding.moved() == {"origin"}
    assert [folding.folded((("origin", origin),))[0][1] for origin in ("web", "fair", "mail")] == [
        "web",
        "other",
        "mail",
    ]
    assert folding.folded((("currency", "EUR"),)) == (("currency", "EUR"),)
    assert folding.others() == {"origin": 1}


def test_few_values_stay_as_they_are() -> None:
    folding = Folding(2)
    folding.count(*created("web", 5), 1)
    folding.count(*created("zz", 5, "rep", "ann"), 1)

    assert folding.moved() == set()
    assert folding.folded((("origin", "web"),)) == (("origin", "web"),)
    assert folding.others() == {}


def test_a_value_that_overtakes_another_takes_its_place() -> None:
    folding = Folding(1)
    folding.count(*created("web", 5), 1)
    folding.count(*created("fair", 1), 1)
    assert folding.moved() == {"origin"}

    folding.weigh(*created("fair", 1), (9,))

    assert folding.moved() == {"origin"}
    assert folding.folded((("origin", "fair"),)) == (("origin", "fair"),)
    assert folding.moved() == set()


def test_a_value_without_samples_counts_no_more() -> None:
    folding = Folding(1)
    folding.count(*created("web", 5), 1)
    folding.count(*created("fair", 1), 1)
    folding.moved()

    folding.count(*created("fair", 1), -1)

    assert folding.moved() == {"origin"}
    assert folding.others() == {}


def test_what_a_rep_has_of_a_value_weighs_nothing() -> None:
    folding = Folding(1)
    for origin in ("web", "fair"):
        folding.count(*created(origin, 5), 1)
        folding.count(*created(origin, 5, "rep", "ann"), 1)
    assert folding.moved() == {"origin"}

    folding.weigh(*created("web", 5, "rep", "ann"), (1,))

    assert [folding.weighs(created("web", 5, *whose)[0]) for whose in (("rep", "ann"), ("org", "*"))] == [False, True]
    assert folding.moved() == set()
    assert folding.folded((("origin", "fair"),)) == (("origin", "fair"),)
