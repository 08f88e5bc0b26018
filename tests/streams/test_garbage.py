"""What a commit makes is freed without being looked for, and cycles still are found."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from streams.garbage import NET_CONTAINERS, set_aside


class Node:
    """Something that knows itself."""

    def __init__(self) -> None:
        self.myself = self


@pytest.fixture
def as_in_a_worker() -> Iterator[None]:
    before = gc.get_threshold()
    set_aside()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("as_in_a_worker")
def test_what_a_commit_makes_is_not_looked_through() -> None:
    before = gc.get_stats()[0]["collections"]
    made = [[number] for number in range(NET_CONTAINERS // 2)]

    assert gc.get_stats()[0]["collections"] == before
    assert len(made) == NET_CONTAINERS // 2


@pytest.mark.usefixtures("as_in_a_worker")
def test_cycles_are_freed_once_there_are_many() -> None:
    gone = weakref.ref(Node())
    made = [[number] for number in range(2 * NET_CONTAINERS)]

    assert gone() is None
    assert len(made) == 2 * NET_CONTAINERS


@pytest.mark.usefixtures("as_in_a_worker")
def test_what_was_kept_before_is_set_aside() -> None:
    assert gc.get_freeze_count() > 0
