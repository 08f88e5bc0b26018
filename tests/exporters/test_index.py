from exporters import clock as clocks
from exporters.index import Board, Index
from exporters.kept import place_of
from exporters.privacy import Disguise
from exporters.shown import Shown
from kpi_state.definitions import Limits, Privacy
from kpi_state.read.sample import sample_of
from kpi_state.read.slots import Slot
from tests.exporters.floor import NOW
from tests.exporters.passing import come_and_go
from tests.exporters.served import Served

BOARD = Board("touchpoints", "rep", "day", ())
DAY_US = 86_400_000_000


async def test_numbers_are_found_by_whose_they_are_and_by_board() -> None:
    def look(shown: Shown, index: Index) -> None:
        of_anna = set(index.of("rep", "anna"))
        assert of_anna == {place for place in shown.samples if (place.grain, place.key) == ("rep", "anna")}
        assert index.on(BOARD) == {"anna": 2, "bela": 1}
        assert index.keys("team") == ["Delhi", 'Zuid "A"\\']
        assert index.labels("touchpoints", "rep", "day") == [(), (("channel", "call"),), (("channel", "email"),)]
        assert (list(index.of("rep", "nobody")), index.on(BOARD._replace(kpi="x"))) == ([], {})

    await Served().view.look(look)


async def test_what_is_gone_is_found_no_more() -> None:
    now = NOW
    served = Served(clock=lambda _seen: now)
    place = Slot("touchpoints", "rep", "anna", "day", "", ())
    assert await served.view.look(lambda _, index: place in index.of("rep", "anna"))
    now += DAY_US
    assert not await served.view.look(lambda _, index: place in index.of("rep", "anna"))
    assert await served.view.look(lambda _, index: index.on(BOARD)) == {}
    assert await served.view.look(lambda _, index: (("channel", "call"),) not in index.labels(*BOARD[:3]))


async def test_it_goes_on_however_often_others_looked() -> None:
    served = Served(clock=clocks.fixed(NOW))
    await served.view.read(served.view.shown.look)
    assert await served.view.look(lambda _, index: index.on(BOARD)) == {"anna": 2, "bela": 1}


def test_an_index_that_nobody_asked_for_long_has_nobody_who_went_meanwhile() -> None:
    shown = Shown(Disguise(Privacy()), Limits())
    index = Index(shown)
    for key in ("ann", "bob"):
        sample = sample_of(Slot("touchpoints", "rep", key, "day", "2024-06-06", ()), (5, 9, 9))
        assert sample is not None
        shown.samples.put(place_of(sample), sample, 1)
    shown.version = shown.follow(1)
    index.follow()
    shown.samples.drop(Slot("touchpoints", "rep", "ann", "day", "", ()), 2)
    shown.version = come_and_go(shown, shown.follow(2))

    index.follow()

    assert index.keys("rep") == ["bob"]
    assert index.on(BOARD) == {"bob": 5}
