from decimal import Decimal

import pytest

from services.indicator.formula import BadFormula, Lacking, evaluate, names

VALUES = {"G00.a": Decimal(3), "b": Decimal(4), "zero": Decimal(0), "none": None}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("100 * G00.a / b", "75"),
        ("-(1 + 2) * 3 - 4 / -2", "-7"),
        ("b - G00.a - 1", "0"),
        ("0.5 * b", "2"),
        ("((b))", "4"),
    ],
)
def test_numbers_names_and_four_signs_are_read(formula: str, value: str) -> None:
    assert evaluate(formula, VALUES) == Decimal(value)


@pytest.mark.parametrize(
    "formula",
    ["", "1 +", "(1", "1)", "1 2", "b b", "2 ** 3", "__import__('os')", "b.__class__()", "(" * 99 + "1"],
)
def test_anything_else_is_not_read(formula: str) -> None:
    with pytest.raises((BadFormula, Lacking)):
        evaluate(formula, VALUES)


@pytest.mark.parametrize(
    ("formula", "name"), [("none + 1", "none"), ("other", "other"), ("1 / zero", ""), ("zero / zero", "")]
)
def test_what_lacks_is_named(formula: str, name: str) -> None:
    with pytest.raises(Lacking) as lacking:
        evaluate(formula, VALUES)
    assert lacking.value.name == name


def test_names_come_once_in_their_order() -> None:
    assert names("100 * G00.a / b + G00.a") == ["G00.a", "b"]
