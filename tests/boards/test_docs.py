from tests.boards.test_rules import BOARDS
from tests.brokers import ROOT

LARGEST_PICTURE_BYTES = 300_000


def test_every_board_is_described_and_shown_in_a_small_picture() -> None:
    text = (ROOT / "docs" / "boards.md").read_text()
    for slug, board in BOARDS.items():
        assert f"[{board['title']}](#{slug})" in text
        assert f"](boards/{slug}.png)" in text
        assert 10_000 < (ROOT / "docs" / "boards" / f"{slug}.png").stat().st_size < LARGEST_PICTURE_BYTES
