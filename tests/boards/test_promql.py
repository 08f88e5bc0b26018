from tests.boards.promql import filled, known_metrics, metrics


def test_every_metric_of_a_query_is_found() -> None:
    query = 'sum(max by (x) (a{b="1"} offset $before)) / on () rate(c_total[$__rate_interval]) unless topk($top, d)'
    assert metrics(query) == {"a", "c_total", "d"}
    assert metrics('label_replace(e, "x", "$1", "y", "(.+)") or vector(NaN)') == {"e"}


def test_variables_are_filled_in_and_groups_of_expressions_are_not() -> None:
    assert filled('label_replace(a{b=~"$team"}, "x", "$1", "y", "") offset $before') == (
        'label_replace(a{b=~"x"}, "x", "$1", "y", "") offset 1w'
    )


def test_known_metrics_are_those_of_the_page_and_no_others() -> None:
    known = known_metrics()
    assert {"sales_org_touchpoints_touchpoints", "sales_rep_touchpoints_target_touchpoints", "sales_rep_info"} <= known
    assert {"sales_source_late_total", "sales_team_open_lead_age_summed_age_seconds", "up"} <= known
    assert "sales_org_touchpoint_touchpoints" not in known
