import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.catalogue import CHOICES
from kpi_state.events import FIELDS, SHAPE_OF
from kpi_state.short import FORMS, TIME, WORD, WORDS, long_id, long_value, short_id, short_value

UUID = "0b3c9c1e-6a52-4a3e-a2b1-0c8c1d3c7f00"


def test_a_uuid_takes_16_bytes() -> None:
    assert short_id(UUID) == bytes.fromhex("0b3c9c1e6a524a3ea2b10c8c1d3c7f00")


@given(st.uuids())
def test_a_uuid_comes_back_from_its_bytes(uuid: object) -> None:
    short = short_id(str(uuid))

    assert isinstance(short, bytes)
    assert long_id(short) == str(uuid)


@pytest.mark.parametrize(
    "odd",
    [
        UUID.upper(),
        UUID.replace("-", "_"),
        UUID.replace("4a3e-", "4a-3e"),
        UUID[:-1] + "g",
        UUID[:-1] + "٣",
        UUID[:-2] + "  ",
        UUID[:-1],
        "{" + UUID[:-2] + "}",
        "0b3c9c1e-" + "-" * 27,
        "",
    ],
)
def test_an_id_that_only_looks_like_a_uuid_stays_as_it_is(odd: str) -> None:
    assert short_id(odd) == odd
    assert long_id(odd) == odd


@given(st.text() | st.text("0123456789abcdef-", min_size=36, max_size=36))
def test_any_id_comes_back(text: str) -> None:
    assert long_id(short_id(text)) == text


@given(st.sampled_from((*WORDS, None)))
def test_a_word_comes_back_from_its_number(word: str | None) -> None:
    assert long_value(WORD, 5, short_value(WORD, 5, word)) == word


def test_a_word_that_is_not_listed_yet_stays_as_it_is() -> None:
    assert short_value(WORD, 5, "carrier_pigeon") == "carrier_pigeon"
    assert long_value(WORD, 5, "carrier_pigeon") == "carrier_pigeon"


def test_every_word_of_the_contract_is_listed_once() -> None:
    assert {word for words in CHOICES.values() for word in words} == set(WORDS)
    assert len(set(WORDS)) == len(WORDS) < 128  # one byte each


def test_the_numbers_of_words_are_for_ever() -> None:
    assert WORDS[:5] == ("answered", "outbound", "inbound", "no_answer", "busy")
    assert WORDS[28] == "renewal"


@given(st.none() | st.integers(-(2**56), 2**58), st.integers(-(2**56), 2**58))
def test_a_time_comes_back_from_its_distance(time: int | None, of_event: int) -> None:
    assert long_value(TIME, of_event, short_value(TIME, of_event, time)) == time


def test_a_time_near_that_of_its_event_is_a_small_number() -> None:
    assert short_value(TIME, 1_735_718_400_000_000, 1_735_718_412_000_000) == 12_000_000


def test_words_and_times_are_shortened_and_nothing_else() -> None:
    how = {"choice": WORD, "time": TIME}

    assert {kind: dict(forms) for kind, forms in FORMS.items()} == {
        kind: {name: how.get(SHAPE_OF[kind][name], 0) for name in names} for kind, names in FIELDS.items()
    }
