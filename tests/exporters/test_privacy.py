from fractions import Fraction

import pytest

from exporters.privacy import Disguise
from kpi_state.definitions import Privacy
from kpi_state.read.sample import Person, Sample, sample_of
from kpi_state.read.slots import Slot
from kpi_state.read.targets import Goal

ANNA, BOB, CAS = (Person(rep, name, "Zuid") for rep, name in (("anna", "Anna Bos"), ("bob", ""), ("cas", "Cas")))
DEV = Person("dev", "Dev", "Delhi")
PEOPLE = [ANNA, BOB, CAS, DEV]
ANNAS_PSEUDONYM = "d27d461c645c7ca8"  # printf anna | openssl dgst -sha256 -hmac key


def leads(grain: str, key: str) -> Sample:
    found = sample_of(Slot("leads_created", grain, key, "day", "2024-06-06", ()), (1,))
    assert found is not None
    return found


SAMPLES = [leads("org", "*")] + [leads("rep", rep) for rep in ("anna", "bob", "dev", "unassigned", "unmapped")]
SAMPLES += [leads("team", "Delhi"), leads("team", "Zuid")]


def keys(samples: list[Sample]) -> list[str]:
    return [f"{sample.grain} {sample.key}" for sample in samples]


def test_by_default_everything_is_shown_but_names() -> None:
    disguise = Disguise(Privacy())
    assert disguise.people(PEOPLE) == [person._replace(name="") for person in PEOPLE]
    assert disguise.samples(SAMPLES, PEOPLE) == SAMPLES


def test_names_are_shown_when_asked_for() -> None:
    disguise = Disguise(Privacy(rep_labels="names"))
    assert disguise.people(PEOPLE) == PEOPLE
    assert disguise.samples(SAMPLES, PEOPLE) == SAMPLES


def test_a_pseudonym_depends_on_id_and_key_alone() -> None:
    def shown(key: bytes) -> list[str]:
        return [person.rep for person in Disguise(Privacy(rep_labels="pseudonyms"), key).people(PEOPLE)]

    assert shown(b"key")[0] == ANNAS_PSEUDONYM
    assert shown(b"key") == shown(b"key")
    assert len({*shown(b"key"), *shown(b"another")}) == 2 * len(PEOPLE)


def test_pseudonyms_take_the_place_of_ids_in_the_order_of_what_is_shown() -> None:
    disguise = Disguise(Privacy(rep_labels="pseudonyms", team_min_size=1), b"key")
    people, samples = disguise.people(PEOPLE), disguise.samples(SAMPLES, PEOPLE)
    assert {person.name for person in people} == {""}
    shown = keys(samples)
    assert shown == sorted(shown)
    assert f"rep {ANNAS_PSEUDONYM}" in shown
    assert {"rep unassigned", "rep unmapped", "org *", "team Zuid", "team Delhi"} < set(shown)
    assert not {"rep anna", "rep bob", "rep dev"} & set(shown)
    assert len(shown) == len(SAMPLES)


def test_the_reps_of_a_team_that_is_too_small_are_in_none() -> None:
    def teams(privacy: Privacy) -> list[str]:
        return [person.team for person in Disguise(privacy, b"key").people(PEOPLE)]

    assert teams(Privacy(rep_labels="pseudonyms", team_min_size=3)) == ["Zuid", "Zuid", "Zuid", ""]
    assert teams(Privacy(rep_labels="pseudonyms", team_min_size=4)) == ["", "", "", ""]
    assert teams(Privacy(rep_labels="ids", team_min_size=4)) == ["Zuid", "Zuid", "Zuid", "Delhi"]


def test_pseudonyms_without_a_key_are_refused() -> None:
    with pytest.raises(ValueError, match="without a key"):
        Disguise(Privacy(rep_labels="pseudonyms"))


def test_targets_are_shown_like_what_they_are_for() -> None:
    goals = [
        Goal("touchpoints", grain, key, "day", Fraction(60), None) for grain, key in (("rep", "anna"), ("team", "Zuid"))
    ]
    assert Disguise(Privacy()).goals(goals, PEOPLE) == goals
    pseudonyms = Disguise(Privacy(rep_labels="pseudonyms"), b"key").goals(goals, PEOPLE)
    assert [goal.key for goal in pseudonyms] == [ANNAS_PSEUDONYM, "Zuid"]
    assert Disguise(Privacy(rep_labels="none", team_min_size=3)).goals(goals, PEOPLE) == goals[1:]
    assert Disguise(Privacy(rep_labels="none", team_min_size=4)).goals(goals, PEOPLE) == []


def test_nothing_is_said_of_single_reps_nor_of_teams_so_small_that_they_tell() -> None:
    disguise = Disguise(Privacy(rep_labels="none", team_min_size=3))
    assert disguise.people(PEOPLE) == []
    assert keys(disguise.samples(SAMPLES, PEOPLE)) == ["org *", "team Zuid"]
    assert keys(Disguise(Privacy(rep_labels="none", team_min_size=4)).samples(SAMPLES, PEOPLE)) == ["org *"]
