from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from floorpulse.alerting.blocks import blocks, scalar

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=20)
SCALARS = (
    TEXTS
    | st.integers()
    | st.booleans()
    | st.sampled_from(["yes", "1", "1.5", "~", "- a", "a: b", "# c", "'", '"', "\\"])
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=12
)


@given(st.dictionaries(st.text("abc_", min_size=1, max_size=5), VALUES, max_size=4))
def test_a_reader_of_yaml_finds_what_was_written(document: dict[str, Any]) -> None:
    assert (yaml.safe_load(blocks(document)) or {}) == document


def test_a_person_can_read_it() -> None:
    document = {
        "groups": [
            {"name": "a", "rules": [{"alert": "B", "expr": "x{a='b'}\n< 1", "labels": {"severity": "warning"}}]}
        ],
        "days": ["mon", "tue"],
        "said": 'a "b"',
        "none": [],
        "nothing": {},
    }

    assert blocks(document) == (
        "groups:\n"
        "  - name: a\n"
        "    rules:\n"
        "      - alert: B\n"
        "        expr: |-\n"
        "          x{a='b'}\n"
        "          < 1\n"
        "        labels:\n"
        "          severity: warning\n"
        'days: ["mon", "tue"]\n'
        "said: |-\n"
        '  a "b"\n'
        "none: []\n"
        "nothing: {}\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [("warning", "warning"), ("no", '"no"'), ("1", '"1"'), (True, "true"), (1.5, "1.5"), ("15m", '"15m"'), ("", '""')],
)
def test_a_text_is_quoted_where_it_would_mean_something_else(value: str | float, text: str) -> None:
    assert scalar(value) == text
