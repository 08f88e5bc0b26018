from floorpulse.example import example
from floorpulse.keys import SECTIONS


def test_every_section_and_key_is_in_the_example_once() -> None:
    lines = example().splitlines()
    for section, keys in SECTIONS.items():
        assert sum(f"[{section}" in line.split("#")[0] for line in lines) == (section != "teams")
        for key in keys:
            assert sum(line.startswith(f"{key} = ") for line in lines) == 1
