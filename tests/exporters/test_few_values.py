from exporters.few_values import few_values
from kpi_state.measures.registry import ALL, FREE_TEXT
from kpi_state.read.sample import Sample, sample_of
from kpi_state.read.slots import Slot
from tests.exporters.floor import seen


def sample(kpi: str, amounts: tuple[int, ...], grain: str = "org", key: str = "*", **labels: str) -> Sample:
    found = sample_of(Slot(kpi, grain, key, "month", "2024-06", tuple(sorted(labels.items()))), amounts)
    assert found is not None
    return found


def created(origin: str, leads: int, grain: str = "org", key: str = "*") -> Sample:
    return sample("leads_created", (leads,), grain, key, origin=origin)


def shown(samples: list[Sample], most: int) -> list[tuple[dict[str, str], dict[str, float]]]:
    return [(each.labels, each.parts) for each in few_values(samples, most)]


def test_few_values_stay_as_they_are() -> None:
    samples = seen().samples(current=True)

    assert few_values(samples, 200) == samples


def test_the_values_with_most_are_kept_and_the_rest_is_other() -> None:
    samples = [created("fair", 1), created("web", 5), created("mail", 2), created("call", 2)]

    assert shown(samples, 2) == [
        ({"origin": "other"}, {"leads": 3}),
        ({"origin": "web"}, {"leads": 5}),
        ({"origin": "call"}, {"leads": 2}),
    ]


def test_the_same_values_are_kept_for_everybody() -> None:
    samples = [created("a", 9, "rep", "anna"), created("b", 1, "rep", "bob"), created("a", 9), created("b", 10)]

    assert shown(samples, 1) == [
        ({"origin": "other"}, {"leads": 9}),
        ({"origin": "b"}, {"leads": 1}),
        ({"origin": "other"}, {"leads": 9}),
        ({"origin": "b"}, {"leads": 10}),
    ]


def test_one_that_is_called_other_is_among_the_others() -> None:
    assert shown([created("other", 9), created("a", 1), created("b", 1)], 1) == [({"origin": "other"}, {"leads": 11})]


def test_what_all_were_decided_of_is_not_added_up() -> None:
    reasons = [sample("appointment_disqualification", (8, n), reason=reason) for n, reason in enumerate("abc", 1)]

    (others, kept) = few_values(reasons, 1)

    assert (others.labels, others.parts, others.value) == ({"reason": "other"}, {"decided": 8, "rejected": 3}, 0.375)
    assert (kept.labels, kept.parts) == ({"reason": "c"}, {"decided": 8, "rejected": 3})


def test_labels_that_are_no_free_text_are_never_other() -> None:
    values = [sample("annual_contract_value", (10**6, n), currency=each) for n, each in enumerate(("EUR", "USD"), 1)]

    assert few_values(values, 1) == values


def test_every_free_label_is_one_of_some_kpi() -> None:
    names = {name for kpi in ALL for labels in kpi.label_sets for name in labels}

    assert names > FREE_TEXT
    assert names - FREE_TEXT == {"basis", "channel", "currency"}
