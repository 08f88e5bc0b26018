"""A page that follows what is shown is, byte for byte of every line, the one that is made at once."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from exporters.kept import Kept, place_of, place_of_baseline, place_of_goal
from exporters.page import LEFT_OUT, Page
from kpi_state.read.baseline import Baseline
from kpi_state.read.presence import Presence
from kpi_state.read.sample import Person, Sample, sample_of
from kpi_state.read.slots import Pairs, Slot
from kpi_state.read.targets import Goal
from tests.exporters.passing import come_and_go

ALL = ("rep", "team", "org")


def won(grain: str = "rep", key: str = "ann", leads: int = 4) -> Sample:
    found = sample_of(Slot("lead_win", grain, key, "month", "2024-06", (("basis", "closed"),)), (leads, 3))
    assert found is not None
    return found


def created(leads: int = 1, labels: Pairs = (), key: str = "ann", grain: str = "rep") -> Sample:
    found = sample_of(Slot("leads_created", grain, key, "day", "2024-06-06", labels), (leads,))
    assert found is not None
    return found


def keep(kept: Kept, version: int, *samples: Sample) -> None:
    for sample in samples:
        kept.samples.put(place_of(sample), sample, version)


def lines(page: Page, most: int = 1_000) -> list[str]:
    text = page.text({}, most).decode()
    return [each for each in text.splitlines() if not each.startswith(("#", LEFT_OUT.name))]


def followed(kept: Kept, grains: tuple[str, ...] = ALL) -> Page:
    page = Page(grains)
    page.follow(kept, kept.follow(1))
    return page


def test_a_page_has_the_series_of_its_grains_alone() -> None:
    kept = Kept()
    keep(kept, 1, *(created(1, grain=grain, key=key) for grain, key in (("rep", "a"), ("team", "t"), ("org", "*"))))
    kept.people.put("a", Person("a", "", "t"), 1)
    for grain, key in (("rep", "a"), ("team", "t"), ("org", "*")):
        kept.presence.put((grain, key), Presence(grain, key, working=True, reps=1, absent=0), 1)

    assert lines(followed(kept, ("rep",))) == [
        'sales_rep_absent{rep_id="a",team="t"} 0',
        'sales_rep_info{rep_id="a",team="t"} 1',
        'sales_rep_leads_created_leads{rep_id="a",team="t",window="day"} 1',
        'sales_rep_working{rep_id="a",team="t"} 1',
    ]
    assert lines(followed(kept, ("team", "org"))) == [
        "sales_org_absent_reps 0",
        'sales_org_leads_created_leads{window="day"} 1',
        "sales_org_reps 1",
        "sales_org_working 1",
        'sales_team_absent_reps{team="t"} 0',
        'sales_team_leads_created_leads{team="t",window="day"} 1',
        'sales_team_reps{team="t"} 1',
        'sales_team_working{team="t"} 1',
    ]


def test_targets_what_is_reached_and_what_is_normal_stand_beside_the_number() -> None:
    kept = Kept()
    goal = Goal("leads_created", "rep", "ann", "day", Fraction(4), Fraction(2))
    kept.goals.put(place_of_goal(goal), goal, 1)
    usual = Baseline("rep", "ann", "day", 2.5, 5, 1, 0.25)
    kept.baselines.put(place_of_baseline(usual), usual, 1)
    keep(kept, 1, created(1))

    assert lines(followed(kept)) == [
        'sales_rep_leads_created_attainment_ratio{rep_id="ann",window="day"} 0.25',
        'sales_rep_leads_created_expected_leads{rep_id="ann",window="day"} 2',
        'sales_rep_leads_created_leads{rep_id="ann",window="day"} 1',
        'sales_rep_leads_created_pace_ratio{rep_id="ann",window="day"} 0.5',
        'sales_rep_leads_created_target_leads{rep_id="ann",window="day"} 4',
        'sales_rep_touchpoints_baseline_samples{rep_id="ann",window="day"} 5',
        'sales_rep_touchpoints_baseline_tail_ratio{rep_id="ann",window="day"} 0.25',
        'sales_rep_touchpoints_baseline_touchpoints{rep_id="ann",window="day"} 2.5',
    ]


def test_what_is_gone_leaves_no_line() -> None:
    kept = Kept()
    goal = Goal("leads_created", "rep", "ann", "day", Fraction(4), Fraction(2))
    usual = Baseline("rep", "ann", "day", 2.5, 5, 1, 0.25)
    kept.goals.put(place_of_goal(goal), goal, 1)
    kept.baselines.put(place_of_baseline(usual), usual, 1)
    kept.presence.put(("rep", "ann"), Presence("rep", "ann", working=True, reps=1, absent=0), 1)
    kept.people.put("ann", Person("ann", "", "t"), 1)
    keep(kept, 1, created(1))
    page = followed(kept)

    kept.samples.replace({}, 2)
    kept.goals.replace({}, 2)
    kept.baselines.replace({}, 2)
    kept.presence.replace({}, 2)
    kept.people.replace({}, 2)
    page.follow(kept, kept.follow(2))

    assert lines(page) == []


def test_a_value_that_nothing_divides_any_more_leaves_its_parts() -> None:
    kept = Kept()
    keep(kept, 1, won())
    page = followed(kept)

    keep(kept, 2, won(leads=0))
    page.follow(kept, kept.follow(2))

    names = [each.partition("{")[0] for each in lines(page)]
    assert names == ["sales_rep_lead_win_closed", "sales_rep_lead_win_won"]


def test_a_sample_that_came_and_went_between_two_looks_was_never_there() -> None:
    kept = Kept()
    page = followed(kept)

    keep(kept, 2, created(1))
    kept.samples.drop(place_of(created(1)), 3)
    page.follow(kept, kept.follow(3))

    assert lines(page) == []


def test_somebody_in_another_team_has_it_on_every_line() -> None:
    kept = Kept()
    goal = Goal("leads_created", "rep", "ann", "day", Fraction(4), None)
    kept.goals.put(place_of_goal(goal), goal, 1)
    kept.presence.put(("rep", "ann"), Presence("rep", "ann", working=True, reps=1, absent=0), 1)
    for rep in ("ann", "bob"):
        kept.people.put(rep, Person(rep, "", "old"), 1)
    keep(kept, 1, created(1), created(2, (("origin", "fair"),)), created(3, key="bob"), created(4, (), "old", "team"))
    page = followed(kept)

    kept.people.put("ann", Person("ann", "", "new"), 2)
    page.follow(kept, kept.follow(2))

    assert {each for each in lines(page) if 'team="old"' in each} == {
        'sales_rep_leads_created_leads{rep_id="bob",team="old",window="day"} 3',
        'sales_rep_info{rep_id="bob",team="old"} 1',
        'sales_team_leads_created_leads{team="old",window="day"} 4',
    }
    assert len([each for each in lines(page) if 'rep_id="ann",team="new"' in each]) == 7


def test_of_too_many_series_the_metrics_with_most_labels_are_left_out_and_counted() -> None:
    kept = Kept()
    keep(kept, 1, created(1), created(2, (("origin", "fair"),)), created(3, (("origin", "web"),)), won())
    page = followed(kept)
    every = lines(page)
    assert (len(every), page.shown) == (6, 6)

    def left_out(most: int) -> tuple[list[str], str]:
        last = [each for each in page.text({}, most).decode().splitlines() if each.startswith(LEFT_OUT.name)]
        return lines(page, most), last[0]

    assert left_out(6) == (every, f"{LEFT_OUT.name} 0")
    shown, said = left_out(5)
    assert said == f"{LEFT_OUT.name} 1"
    assert shown == [each for each in every if "lead_win_closed" not in each]
    shown, said = left_out(2)
    assert (shown, said) == ([every[3]], f"{LEFT_OUT.name} 5")
    assert page.shown == 1


@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.booleans()), max_size=4), max_size=8))
def test_a_page_that_follows_is_one_that_is_made_at_once(story: list[list[tuple[str, int, bool]]]) -> None:
    kept, page = Kept(), Page(ALL)
    for version, happenings in enumerate(story, 1):
        for key, number, labelled in happenings:
            sample = won(key=key, leads=number) if labelled else created(number + 1, key=key)
            if number == 3:
                kept.samples.drop(place_of(sample), version)
            else:
                kept.samples.put(place_of(sample), sample, version)
            kept.people.put(key, Person(key, "", f"team {number}"), version)
        page.follow(kept, kept.follow(version))

    assert sorted(lines(page)) == sorted(lines(followed(kept)))


def test_a_page_that_nobody_asked_for_long_has_nothing_of_those_who_went_meanwhile() -> None:
    kept = Kept()
    keep(kept, 1, created(1), created(2, key="bob"))
    page = followed(kept)
    kept.samples.drop(place_of(created()), 2)

    page.follow(kept, come_and_go(kept, kept.follow(2)))

    assert lines(page) == ['sales_rep_leads_created_leads{rep_id="bob",window="day"} 2']
