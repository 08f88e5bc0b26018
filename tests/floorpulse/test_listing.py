import pytest

from floorpulse.listing import plain, show


def test_texts_stand_left_numbers_right_and_what_is_not_known_is_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    show(["Topic", "Records"], [["crm.events", 12_345], ["hr.events", None]], "Inputs")

    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "Inputs",
        "Topic        Records",
        "────────────────────",
        "crm.events    12,345",
        "hr.events          –",
    ]


def test_without_rows_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    show(["Topic"], [])

    assert capsys.readouterr().out == ""


def test_what_a_terminal_or_rich_would_obey_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    show(["Name"], [["[red]a\x1b[31m\nb"]])

    assert "[red]a\ufffd[31m\ufffdb" in capsys.readouterr().out
    assert plain("tab\tend\u202e") == "tab\ufffdend\ufffd"
