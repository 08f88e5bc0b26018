import pytest

from kpi_state.read.identities import Identities
from kpi_state.read.timelines import Timeline


def ext(*said: tuple[int, list[str] | None]) -> dict[str, Timeline]:
    return {"extensions": Timeline(tuple(time for time, _ in said), tuple(value for _, value in said))}


def mail(*said: tuple[int, list[str]]) -> dict[str, Timeline]:
    return {"emails": Timeline(tuple(time for time, _ in said), tuple(value for _, value in said))}


def ids(*said: tuple[int, dict[str, str]]) -> dict[str, Timeline]:
    return {"external_ids": Timeline(tuple(time for time, _ in said), tuple(value for _, value in said))}


def resolver(**reps: dict[str, Timeline]) -> Identities:
    return Identities(reps.keys(), reps.items())


def test_nobody_given_is_unassigned_and_nobody_known_is_unmapped() -> None:
    assert resolver().resolve("unassigned", 5) == "unassigned"
    assert resolver(r1={}).resolve("zz", 5) == "unmapped"


def test_an_exact_roster_id_wins_over_every_claim() -> None:
    found = resolver(r1=ext((0, ["101"])), **{"101": {}})

    assert found.resolve("101", 5) == "101"
    assert found.resolve("r1", 5) == "r1"


@pytest.mark.parametrize("raw", ["aircall:7", "Ann@Example.COM", "101"])
def test_a_rep_is_known_by_system_id_by_e_mail_in_any_case_and_by_extension(raw: str) -> None:
    found = resolver(r1={**ids((0, {"aircall": "7"})), **mail((0, ["ann@EXAMPLE.com"])), **ext((0, ["101"]))})

    assert found.resolve(raw, 5) == "r1"


def test_system_ids_and_extensions_are_exact() -> None:
    found = resolver(r1={**ids((0, {"Aircall": "x"})), **ext((0, ["A1"]))})

    assert found.resolve("aircall:x", 5) == found.resolve("a1", 5) == "unmapped"


def test_an_extension_belongs_to_whoever_holds_it_at_that_moment() -> None:
    found = resolver(r1=ext((10, ["101"]), (20, [])), r2=ext((30, ["101"])))

    assert [found.resolve("101", time) for time in (10, 19, 30, 99)] == ["r1", "r1", "r2", "r2"]


def test_before_the_first_claim_it_is_the_first_claim() -> None:
    assert resolver(r1=ext((10, ["101"])), r2=ext((30, ["101"]))).resolve("101", 0) == "r1"


def test_between_two_claims_it_is_the_next() -> None:
    assert resolver(r1=ext((10, ["101"]), (20, [])), r2=ext((30, ["101"]))).resolve("101", 25) == "r2"


def test_an_id_released_and_not_claimed_again_is_unmapped() -> None:
    assert resolver(r1=ext((10, ["101"]), (20, None))).resolve("101", 20) == "unmapped"


def test_of_two_claims_the_later_holds_and_on_a_tie_the_smallest_id() -> None:
    assert resolver(r1=ext((10, ["101"])), r2=ext((5, ["101"]))).resolve("101", 99) == "r1"
    assert resolver(r2=ext((10, ["101"])), r1=ext((10, ["101"]))).resolve("101", 99) == "r1"
    assert resolver(r2=ext((10, ["101"])), r1=ext((10, ["101"]))).resolve("101", 0) == "r1"


def test_a_claim_that_is_repeated_goes_on_from_its_first_statement() -> None:
    found = resolver(r1=ext((10, ["101"]), (30, ["101", "102"])), r2=ext((20, ["101"])))

    assert found.resolve("101", 40) == "r2"


def test_a_kind_with_a_holder_then_comes_before_an_earlier_kind_with_a_later_claim() -> None:
    found = resolver(r1=mail((50, ["x@y"])), r2=ext((10, ["x@y"])))

    assert [found.resolve("x@y", time) for time in (10, 50)] == ["r2", "r1"]


def test_with_no_holder_then_the_first_kind_with_a_later_claim_decides() -> None:
    found = resolver(r1=mail((50, ["x@y"])), r2=ext((10, ["x@y"])))

    assert found.resolve("x@y", 5) == "r1"


def test_a_claim_corrected_at_the_very_instant_it_was_made_was_never_held() -> None:
    found = resolver(r1=ext((10, ["101"]), (10, [])), r2=ext((20, ["101"])))

    assert [found.resolve("101", time) for time in (0, 10)] == ["r2", "r2"]


def test_an_id_is_steady_between_two_instants_unless_a_claim_on_it_begins_or_ends_after_the_first() -> None:
    found = resolver(r1={**ext((10, ["101"]), (20, [])), **mail((30, ["ann@example.com"]))})

    assert [found.steady("101", *times) for times in ((0, 9), (10, 19), (20, 90))] == [True] * 3
    assert [found.steady("101", *times) for times in ((9, 10), (15, 20), (0, 90))] == [False] * 3
    assert found.steady("r1", 0, 90)
    assert found.steady("nobody", 0, 90)
    assert not found.steady("Ann@example.com", 0, 90)
