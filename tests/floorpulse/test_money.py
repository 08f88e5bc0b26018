import pytest

from floorpulse.money import money


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (123_456_789, "EUR", "1,234,567.89 EUR"),
        (5, "EUR", "0.05 EUR"),
        (0, "USD", "0.00 USD"),
        (-250, "USD", "-2.50 USD"),
        (1_999, "JPY", "1,999 JPY"),
        (1_234_567, "KWD", "1,234.567 KWD"),
        (12_345, "CLF", "1.2345 CLF"),
        (125.4, "EUR", "1.25 EUR"),
        (-0.2, "EUR", "0.00 EUR"),
        (100, "doubloons", "1.00 doubloons"),
        (10**30 + 1, "EUR", "10,000,000,000,000,000,000,000,000,000.01 EUR"),
    ],
)
def test_money_is_in_major_units_with_the_decimals_of_its_currency(minor: float, currency: str, text: str) -> None:
    assert money(minor, currency) == text
