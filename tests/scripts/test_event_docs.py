from kpi_state.catalogue import EVENT_TYPES, FIELDS
from scripts.event_docs import event_page, meanings


def test_the_page_has_every_field_of_every_type_with_its_meaning() -> None:
    sections = event_page().split("\n## ")[1:]
    for section, of in zip(sections, EVENT_TYPES, strict=True):
        assert section.startswith(f"`{of.name}`\n")
        assert [row.split("`")[1] for row in section.splitlines() if row.startswith("| `")] == list(FIELDS[of.kind])
        for field, meaning in meanings(of).items():
            assert f"| `{field}` | " in section
            assert meaning in section


def test_timelines_are_marked() -> None:
    assert event_page().count("*(timeline)*") == sum(len(of.timelines) for of in EVENT_TYPES)
