from floorpulse.alerting.rule import Addresses, Alert, Group, Recording, document

ALERT = Alert(
    name="TooQuiet",
    expr="a:b < 1",
    audience="floor",
    severity="warning",
    summary="Quiet",
    description="Very.",
    board="/d/floorpulse-x",
    wait_seconds=120,
    keep_seconds=60,
)


def test_a_file_of_rules_reads_as_prometheus_wants_it() -> None:
    group = Group(name="g", rules=[Recording(name="a:b", expr="max(x)"), ALERT])

    text = document("One.\nTwo.", [group], Addresses(boards="https://boards/", docs="https://docs/"))

    assert text == (
        "# One.\n"
        "# Two.\n"
        "groups:\n"
        "  - name: g\n"
        "    rules:\n"
        '      - record: "a:b"\n'
        '        expr: "max(x)"\n'
        "      - alert: TooQuiet\n"
        '        expr: "a:b < 1"\n'
        '        for: "2m"\n'
        '        keep_firing_for: "1m"\n'
        "        labels:\n"
        "          severity: warning\n"
        "          audience: floor\n"
        "        annotations:\n"
        "          summary: Quiet\n"
        "          description: Very.\n"
        '          board: "https://boards/d/floorpulse-x"\n'
        '          runbook_url: "https://docs/docs/alerts.md#tooquiet"\n'
    )
