import subprocess
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from exporters.exposition import Family, braces, head, line

LEADS = Family("sales_rep_leads", "Leads of a rep.")
READ = Family("sales_events_total", "Events read, \\ and\nmore.", "counter")


def page_of(of: Family, value: float, **labels: str) -> bytes:
    return head(of) + line(of.name, braces(labels), value)


def test_a_family_has_help_type_and_samples() -> None:
    page = page_of(LEADS, 3, rep_id="7", team="") + page_of(READ, 0.5)
    assert page.decode() == (
        "# HELP sales_rep_leads Leads of a rep.\n"
        "# TYPE sales_rep_leads gauge\n"
        'sales_rep_leads{rep_id="7"} 3\n'
        "# HELP sales_events_total Events read, \\\\ and\\nmore.\n"
        "# TYPE sales_events_total counter\n"
        "sales_events_total 0.5\n"
    )


@given(
    st.dictionaries(st.sampled_from(["rep_id", "team", "origin"]), st.text(min_size=1)), st.integers(-(2**53), 2**53)
)
def test_whatever_a_label_says_is_read_back_as_it_was(labels: Mapping[str, str], value: int) -> None:
    (family,) = text_string_to_metric_families(page_of(LEADS, value, **labels).decode())
    (sample,) = family.samples
    assert (sample.labels, sample.value) == (labels, value)


@pytest.mark.promtool
def test_promtool_accepts_escapes_and_units() -> None:
    page = page_of(LEADS, 1e-07, rep_id='a"b\\c\nd', team="Zuid €") + page_of(READ, 2**60)
    done = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
