import pytest

from floorpulse.cli import main, run


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "complete -o nosort -F _floorpulse_completion floorpulse"),
        ("zsh", "#compdef floorpulse"),
        ("fish", "complete --no-files --command floorpulse"),
    ],
)
def test_each_shell_gets_its_script(shell: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert line in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [("floorpulse quar", "plain,quarantine\n"), ("floorpulse quarantine re", "plain,resend\n")],
)
def test_what_the_script_asks_is_answered(
    words: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_FLOORPULSE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))

    with pytest.raises(SystemExit) as ended:
        main([])

    assert ended.value.code == 0
    assert capsys.readouterr().out == said


def test_another_shell_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "tcsh"]) == 2
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'." in capsys.readouterr().err
