import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.indicator import Indicator
from services.indicator import expected_pace
from tests.support.plan import indicator, plan

PLAN = plan()
days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
paced = st.sampled_from(PLAN.indicators)


def share(code: str, *day: int) -> Fraction | None:
    return expected_pace(indicator(code), PLAN, dt.date(*day)).share


@pytest.mark.parametrize(
    ("day", "gone"),
    [
        ((2023, 1, 1), Fraction(1, 365)),
        ((2023, 6, 30), Fraction(181, 365)),
        ((2024, 2, 29), Fraction(60, 366)),
        ((2024, 12, 31), Fraction(1)),
        ((2022, 12, 31), Fraction(0)),
        ((2026, 5, 1), Fraction(1)),
    ],
)
def test_a_yearly_target_goes_by_the_days_of_the_calendar_year(
    day: tuple[int, int, int], gone: Fraction
) -> None:
    assert share("T05.trained", *day) == gone


def test_the_first_year_is_not_prorated_though_the_plan_began_in_march() -> None:
    pace = expected_pace(indicator("T05.trained"), PLAN, dt.date(2023, 7, 25))
    assert (pace.starts_on, pace.ends_on) == (dt.date(2023, 1, 1), dt.date(2023, 12, 31))


def test_two_year_windows_are_counted_from_the_first_year() -> None:
    pace = expected_pace(indicator("T07.district_competition"), PLAN, dt.date(2024, 6, 1))
    assert (pace.starts_on, pace.ends_on, pace.is_clipped) == (
        dt.date(2023, 1, 1),
        dt.date(2024, 12, 31),
        False,
    )
    assert share("T07.district_competition", 2023, 12, 31) == Fraction(365, 731)


def test_a_window_that_the_plan_cuts_short_is_open() -> None:
    pace = expected_pace(indicator("T07.district_competition"), PLAN, dt.date(2025, 6, 1))
    assert (pace.starts_on, pace.ends_on) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert pace.is_clipped


def test_what_is_reached_once_goes_from_the_plans_start_to_its_due_date() -> None:
    row = indicator("T05.new_centres")
    pace = expected_pace(row, PLAN, dt.date(2025, 10, 31))
    assert (pace.starts_on, pace.ends_on, pace.share) == (PLAN.starts_on, row.due, 1)
    assert share("T05.new_centres", 2023, 2, 28) == 0


@pytest.mark.parametrize(
    "code",
    ["G00.skilled_total", "G00.high_skilled_share", "T01.team_high_skilled_min", "T11.local_employment_rate"],
)
def test_stocks_shares_conditions_and_trends_have_no_pace(code: str) -> None:
    pace = expected_pace(indicator(code), PLAN, dt.date(2024, 6, 30))
    assert pace.share is None
    assert pace.expected(100) is None


def test_the_figure_expected_is_the_target_by_the_share() -> None:
    pace = expected_pace(indicator("T07.reserve_contestants"), PLAN, dt.date(2023, 3, 14))
    assert pace.expected(1000) == pytest.approx(200)


@given(paced, days)
def test_a_share_lies_between_nothing_and_all_and_never_falls_within_a_period(
    row: Indicator, day: dt.date
) -> None:
    today, tomorrow = (expected_pace(row, PLAN, each) for each in (day, day + dt.timedelta(days=1)))
    assert today.starts_on <= today.ends_on
    if today.share is None or tomorrow.share is None:
        assert (today.share, tomorrow.share) == (None, None)
        return
    assert 0 <= today.share <= 1
    if today.starts_on == tomorrow.starts_on:
        assert today.share <= tomorrow.share


@given(paced)
def test_everything_is_expected_on_the_last_day(row: Indicator) -> None:
    assert expected_pace(row, PLAN, PLAN.ends_on).share in (None, 1)
