import pytest

from exporters.metrics import family, goal_figure, part_figure, value_figure
from kpi_state.measures.registry import ALL, BY_STEM

WITHIN = "within_5m within_15m within_1h within_4h within_1d within_3d within_7d within_30d"
SUFFIXES = {
    "annual_contract_value": "minor contracts annual_value_minor",
    "customer_lifetime_value": (
        "minor customers churned customer_seconds customer_seconds_365 purchases_365 revenue_365_minor revenue_minor"
    ),
    "customer_lifetime_value_observed": "minor customers revenue_minor",
    "leads_created": "leads",
    "open_lead_age": "seconds open summed_age_seconds oldest_seconds over_limit",
    "lead_win": "ratio leads won; ratio closed won",
    "rep_retention": "ratio employed_at_start still_employed",
    "rep_ramp_up": "seconds reps summed_seconds pending summed_pending_seconds",
    "referrals": "leads",
    "customer_retention": "ratio active_at_start retained",
    "contact_to_lead": "ratio contacts leads",
    "appointment_disqualification": "ratio decided rejected; pending_age_seconds pending summed_pending_age_seconds",
    "lead_source": "ratio known marketing unknown",
    "touchpoints": "touchpoints attempts talk_seconds",
    "lead_conversion": "ratio leads converted",
    "deals_won": "deals lost",
    "outbound_calls": "calls short own numbers",
    "pipeline": "deals summed_age_seconds oldest_seconds over_limit",
    "pipeline_value": "deals amount_minor",
    "revenue_won": "amount_minor",
    "speed_to_lead": f"seconds leads touched_before answered {WITHIN}",
    "speed_to_lead_p90": f"seconds leads touched_before answered {WITHIN}",
    "stage_flow": "ratio entered moved_on moved_back won lost",
    "stage_time": "seconds stays summed_stay_seconds",
}


def test_every_kpi_has_its_names() -> None:
    assert {kpi.stem for kpi in ALL} == SUFFIXES.keys()


@pytest.mark.parametrize("stem", SUFFIXES)
def test_a_metrics_name_ends_with_the_unit_of_the_value_or_with_the_part(stem: str) -> None:
    kpi = BY_STEM[stem]
    names = []
    for parts in (kpi.parts, *kpi.other_parts.values()):
        value = value_figure(kpi, parts)
        names.append(" ".join(([value.suffix] if value else []) + [part_figure(part).suffix for part in parts]))
    assert "; ".join(names) == SUFFIXES[stem]


def test_days_are_given_in_seconds_and_nothing_else_is_changed() -> None:
    assert {part: part_figure(part).factor for kpi in ALL for part in kpi.parts if part_figure(part).factor != 1} == {
        "customer_days": 86_400,
        "customer_days_365": 86_400,
        "days_sum": 86_400,
        "pending_days_sum": 86_400,
    }
    scaled = {kpi.stem: value.factor for kpi in ALL if (value := value_figure(kpi, kpi.parts)) and value.factor != 1}
    assert scaled == {"rep_ramp_up": 86_400}


def test_a_target_has_the_unit_of_the_value() -> None:
    assert goal_figure(BY_STEM["touchpoints"], "expected").suffix == "expected_touchpoints"
    assert goal_figure(BY_STEM["lead_source"], "target")[:2] == ("target_ratio", 1)
    assert goal_figure(BY_STEM["rep_ramp_up"], "target")[:2] == ("target_seconds", 86_400)


def test_a_metric_says_its_kpi_its_unit_and_its_meaning() -> None:
    kpi = BY_STEM["open_lead_age"]
    value = value_figure(kpi, kpi.parts)
    assert value is not None
    metric = family(kpi, "team", value)
    assert metric.name == "sales_team_open_lead_age_seconds"
    assert metric.help == f"#4 {kpi.title}. Value, seconds. {kpi.help}"
    part = family(kpi, "org", part_figure("age_seconds_sum"))
    assert part.name == "sales_org_open_lead_age_summed_age_seconds"
    assert part.help == f"#4 {kpi.title}. Part `age_seconds_sum`. {kpi.help}"


def test_a_supporting_measure_has_no_number() -> None:
    assert family(BY_STEM["pipeline"], "org", part_figure("deals")).help.startswith("Pipeline. Part `deals`. ")
