from floorpulse.alerting.conditions import board, by, gated, hysteresis, metric, number
from kpi_state.kpis.registry import by_stem


def test_a_metric_is_the_unlabelled_sample_once_however_many_exporters_serve_it() -> None:
    assert metric(by_stem("touchpoints"), "rep", "touchpoints", "day") == (
        'max by (rep_id, team) (sales_rep_touchpoints_touchpoints{window="day", channel=""})'
    )
    assert metric(by_stem("contact_to_lead"), "team", "ratio", "rolling_30d") == (
        'max by (team) (sales_team_contact_to_lead_ratio{window="rolling_30d"})'
    )


def test_an_alert_that_fires_goes_on_at_a_milder_threshold() -> None:
    assert hysteresis("Drop", "team", "a < 0.6", "a < 0.8") == (
        '(\n  a < 0.6\n  or (a < 0.8 and on (team) ALERTS{alertname="Drop", alertstate="firing"})\n)'
    )


def test_every_gate_has_to_be_open() -> None:
    assert gated("a < 1", "team", "b == 1") == "a < 1\nand on (team) (b == 1)\nand on () (floor:data_fresh:bool == 1)"


def test_a_number_in_a_text_is_asked_for_by_the_labels_of_the_alert() -> None:
    assert number("round(a{who})", "rep") == (
        '{{ with printf "round(a{rep_id=%q, team=%q})" $labels.rep_id $labels.team | query }}'
        "{{ . | first | value }}{{ end }}"
    )
    assert by("rep") == "(rep_id, team)"


def test_a_link_leads_to_the_board_with_the_team_chosen() -> None:
    assert board("pipeline", "team") == "/d/floorpulse-pipeline?var-team={{ $labels.team | urlquery }}"
