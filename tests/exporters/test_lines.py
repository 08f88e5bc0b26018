from exporters.lines import Lines


def test_lines_are_joined_in_the_order_in_which_they_came_and_change_in_place() -> None:
    lines = Lines()
    lines.put(1, b"one\n")
    lines.put(2, b"two\n")
    assert lines.body() == b"one\ntwo\n"

    lines.put(1, b"another\n")

    assert (len(lines), lines.body()) == (2, b"another\ntwo\n")


def test_a_line_that_is_dropped_is_gone_and_one_that_never_was_is_no_matter() -> None:
    lines = Lines()
    lines.put(1, b"one\n")
    assert lines.body() == b"one\n"

    lines.drop(2)
    lines.drop(1)

    assert (len(lines), lines.body()) == (0, b"")
