from exporters.numbers import Number
from exporters.sheet import Sheet
from kpi_state.buckets import Amounts
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.slots import Slot


def number(stem: str, *amounts: int, key: str = "ann", window: str = "day") -> Number:
    made = Number(Slot(stem, "rep", key, window, "", ()))
    made.amounts = amounts
    return made


def sheet_of(stem: str) -> Sheet:
    return Sheet(BY_STEM[stem], "rep", BY_STEM[stem].parts)


def texts(sheet: Sheet) -> dict[str, str]:
    """Metric → its lines."""
    columns = sheet.columns()
    for column in columns:
        assert len(column) == b"".join(column.bodies()).count(b"\n")
    return {column.family.name.removeprefix("sales_rep_"): b"".join(column.bodies()).decode() for column in columns}


def test_numbers_stand_in_a_column_for_each_part_and_for_the_value_if_it_is_no_part() -> None:
    touches, conversion = sheet_of("touchpoints"), sheet_of("lead_conversion")
    touches.put(number("touchpoints", 3, 4, 1_500_000), "{a}")
    conversion.put(number("lead_conversion", 4, 1), "{a}")

    assert texts(touches) == {
        "touchpoints_touchpoints": "sales_rep_touchpoints_touchpoints{a} 3\n",
        "touchpoints_attempts": "sales_rep_touchpoints_attempts{a} 4\n",
        "touchpoints_talk_seconds": "sales_rep_touchpoints_talk_seconds{a} 1.5\n",
    }
    assert texts(conversion) == {
        "lead_conversion_ratio": "sales_rep_lead_conversion_ratio{a} 0.25\n",
        "lead_conversion_leads": "sales_rep_lead_conversion_leads{a} 4\n",
        "lead_conversion_converted": "sales_rep_lead_conversion_converted{a} 1\n",
    }


def test_days_are_said_in_seconds() -> None:
    ramp = sheet_of("rep_ramp_up")
    ramp.put(number("rep_ramp_up", 2, 3, 0, 0), "{a}")

    found = texts(ramp)

    assert found["rep_ramp_up_seconds"] == "sales_rep_rep_ramp_up_seconds{a} 129600.0\n"
    assert found["rep_ramp_up_summed_seconds"] == "sales_rep_rep_ramp_up_summed_seconds{a} 259200\n"


def test_where_nothing_divides_there_is_no_value() -> None:
    conversion, whole = sheet_of("lead_conversion"), number("lead_conversion", 4, 1)
    conversion.put(whole, "{a}")
    conversion.put(number("lead_conversion", 0, 1, key="bob"), "{b}")
    assert texts(conversion)["lead_conversion_ratio"] == "sales_rep_lead_conversion_ratio{a} 0.25\n"

    whole.amounts = (0, 2)
    conversion.change(whole)

    assert texts(conversion)["lead_conversion_ratio"] == ""
    assert texts(conversion)["lead_conversion_converted"].count("\n") == 2


def test_what_changed_is_written_once_somebody_looks_with_the_labels_it_has_by_then() -> None:
    sheet, day, week = sheet_of("leads_created"), number("leads_created", 1), number("leads_created", 5, window="week")
    sheet.put(day, "{day}")
    sheet.put(week, "{week}")
    line = "sales_rep_leads_created_leads"
    assert texts(sheet) == {"leads_created_leads": f"{line}{{day}} 1\n{line}{{week}} 5\n"}

    for amounts in ((2,), (3,)):
        _change(sheet, day, amounts)
    sheet.put(week, "{other}")
    assert texts(sheet) == {"leads_created_leads": f"{line}{{day}} 3\n{line}{{other}} 5\n"}

    assert texts(sheet) == texts(sheet) == {"leads_created_leads": f"{line}{{day}} 3\n{line}{{other}} 5\n"}
    assert [len(column.bodies()) for column in sheet.columns()] == [1]

    sheet.drop(day)
    assert texts(sheet) == {"leads_created_leads": f"{line}{{other}} 5\n"}

    sheet.drop(week)
    assert texts(sheet) == {"leads_created_leads": ""}


def _change(sheet: Sheet, number: Number, amounts: Amounts) -> None:
    number.amounts = amounts
    sheet.change(number)
