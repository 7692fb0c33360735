import pytest

from models.indicator import Clause, Comparator, Department, Plan


@pytest.mark.parametrize(
    ("comparator", "value", "is_met"),
    [
        (">=", 10, True),
        (">=", 9.9, False),
        (">", 0, False),
        (">", 0.1, True),
        ("<=", 5, True),
        ("<", 5, False),
    ],
)
def test_a_value_meets_its_target_or_not(comparator: str, value: float, is_met: bool) -> None:
    target = {">=": 10, ">": 0, "<=": 5, "<": 5}[comparator]
    assert Comparator(comparator).is_met(value, target) is is_met


def test_a_plan_knows_its_clauses_and_departments() -> None:
    plan = Plan(
        clauses=[Clause(number=7)],
        departments=[Department(code="edu", name_zh="区教委", name_en="Education")],
    )
    assert plan.clause(7) is plan.clauses[0]
    assert plan.clause(8) is None
    department = plan.department("edu")
    assert department is not None
    assert (department.name_in("zh_CN"), department.name_in("en")) == ("区教委", "Education")
    assert plan.department("nobody") is None


def test_a_collective_is_no_unit() -> None:
    assert Department(kind="collective").is_collective
    assert not Department(kind="party").is_collective
