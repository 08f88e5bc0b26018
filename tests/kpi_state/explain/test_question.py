import pytest

from kpi_state.explain.question import Question, QuestionError, answer, moment, slot_of
from kpi_state.read.sample import Sample
from kpi_state.read.slots import Slot


def sample(
    key: str = "r1",
    window: str = "day",
    bucket: str = "2024-01-05",
    kpi: str = "leads_created",
    grain: str = "rep",
    **labels: str,
) -> Sample:
    return Sample(kpi, grain, key, window, bucket, labels, {"leads": 1}, 1)


def refusal(samples: list[Sample], *asked: str, grain: str = "", **labels: str) -> str:
    with pytest.raises(QuestionError) as caught:
        answer(samples, question(*asked, grain=grain, **labels))
    text = str(caught.value)
    assert "\n" not in text
    return text


def question(kpi: str, key: str, window: str, bucket: str = "", *, grain: str = "", **labels: str) -> Question:
    return Question(kpi, key, window, bucket, grain, labels)


def test_the_sample_of_a_name_is_the_answer() -> None:
    wanted = sample()

    assert answer([sample("r2"), wanted], question("leads_created", "r1", "day", "2024-01-05")) is wanted


def test_a_sample_stands_where_readers_count_with_its_labels_sorted() -> None:
    assert slot_of(sample(product="x", currency="EUR")) == Slot(
        "leads_created", "rep", "r1", "day", "2024-01-05", (("currency", "EUR"), ("product", "x"))
    )


def test_an_unknown_kpi_is_answered_with_those_like_it_or_with_all() -> None:
    assert refusal([], "leads", "r1", "day") == (
        "--kpi: there is no KPI 'leads'; did you mean leads_created or lead_source or lead_win?"
    )
    assert refusal([], "xyz", "r1", "day") == (
        "--kpi: there is no KPI 'xyz'; there are annual_contract_value, appointment_disqualification, contact_to_lead, "
        "customer_lifetime_value, customer_lifetime_value_observed, customer_retention, deals_won, lead_conversion, "
        "lead_source, lead_win, leads_created, open_lead_age, outbound_calls, pipeline, pipeline_value, referrals, "
        "rep_ramp_up, rep_retention, revenue_won, speed_to_lead, speed_to_lead_p90, stage_flow, stage_time, touchpoints"
    )


def test_a_kpi_may_have_no_sample_at_all() -> None:
    assert refusal([sample()], "referrals", "r1", "month") == "--kpi referrals: nothing counts for it in these events"


def test_an_unknown_key_is_answered_with_keys_and_why_an_id_may_be_missing() -> None:
    samples = [sample("anna"), sample("*", grain="org")]

    assert refusal(samples, "leads_created", "ana", "day") == (
        "--key: leads_created has nothing for the key 'ana'; did you mean anna?"
    )
    assert refusal(samples, "leads_created", "anna", "day", grain="team") == (
        "--key: leads_created has nothing for the team key 'anna'; there are "
    )
    assert refusal([*samples, sample("unmapped")], "leads_created", "zz", "day") == (
        "--key: leads_created has nothing for the key 'zz'; there are *, anna, unmapped; ids that the roster does not "
        "know count together under 'unmapped'"
    )


def test_a_key_that_is_a_rep_and_a_team_wants_a_grain() -> None:
    samples = [sample("north"), sample("north", grain="team")]

    assert refusal(samples, "leads_created", "north", "day") == (
        "--key: 'north' is more than one thing; say --grain rep or --grain team"
    )
    found = answer(samples, question("leads_created", "north", "day", "2024-01-05", grain="team"))
    assert found.grain == "team"


def test_an_unknown_window_is_answered_with_those_there_are() -> None:
    samples = [sample(), sample(window="month", bucket="2024-01")]

    assert refusal(samples, "leads_created", "r1", "year") == (
        "--window: leads_created of r1 has no 'year', it has day, month"
    )


def test_a_bucket_that_holds_nothing_is_answered_with_those_around_it() -> None:
    samples = [sample(bucket=f"2024-01-{day:02d}") for day in range(1, 31)]

    assert refusal(samples, "leads_created", "r1", "day", "2024-01-31") == (
        "--bucket: leads_created of r1 has nothing in '2024-01-31'; around it: 2024-01-23, 2024-01-24, 2024-01-25, "
        "2024-01-26, 2024-01-27, 2024-01-28, 2024-01-29, 2024-01-30 and 22 more"
    )
    del samples[9]
    assert "2024-01-06, 2024-01-07, 2024-01-08, 2024-01-09, 2024-01-11, 2024-01-12, 2024-01-13, 2024-01-14 and" in (
        refusal(samples, "leads_created", "r1", "day", "2024-01-10")
    )
    assert refusal(samples[:2], "leads_created", "r1", "day") == (
        "--bucket: say which day: leads_created of r1 has 2024-01-01, 2024-01-02"
    )
    assert refusal(samples, "leads_created", "r1", "day").endswith("2024-01-29, 2024-01-30 and 21 more")


def test_windows_without_buckets_want_none() -> None:
    samples = [sample(window="rolling_30d", bucket="")]

    assert refusal(samples, "leads_created", "r1", "rolling_30d", "2024-01") == (
        "--bucket: rolling_30d has no buckets, leave it out"
    )


def test_labels_are_said_as_far_as_they_are_needed() -> None:
    bare, web, fair = sample(), sample(origin="web"), sample(origin="fair")
    asked = ("leads_created", "r1", "day", "2024-01-05")

    assert answer([bare, web, fair], question(*asked)) is bare
    assert answer([bare, web, fair], question(*asked, origin="fair")) is fair
    assert answer([web], question(*asked)) is web
    assert refusal([web, fair], *asked) == (
        "--label: more than one sample has these; say --label origin=web | --label origin=fair"
    )
    assert refusal([bare, web], *asked, origin="mail") == (
        "--label: no sample has these; say no label | --label origin=web"
    )


def test_hours_are_in_the_order_of_time_and_all_else_in_that_of_names() -> None:
    october = ["2011-10-30T02:00+02:00", "2011-10-30T02:00+01:00", "2011-10-30T03:00+01:00"]

    for ordered in (october, ["FY2011-Q4", "FY2012-Q1"], ["", "2024-01-02T10:00", "nonsense"]):
        assert [moment(bucket) for bucket in ordered] == sorted(map(moment, ordered))
