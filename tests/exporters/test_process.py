import re
import subprocess

import pytest
from prometheus_client.parser import text_string_to_metric_families

from exporters.process import HELP, Process


def told() -> Process:
    process = Process()
    process.made("floor", 100, 3, 0.25)
    process.made("floor", 200, 4, 0.5)
    process.wrote("written", 7)
    process.records_followed.set(9)
    return process


def test_a_page_is_counted_with_its_time_and_the_last_ones_size() -> None:
    text = told().text().decode()

    assert 'sales_exporter_pages_total{page="floor"} 2.0\n' in text
    assert 'sales_exporter_page_seconds_total{page="floor"} 0.75\n' in text
    assert 'sales_exporter_page_bytes{page="floor"} 200.0\n' in text
    assert 'sales_exporter_page_series{page="floor"} 4.0\n' in text
    assert 'sales_exporter_redis_looks_total{outcome="written"} 1.0\n' in text
    assert "sales_exporter_redis_commands_total 7.0\n" in text
    assert "sales_exporter_records_followed 9.0\n" in text


def test_the_process_is_that_of_the_operating_system() -> None:
    names = {family.name for family in text_string_to_metric_families(told().text().decode())}

    assert {"process_resident_memory_bytes", "process_cpu_seconds", "python_gc_collections", "python_info"} < names
    assert names >= HELP.keys()


def test_two_exporters_in_a_process_count_apart() -> None:
    one, other = told(), Process()

    assert re.search(rb"^sales_exporter_pages_total", one.text(), re.MULTILINE)
    assert not re.search(rb"^sales_exporter_pages_total", other.text(), re.MULTILINE)


@pytest.mark.promtool
def test_promtool_finds_nothing_to_say_about_it() -> None:
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=told().text(), capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
