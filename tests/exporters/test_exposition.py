import subprocess
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from exporters.exposition import Family, line, text

LEADS = Family("sales_rep_leads", "Leads of a rep.")
READ = Family("sales_events_total", "Events read, \\ and\nmore.", "counter")


def test_a_page_is_its_families_with_help_type_and_samples() -> None:
    page = text(
        {LEADS: [line("sales_rep_leads", {"rep_id": "7", "team": ""}, 3)], READ: [line("sales_events_total", {}, 0.5)]}
    )
    assert page.decode() == (
        "# HELP sales_rep_leads Leads of a rep.\n"
        "# TYPE sales_rep_leads gauge\n"
        'sales_rep_leads{rep_id="7"} 3\n'
        "# HELP sales_events_total Events read, \\\\ and\\nmore.\n"
        "# TYPE sales_events_total counter\n"
        "sales_events_total 0.5\n"
    )


def test_a_family_without_samples_is_left_out() -> None:
    assert text({LEADS: []}) == b""


@given(
    st.dictionaries(st.sampled_from(["rep_id", "team", "origin"]), st.text(min_size=1)), st.integers(-(2**53), 2**53)
)
def test_whatever_a_label_says_is_read_back_as_it_was(labels: Mapping[str, str], value: int) -> None:
    (family,) = text_string_to_metric_families(text({LEADS: [line(LEADS.name, labels, value)]}).decode())
    (sample,) = family.samples
    assert (sample.labels, sample.value) == (labels, value)


@pytest.mark.promtool
def test_promtool_accepts_escapes_and_units() -> None:
    page = text(
        {
            LEADS: [line(LEADS.name, {"rep_id": 'a"b\\c\nd', "team": "Zuid €"}, 1e-07)],
            READ: [line(READ.name, {}, 2**60)],
        }
    )
    done = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
