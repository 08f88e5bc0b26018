from pathlib import Path

import pytest

from floorpulse.errors import UserError
from floorpulse.pseudonyms import pseudonym_key
from kpi_state.definitions import Privacy, RepLabels


@pytest.mark.parametrize("mode", ["names", "ids", "none"])
def test_without_pseudonyms_nobody_looks_for_a_file(mode: RepLabels) -> None:
    assert pseudonym_key(Privacy(rep_labels=mode, pseudonym_key_file="/no/such/file")) == b""


def test_the_key_is_what_the_file_holds_but_for_space_around_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b" s3cret \x00 bytes\n")
    assert pseudonym_key(Privacy(rep_labels="pseudonyms", pseudonym_key_file=str(path))) == b"s3cret \x00 bytes"


def test_a_file_that_is_missing_or_empty_is_an_error_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "key"
    privacy = Privacy(rep_labels="pseudonyms", pseudonym_key_file=str(path))
    setting = f'[privacy] pseudonym_key_file = "{path}"'
    with pytest.raises(UserError) as missing:
        pseudonym_key(privacy)
    assert str(missing.value) == f"{setting}: no such file or directory"
    path.write_bytes(b"\n")
    with pytest.raises(UserError) as empty:
        pseudonym_key(privacy)
    assert str(empty.value) == f"{setting}: the file is empty, expected a secret"
