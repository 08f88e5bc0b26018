"""The worked examples come out of a replay, so that the book cannot say what is not so."""

import json
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from kpi_state.definitions import ReadSettings
from kpi_state.kpis.book import kpi_book
from kpi_state.kpis.kpi import Example, Kpi, Target
from kpi_state.kpis.registry import by_stem
from kpi_state.measures.registry import ALL
from kpi_state.replay import replay


def found(example: Example, stem: str) -> list[dict[str, Any]]:
    """The samples of the example's place and labels, as `replay` prints them."""
    lines = [
        json.dumps({"specversion": "1.0", "source": "/book", "id": f"{n:03d}", **json.loads(event)}).encode()
        for n, event in enumerate(example.events)
    ]
    as_of = int(datetime.fromisoformat(example.as_of).timestamp()) * 1_000_000
    done = replay(lines, as_of, msgspec.convert(example.settings, ReadSettings))
    assert (done.read, done.after_as_of, done.quarantined) == (len(lines), 0, 0)
    place = {"kpi": stem} | {name: example.sample[name] for name in ("grain", "key", "window", "bucket", "labels")}
    return [sample for sample in json.loads(done.document(supporting=True))["samples"] if sample | place == sample]


@pytest.mark.parametrize("kpi", ALL, ids=lambda kpi: kpi.stem)
def test_the_worked_example_of_every_kpi_comes_out_of_a_replay(kpi: Kpi) -> None:
    assert kpi.example is not None

    assert found(kpi.example, kpi.stem) == [{"kpi": kpi.stem, **kpi.example.sample}]


def test_settings_of_an_example_are_applied_and_printed() -> None:
    kpi = by_stem("open_lead_age")
    assert kpi.example is not None
    stricter = replace(kpi.example, settings={"limits": {"lead_age_days": 1}})

    (sample,) = found(stricter, kpi.stem)

    assert sample["parts"]["over_limit"] == 2
    assert 'with the settings `{"limits": {"lead_age_days": 1}}` this is:' in kpi_book(
        [replace(kpi, example=stricter)], []
    )


@pytest.mark.parametrize("kpi", ALL, ids=lambda kpi: kpi.stem)
def test_the_book_says_of_every_kpi_what_it_means_and_how_it_is_counted(kpi: Kpi) -> None:
    chapter = kpi_book().partition(f'<a id="{kpi.stem}"></a>')[2].partition("<a id=")[0]

    for said in (
        f"### #{kpi.number} {kpi.title}" if kpi.number else f"### {kpi.title}",
        kpi.help,
        kpi.formula,
        kpi.unit,
        kpi.attribution,
        kpi.article,
    ):
        assert said in chapter
    for name in (*kpi.windows, *kpi.parts, *kpi.grains, *(label for labels in kpi.label_sets for label in labels)):
        assert f"`{name}`" in chapter
    for parts in kpi.other_parts.values():
        assert ", ".join(f"`{part}`" for part in parts) in chapter
    assert "**Example.**" in chapter


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (None, "–"),
        (Target(direction="at_most", default=Fraction(5, 100)), "≤ 5 %"),
        (Target(direction="at_least", default=Fraction(1, 8)), "≥ 12.5 %"),
        (Target(direction="at_least", note="a quota"), "a quota"),
        (Target(direction="at_least", default=Fraction(3, 5), note="of all"), "≥ 60 %; of all"),
    ],
)
def test_a_target_has_a_direction_a_share_and_a_note(target: Target | None, said: str) -> None:
    page = kpi_book([replace(by_stem("lead_source"), target=target)], [])

    assert f"| target | {said} |" in page


def test_a_kpi_without_an_example_has_none() -> None:
    assert "**Example.**" not in kpi_book([replace(by_stem("lead_source"), example=None)], [])


def test_every_help_is_a_sentence_and_no_cell_of_the_tables_is_broken() -> None:
    for kpi in ALL:
        assert kpi.help.endswith("."), kpi.stem
        for text in (kpi.help, kpi.formula, kpi.attribution, kpi.unit, kpi.article):
            assert "|" not in text
            assert "\n" not in text
