from exporters.lines import Lines


def body(lines: Lines) -> bytes:
    return b"".join(lines.bodies())


def test_lines_of_one_stand_together_in_the_order_in_which_they_came_and_change_in_place() -> None:
    lines = Lines()
    lines.put("ann", 1, b"one\n")
    lines.put("bob", 1, b"two\n")
    lines.put("ann", 2, b"three\n")
    assert body(lines) == b"one\nthree\ntwo\n"

    lines.put("ann", 1, b"another\n")

    assert (len(lines), body(lines)) == (3, b"another\nthree\ntwo\n")
    assert body(lines) == b"another\nthree\ntwo\n"


def test_a_line_that_is_dropped_is_gone_and_one_that_never_was_is_no_matter() -> None:
    lines = Lines()
    lines.put("ann", 1, b"one\n")
    lines.put("ann", 2, b"two\n")
    assert body(lines) == b"one\ntwo\n"

    lines.drop("ann", 3)
    lines.drop("bob", 1)
    lines.drop("ann", 1)
    assert (len(lines), body(lines)) == (1, b"two\n")

    lines.drop("ann", 2)
    assert (len(lines), body(lines)) == (0, b"")


def test_a_line_that_came_and_went_before_anybody_looked_leaves_nothing() -> None:
    lines = Lines()
    lines.put("ann", 1, b"one\n")
    lines.drop("ann", 1)

    assert (len(lines), body(lines)) == (0, b"")
