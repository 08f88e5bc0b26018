"""What is shown is, at every look, what the sorted lists of the reader come to."""

from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from exporters.current import one_a_window
from exporters.few_values import few_values
from exporters.mirror import Mirror
from exporters.privacy import Disguise
from exporters.shown import GOALS_SECONDS, Shown
from kpi_state.definitions import Limits, Privacy, ReadSettings
from kpi_state.read.attainment import attainments
from kpi_state.read.sample import Sample, sampled
from kpi_state.read.samples import Reader
from kpi_state.read.slots import Slot
from kpi_state.replay import Replay
from tests.exporters.floor import NOW, SETTINGS, published, seen
from tests.kpi_state.read.floor import Floor, at, dated, settings_of, since, us

MODES = ("names", "ids", "pseudonyms", "none")
SECOND = 1_000_000


def followed(replay: Replay, settings: ReadSettings = SETTINGS) -> Mirror[Reader]:
    mirror = Mirror(Reader(settings), "")
    for table, key, value in published(replay):
        if not key.startswith(b'["=f'):
            (mirror.tally if table == "tally" else mirror.roster)(0, key, value)
    return mirror


def disguise_of(mode: str = "ids", team_min_size: int = 1) -> Disguise:
    return Disguise(Privacy(rep_labels=mode, team_min_size=team_min_size), b"key")  # type: ignore[arg-type]


def place(sample: Sample) -> Slot:
    return Slot(sample.kpi, sample.grain, sample.key, sample.window, "", tuple(sorted(sample.labels.items())))


def agrees(shown: Shown, reader: Reader, disguise: Disguise, limits: Limits, now: int, *, people: bool) -> None:
    """What is shown is what a reader of the same rows says at the same instant; `people`: goals and presence too."""
    staff = reader.people(now)
    samples = disguise.samples(
        few_values(one_a_window(reader.samples(now, current=True, supporting=True)), limits.label_values), staff
    )
    assert dict(shown.samples) == {place(sample): sample for sample in samples}
    assert [repr(shown.samples[place(sample)].parts) for sample in samples] == [repr(each.parts) for each in samples]
    current = disguise.samples(reader.samples(now, current=True, supporting=True), staff)
    assert [sampled(slot, amounts) for slot, amounts in sorted(shown.current())] == current
    assert dict(shown.people) == {each.rep: each for each in disguise.people(staff)}
    if not people:
        return
    goals = disguise.goals(reader.goals(now), staff)
    assert sorted(shown.goals.values()) == sorted(goals)
    reached = attainments(goals, samples)
    assert dict(shown.attained) == {Slot(*each[:4], "", each.labels): each for each in reached}
    who = disguise.who(staff)
    usual = [each for each in reader.baselines(now) if who(each.grain, each.key) is not None]
    assert sorted(repr(each._replace(key="")) for each in shown.baselines.values()) == sorted(
        repr(each._replace(key="")) for each in usual
    )
    present = [each for each in reader.presence(now) if who(each.grain, each.key) is not None]
    assert sorted((each.working, each.reps, each.absent) for each in shown.presence.values()) == sorted(
        (each.working, each.reps, each.absent) for each in present
    )


def test_what_is_shown_of_a_floor_is_what_its_replay_says() -> None:
    for mode in MODES:
        shown, disguise = Shown(disguise_of(mode, 2), Limits()), disguise_of(mode, 2)
        shown.look(followed(seen()), NOW)

        agrees(shown, seen().reader(), disguise, Limits(), NOW, people=True)


Act = Callable[[Floor], object]
MOMENT = us("2024-05-31T20:50")


def acts() -> st.SearchStrategy[Act]:
    reps = st.sampled_from(["r1", "r2", "r3", "zz"])
    minutes = st.integers(-3000, 300).map(lambda minutes: MOMENT + minutes * 60 * SECOND)
    days = st.sampled_from(["2024-04-30", "2024-05-30", "2024-05-31", "2024-06-01"])
    labels = st.sampled_from(["web", "fair", "call", "mail"])
    return st.one_of(
        st.builds(
            lambda rep, time, channel: (
                lambda floor: floor.count(
                    "touchpoints", rep, ("Q", time // 900_000_000, 0), 1, 1, 40_000_001, labels=(channel,)
                )
            ),
            reps,
            minutes,
            st.sampled_from(["call", "email"]),
        ),
        st.builds(
            lambda rep, day, origin: (
                lambda floor: floor.count("leads_created", rep, at(f"{day}T10:00"), 1, labels=(origin,))
            ),
            reps,
            days,
            labels,
        ),
        st.builds(
            lambda rep, day, reason: (
                lambda floor: floor.count(
                    "appointment_disqualification", rep, at(f"{day}T10:00"), 1, 1, 0, labels=(reason,)
                )
            ),
            reps,
            days,
            labels,
        ),
        st.builds(
            lambda rep, day, currency, product: (
                lambda floor: floor.count(
                    "annual_contract_value", rep, dated(day), 333_333, 9, labels=(currency, product, "")
                )
            ),
            reps,
            days,
            st.sampled_from(["EUR", "USD"]),
            labels,
        ),
        st.builds(lambda rep, day: lambda floor: floor.count("open_lead_age", rep, since(day), 1), reps, days),
        st.integers(0, 99).map(lambda which: lambda floor: floor.take_back(which)),
        st.builds(
            lambda rep, team, zone, hour: (
                lambda floor: floor.rep(rep, f"2024-05-31T{hour}:30:00Z", team=team, timezone=zone)
            ),
            st.sampled_from(["r1", "r2", "r3"]),
            st.sampled_from(["A", "B"]),
            st.sampled_from(["Europe/Amsterdam", "Asia/Kathmandu", "Pacific/Apia"]),
            st.integers(19, 22),
        ),
        st.builds(
            lambda rep, day: lambda floor: floor.say("absence", f"{rep}-{day}", day, rep_id=rep, from_=day, until=day),
            st.sampled_from(["r1", "r2"]),
            days,
        ),
    )


STEPS = st.sampled_from([0, SECOND, 20 * SECOND, 900 * SECOND, 3600 * SECOND, 86_400 * SECOND, -3600 * SECOND])


@given(
    mode=st.sampled_from(MODES),
    smallest=st.integers(1, 2),
    most=st.sampled_from([1, 2, 200]),
    story=st.lists(st.one_of(acts(), acts(), STEPS), max_size=30),
)
@example(mode="ids", smallest=1, most=1, story=[900 * SECOND] * 2)
def test_what_is_followed_is_what_one_sees_who_looks_for_the_first_time(
    mode: str, smallest: int, most: int, story: list[Act | int]
) -> None:
    settings = settings_of(targets={"touchpoints.day": 5.0, "lead_source": 0.6, "annual_contract_value": 100.0})
    floor = Floor(settings)
    limits = Limits(label_values=most)
    mirror, disguise = Mirror(floor.reader, ""), disguise_of(mode, smallest)
    shown, seen_so_far, now = Shown(disguise, limits), {}, MOMENT
    version = shown.look(mirror, now)
    for each in (*story, 20 * SECOND):
        if not isinstance(each, int):
            each(floor)
            continue
        now += each
        before, version = version, shown.look(mirror, now)
        fresh = floor.fresh()
        agrees(shown, fresh, disguise, limits, now, people=not 0 <= each < GOALS_SECONDS * SECOND)
        for slot in shown.changed_since(before):
            seen_so_far[slot] = shown.samples.get(slot)
        assert {slot: sample for slot, sample in seen_so_far.items() if sample} == dict(shown.samples)


def test_a_look_at_nothing_new_has_no_version_of_its_own() -> None:
    mirror, shown = followed(seen()), Shown(disguise_of(), Limits())
    first = shown.look(mirror, NOW)

    assert (first, shown.look(mirror, NOW)) == (1, 1)
    assert shown.changed_since(first) == []
    assert {*shown.changed_since(0)} == {*shown.samples}


def test_what_is_expected_begins_anew_with_the_day() -> None:
    floor = Floor(settings_of("Asia/Kathmandu", targets={"touchpoints.day": 50}))
    floor.rep("r1", "2020-01-01", team="A", first_day="2020-01-01")
    floor.touch("r1", "2024-05-14T06:00")
    shown, mirror = Shown(disguise_of(), Limits()), Mirror(floor.reader, "")
    midnight = us("2024-05-14T18:15")

    shown.look(mirror, midnight - SECOND)
    agrees(shown, floor.fresh(), disguise_of(), Limits(), midnight - SECOND, people=True)
    assert any(goal.expected for goal in shown.goals.values() if goal.window == "day")

    shown.look(mirror, midnight)
    agrees(shown, floor.fresh(), disguise_of(), Limits(), midnight, people=True)
    assert not any(goal.expected for goal in shown.goals.values() if goal.window == "day")


def test_a_touchpoint_changes_the_places_it_counts_in() -> None:
    floor = Floor(settings_of())
    floor.rep("r1", team="A")
    floor.touch("r1", "2024-05-14T10:00")
    shown, mirror = Shown(disguise_of(), Limits()), Mirror(floor.reader, "")
    now = us("2024-05-14T10:01")
    version = shown.look(mirror, now)

    floor.touch("r1", "2024-05-14T10:00", channel="email")

    assert shown.look(mirror, now) == version + 1
    changed = shown.changed_since(version)
    assert {slot.kpi for slot in changed} == {"touchpoints"}
    assert Slot("touchpoints", "rep", "r1", "day", "", ()) in changed
    assert Slot("touchpoints", "rep", "r1", "day", "", (("channel", "call"),)) not in changed


def test_a_changelog_that_was_made_anew_is_another_picture() -> None:
    shown = Shown(disguise_of(), Limits())
    version = shown.look(followed(seen()), NOW)
    assert shown.samples

    shown.look(Mirror(Reader(SETTINGS), ""), NOW)

    assert not shown.samples
    assert not shown.people
    assert shown.changed_since(version)


def test_how_many_values_are_shown_as_other_is_known() -> None:
    shown = Shown(disguise_of(), Limits(label_values=1))
    floor = Floor(settings_of())
    for origin in ("web", "fair", "mail"):
        floor.count("leads_created", "r1", at("2024-05-14T10:00"), 1, labels=(origin,))
    shown.look(Mirror(floor.reader, ""), us("2024-05-14T10:01"))

    assert shown.folded() == {"origin": 2}


def test_a_value_that_overtakes_another_is_shown_in_its_place() -> None:
    shown, floor, now = Shown(disguise_of(), Limits(label_values=1)), Floor(settings_of()), us("2024-05-14T10:01")
    mirror = Mirror(floor.reader, "")
    for origin, leads in (("web", 5), ("fair", 1)):
        floor.count("leads_created", "r1", at("2024-05-14T10:00"), leads, labels=(origin,))
    shown.look(mirror, now)

    floor.count("leads_created", "r1", at("2024-05-14T10:00"), 8, labels=("fair",))
    shown.look(mirror, now)

    by_origin = {
        place.labels[0][1]: sample.value
        for place, sample in shown.samples.items()
        if place[:4] == ("leads_created", "org", "*", "day") and place.labels
    }
    assert by_origin == {"fair": 9, "other": 5}
    agrees(shown, floor.fresh(), disguise_of(), Limits(label_values=1), now, people=False)


def test_hours_of_two_zones_that_come_to_nothing_are_not_shown_until_they_come_to_something() -> None:
    floor = Floor(settings_of())
    for rep, zone in (("r1", "Asia/Kathmandu"), ("r2", "UTC")):
        floor.rep(rep, timezone=zone)
    now, hour = us("2024-05-14T10:20"), Slot("touchpoints", "org", "*", "hour", "", ())
    shown, mirror = Shown(disguise_of(), Limits()), Mirror(floor.reader, "")
    floor.touch("r1", "2024-05-14T10:15")
    floor.count("touchpoints", "r2", at("2024-05-14T10:15"), -1, -1, -30_000_000, labels=("call",))

    version = shown.look(mirror, now)
    assert shown.samples.get(hour) is None

    floor.touch("r2", "2024-05-14T10:15", touchpoints=2)

    shown.look(mirror, now)
    assert hour in shown.changed_since(version)
    assert (shown.samples[hour].value, shown.samples[hour].bucket) == (2, "")
    agrees(shown, floor.fresh(), disguise_of(), Limits(), now, people=False)

    floor.touch("r2", "2024-05-14T10:15", touchpoints=-2)
    shown.look(mirror, now)
    assert shown.samples.get(hour) is None

    floor.touch("r2", "2024-05-14T10:15")
    floor.touch("r1", "2024-05-14T10:15", touchpoints=-1)
    shown.look(mirror, now)
    assert shown.samples.get(hour) is None
    agrees(shown, floor.fresh(), disguise_of(), Limits(), now, people=False)
