from kpi_state.entities.registry import ENTITIES, RANKS, ROSTER, SHELVED
from kpi_state.events import FIELDS
from kpi_state.measures.registry import ALL


def test_every_kind_of_event_is_an_entity_or_in_the_roster_and_never_both() -> None:
    assert set(FIELDS) <= ENTITIES.keys() | ROSTER
    assert not ENTITIES.keys() & ROSTER


def test_slots_dials_and_numbers_are_entities_that_no_event_is_about() -> None:
    assert ENTITIES.keys() - set(FIELDS) == {"slot", "dial", "number"}


def test_every_rank_is_used_and_known() -> None:
    assert {entity.rank for entity in ENTITIES.values()} == set(range(RANKS))


def test_only_entities_have_shelves() -> None:
    assert {kind for kind, _ in SHELVED} <= ENTITIES.keys()


def test_only_entities_feed_kpis() -> None:
    assert {kind for kpi in ALL for kind in kpi.contribute} <= ENTITIES.keys()


def test_no_kind_of_entity_looks_like_a_shelf_or_holds_what_keys_are_made_of() -> None:
    assert all(kind.isalpha() for kind in ENTITIES.keys() | ROSTER)
