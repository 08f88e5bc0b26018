import io

from rich.console import Console

from floorpulse.explained import named, plain, tables
from kpi_state.explain.explanation import Credit, Explanation, LeftOut, Line, Said, Via, head
from kpi_state.links import slot_subject
from kpi_state.read.document import Input
from kpi_state.read.sample import Exact, Sample
from tests.explaining import explained
from tests.statements import contact, lead, mailed, rep

SAMPLE = Sample("lead_win", "org", "*", "month", "2024-01", {"basis": "cohort"}, {"leads": 2, "won": 0}, None)
SAID = Said("owner_id", "r1", "2024-01-05T12:00:00Z", "/crm", "e1", "a.jsonl:7", 1)


def explanation(**fields: object) -> Explanation:
    found = head(0, Input(3, 1, 0), SAMPLE)
    for name, value in fields.items():
        setattr(found, name, value)
    return found


def printed(found: Explanation, most: int | None = None) -> str:
    out = io.StringIO()
    console = Console(file=out, width=150, force_terminal=False)
    for each in tables(found, most):
        console.print(each)
    return out.getvalue()


def test_the_number_comes_first() -> None:
    assert list(plain(explanation(), None)) == [
        "lead_win · the organisation · month 2024-01 · basis = cohort",
        "value none: leads = 2, won = 0",
        "As of 1970-01-01T00:00:00Z: 3 events read, 1 of them later, 0 quarantined.",
        "",
        "0 contributions make it up",
    ]


def test_a_rolling_window_of_a_rep_has_no_bucket_to_name() -> None:
    sample = Sample("touchpoints", "rep", "r1", "rolling_7d", "", {}, {"talk_seconds": Exact(1_500_000)}, 0)

    assert list(plain(head(0, Input(0, 0, 0), sample), None))[:2] == [
        "touchpoints · rep r1 · rolling_7d",
        "value 0: talk_seconds = 1.5",
    ]


def test_entities_are_followed_by_their_statements_and_by_whose_word_counts() -> None:
    via = Via("led to", "opportunity", "o1", [SAID], [Via("named by", "contract", "k1", [], [])])
    found = explanation(entities=[Line("lead", "l1", "r1", {"leads": 1, "won": 0}, [SAID], [via])])

    assert list(plain(found, None))[4:] == [
        "1 contribution makes it up",
        "  lead l1  leads = 1  for r1",
        "    owner_id = r1  2024-01-05T12:00:00Z /crm e1 a.jsonl:7",
        "    led to opportunity o1",
        "      owner_id = r1  2024-01-05T12:00:00Z /crm e1 a.jsonl:7",
        "      named by contract k1",
    ]


def test_people_and_what_was_left_out_follow() -> None:
    found = explanation(
        credits=[Credit("x:1", "r1", "A", [SAID]), Credit("r2", "r2", "", [SAID]), Credit("r3", "r3", "", [])],
        left_out=[LeftOut("lead", "l2", "deleted", "deleted", {"leads": 1}, [Said("deleted", True, "t", times=3)])],
        not_listed={"outside_window": 7},
    )

    assert list(plain(found, None))[5:] == [
        "",
        "Who is meant",
        "  x:1 is r1 of team A",
        "    owner_id = r1  2024-01-05T12:00:00Z /crm e1 a.jsonl:7",
        "  r2 is r2",
        "    owner_id = r1  2024-01-05T12:00:00Z /crm e1 a.jsonl:7",
        "",
        "1 left out",
        "  lead l2 (deleted)  leads = 1  deleted",
        "    deleted = True  t, said 3 times",
        "  outside_window: 7 more are not listed",
    ]


def test_long_lists_are_cut_and_say_how_much_is_missing() -> None:
    via = [Via("signed", "contract", f"k{n}", [], []) for n in range(4)]
    found = explanation(
        entities=[Line("account", f"a{n}", "r1", {"leads": 1}, [], via if n == 0 else []) for n in range(5)],
        credits=[Credit(f"r{n}", f"r{n}", "", [SAID]) for n in range(3)],
        left_out=[LeftOut("lead", f"l{n}", "deleted", "deleted", {}, []) for n in range(6)],
        not_listed={"closed": 2},
    )

    lines = list(plain(found, 2))

    assert [line for line in lines if "more" in line] == [
        "    … and 2 more: --all shows them",
        "  … and 3 more: --all shows them",
        "  … and 1 more: --all shows them",
        "  … and 4 more: --all shows them",
        "  closed: 2 more are not listed",
    ]
    assert [line for line in plain(found, None) if "--all" in line] == []


def test_slots_are_named_by_what_they_are() -> None:
    hour = 473_386

    assert [named("slot", slot_subject("r1", party, "call", hour)) for party in ("n+31", "cc1", "ll1", "tk1")] == [
        "slot of r1, call with number +31, hour from 2024-01-02T10:00:00Z",
        "slot of r1, call with contact c1, hour from 2024-01-02T10:00:00Z",
        "slot of r1, call with lead l1, hour from 2024-01-02T10:00:00Z",
        "slot of r1, call with nobody named, touch k1, hour from 2024-01-02T10:00:00Z",
    ]
    assert named("lead", "l1") == "lead l1"


def test_what_somebody_typed_is_shown_and_not_obeyed() -> None:
    found = explanation(entities=[Line("lead", "\x1b[31m\n[bold]", "r1", {}, [], [])])

    assert "  lead �[31m�[bold]  for r1" in list(plain(found, None))
    assert "lead �[31m�[bold]" in printed(found)


def test_tables_hold_the_same_as_the_lines() -> None:
    lines = [
        rep("r1"),
        contact("c1", "2024-01-01"),
        mailed("m1", "2024-01-05 10:00", contact_id="c1"),
        mailed("m2", "2023-01-05 10:00", contact_id="c1", deleted=True),
        lead("l1", "2024-01-05", contact_id="c1", status="qualified"),
    ]
    found = explained(lines, "contact_to_lead", "r1", "month", "2024-01")
    found.not_listed["outside_window"] = 3

    text = printed(found)

    words = {word for line in plain(found, None) for word in line.split() if word not in {"for", "r1"}}
    assert {word for word in words if word not in text} == set()


def test_a_table_has_a_caption_only_where_something_is_missing() -> None:
    found = explanation(entities=[Line("lead", f"l{n}", "r1", {}, [], []) for n in range(3)])

    assert "--all" in printed(found, 2)
    assert "--all" not in printed(found, 3)
