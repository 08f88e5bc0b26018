import pytest

from exporters.privacy import Disguise


def test_by_default_ids_are_shown_and_names_are_not() -> None:
    disguise = Disguise("ids")
    assert (disguise.shows_reps, disguise.rep("anna"), disguise.name("Anna Bos")) == (True, "anna", "")


def test_names_are_shown_when_asked_for() -> None:
    disguise = Disguise("names")
    assert (disguise.shows_reps, disguise.rep("anna"), disguise.name("Anna Bos")) == (True, "anna", "Anna Bos")


def test_a_pseudonym_depends_on_id_and_key_alone() -> None:
    first, again, other = (Disguise("pseudonyms", key) for key in (b"key", b"key", b"another"))
    assert first.rep("anna") == again.rep("anna") == "d27d461c645c7ca8"
    assert len({first.rep("anna"), first.rep("bob"), other.rep("anna")}) == 3
    assert first.name("Anna Bos") == ""


def test_those_who_are_nobody_need_no_pseudonym() -> None:
    assert [Disguise("pseudonyms", b"key").rep(rep) for rep in ("unassigned", "unmapped")] == ["unassigned", "unmapped"]


def test_pseudonyms_without_a_key_are_refused() -> None:
    with pytest.raises(ValueError, match="without a key"):
        Disguise("pseudonyms")


def test_none_shows_no_reps() -> None:
    assert not Disguise("none").shows_reps
