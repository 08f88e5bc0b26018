import json

from kpi_state.explain.explanation import Credit, Explanation, LeftOut, Line, Said, Via, added, document, head
from kpi_state.read.document import Input
from kpi_state.read.sample import Exact, Sample

SAMPLE = Sample("leads_created", "rep", "r1", "day", "2024-01-05", {}, {"leads": 1}, 1)


def explanation() -> Explanation:
    return head(0, Input(3, 1, 0), SAMPLE)


def test_an_explanation_that_says_nothing_is_a_document() -> None:
    assert document(explanation()).decode() == (
        '{"as_of": "1970-01-01T00:00:00Z",\n'
        ' "input": {"read": 3, "after_as_of": 1, "quarantined": 0},\n'
        ' "sample": {"kpi": "leads_created", "grain": "rep", "key": "r1", "window": "day", "bucket": "2024-01-05", '
        '"labels": {}, "parts": {"leads": 1}, "value": 1},\n'
        ' "entities": [],\n "credits": [],\n "left_out": [],\n "not_listed": {}}\n'
    )


def test_the_document_has_one_entity_a_line_and_all_that_is_said_of_it() -> None:
    said = Said("owner_id", "r1", "2024-01-05T00:00:00Z", "/crm", "e1", "a:1", 2)
    found = explanation()
    via = Via("led to", "opportunity", 'o"1', [], [])
    found.entities = [Line("lead", "l1", "r1", {"leads": 1}, [said], [via]), Line("lead", "é", "r1", {}, [], [])]
    found.credits = [Credit("r1", "r1", "A", [said])]
    found.left_out = [LeftOut("lead", "l2", "deleted", "deleted", {}, [])]
    found.not_listed = {"outside_window": 7}

    text = document(found).decode()

    assert [line.split(":")[0] for line in text.splitlines()[3:]] == [
        ' "entities"',
        '  {"kind"',
        '  {"kind"',
        ' "credits"',
        '  {"rep"',
        ' "left_out"',
        '  {"kind"',
        ' "not_listed"',
    ]
    assert json.loads(text)["entities"][0] == {
        "kind": "lead",
        "subject": "l1",
        "rep": "r1",
        "parts": {"leads": 1},
        "decided_by": [
            {
                "field": "owner_id",
                "value": "r1",
                "time": "2024-01-05T00:00:00Z",
                "source": "/crm",
                "id": "e1",
                "at": "a:1",
                "times": 2,
            }
        ],
        "via": [{"says": "led to", "kind": "opportunity", "subject": 'o"1', "decided_by": [], "via": []}],
    }
    assert json.loads(text)["not_listed"] == {"outside_window": 7}


def test_numbers_keep_all_their_digits_and_truths_are_no_numbers() -> None:
    found = explanation()
    found.entities = [Line("call", "k", "r1", {"talk_seconds": Exact(12_345_678_901_234_567_890_123)}, [], [])]
    found.left_out = [LeftOut("a", "b", "c", "d", {"x": 2**80}, [Said("deleted", True, "t"), Said("x", None, "t")])]

    text = document(found).decode()

    assert '"parts": {"talk_seconds": 12345678901234567.890123}' in text
    assert f'"parts": {{"x": {2**80}}}' in text
    assert '"value": true' in text
    assert '"value": null' in text


def test_contributions_are_added_but_of_ages_the_oldest_counts() -> None:
    assert added([(1, 5, 5, 0), (2, 9, 7, 1)], ("open", "age_seconds_sum", "oldest_seconds", "over_limit")) == (
        3,
        14,
        7,
        1,
    )
