"""Places on the grid of 24 columns: rows of panels, from the top downwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scripts.boards.model import COLUMNS, Panel, Placed


def rows(*of: tuple[int, Sequence[tuple[int, Panel | Sequence[tuple[int, Panel]]]]]) -> list[Placed]:
    """Rows of (height, cells); a cell is (width, panel) or (width, panels above each other as (height, panel)).

    Raises ValueError when a row is not exactly as wide as the grid, or a pile not exactly as high as its row.
    """
    return list(_placed(of))


def _placed(of: Iterable[tuple[int, Sequence[tuple[int, Panel | Sequence[tuple[int, Panel]]]]]]) -> Iterator[Placed]:
    y = 0
    for height, cells in of:
        x = 0
        for width, content in cells:
            pile = [(height, content)] if isinstance(content, Panel) else list(content)
            if sum(high for high, _ in pile) != height:
                raise ValueError(f"a pile in the row at {y} is not {height} high")
            top = y
            for high, panel in pile:
                yield Placed(panel=panel, x=x, y=top, width=width, height=high)
                top += high
            x += width
        if x != COLUMNS:
            raise ValueError(f"the row at {y} is {x} wide, not {COLUMNS}")
        y += height
