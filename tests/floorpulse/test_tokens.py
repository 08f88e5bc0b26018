from pathlib import Path

import pytest

from floorpulse.errors import UserError
from floorpulse.settings import Api
from floorpulse.tokens import api_token

TOKEN = "correct-horse-battery"


def test_the_token_is_what_is_set_or_what_a_file_holds_but_for_space_around_it(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(f"  {TOKEN}\n")
    assert api_token(Api()) == ""
    assert api_token(Api(token=TOKEN)) == TOKEN
    assert api_token(Api(token_file=str(path))) == TOKEN


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"two words of sixteen", b"\xff" * 20, b"x" * 201])
def test_a_file_that_holds_no_token_is_an_error_in_a_line_that_does_not_show_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_bytes(content)
    with pytest.raises(UserError) as raised:
        api_token(Api(token_file=str(path)))
    assert str(raised.value) == (f'[api] token_file = "{path}": expected 16 to 200 characters of ASCII without spaces')


def test_a_file_that_is_missing_is_an_error_in_a_line() -> None:
    with pytest.raises(UserError) as raised:
        api_token(Api(token_file="/no/such/file"))
    assert str(raised.value) == '[api] token_file = "/no/such/file": no such file or directory'
