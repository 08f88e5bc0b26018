import re

import msgspec

from exporters.api.table import ENDPOINTS


def test_paths_and_names_are_said_once() -> None:
    assert len({each.path for each in ENDPOINTS}) == len({each.name for each in ENDPOINTS}) == len(ENDPOINTS)


def test_what_a_path_names_is_a_parameter() -> None:
    for endpoint in ENDPOINTS:
        assert set(re.findall(r"{(\w+)}", endpoint.path)) <= set(endpoint.asked.__struct_fields__)


def test_every_answer_has_a_schema() -> None:
    for endpoint in ENDPOINTS:
        assert msgspec.json.schema(endpoint.answer)
