from kpi_state.kpis.kpi import Kpi, ratio, total


def test_a_total_is_one_part_as_it_stands() -> None:
    assert total("leads")({"leads": 7, "won": 3}) == (7, 1)


def test_a_ratio_is_one_part_over_another() -> None:
    assert ratio("won", "leads")({"leads": 7, "won": 3}) == (3, 7)


def test_a_kpi_that_does_not_say_otherwise_has_every_grain_no_labels_and_no_target() -> None:
    kpi = Kpi(
        number=1, stem="x", title="", help="", formula="", unit="", article="", attribution="", windows=("day",),
        parts=("leads",), reading="sums", value=total("leads"),
    )  # fmt: skip

    assert (kpi.grains, kpi.label_sets, kpi.measure_labels) == (("rep", "team", "org"), ((),), ())
    assert (kpi.target, kpi.amounts, dict(kpi.contribute), kpi.whole) == (None, 0, {}, ())
