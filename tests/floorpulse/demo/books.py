"""A small floor for tests: two teams' worth of reps and an empty book."""

from datetime import date
from random import Random

from floorpulse.demo.book import Book, Lead, new_lead
from floorpulse.demo.people import floor_reps
from floorpulse.demo.wire import Statement

FIRST, LIVE = date(2026, 3, 2), date(2026, 3, 24)


def book(seed: int = 1) -> Book:
    """A book in which nothing is written yet."""
    return Book(Random(seed), floor_reps(seed, FIRST, LIVE))


def with_lead(of: Book, at: int) -> Lead:
    """A lead of the first rep, created at `at`."""
    list(new_lead(of, of.reps[0], at))
    return of.leads[of.reps[0].id][-1]


def facts_of(statements: list[Statement], kind: str) -> list[dict[str, object]]:
    """What was said of a kind."""
    return [statement.facts for statement in statements if statement.kind == kind]
