import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from services.indicator.continuation import expand, move, stored
from tests.support.plan import document, entry


def test_an_entry_with_a_known_code_changes_only_what_it_gives() -> None:
    own = stored(document("demo-continuation"))
    base = stored(document())
    whole = expand(own, base)
    changed = entry(whole, "indicator", "G00.skilled_total")
    assert changed == entry(base, "indicator", "G00.skilled_total") | {"target": 220000, "due": "2028-12-31"}
    assert whole["clause"] == base["clause"]
    assert whole["department"] == base["department"]


def test_an_entry_with_a_new_code_is_added() -> None:
    own = stored(document("demo-continuation"))
    own["tag"] = [{"code": "night_class", "name_zh": "夜校", "name_en": "Night class"}]
    assert [tag["code"] for tag in expand(own, stored(document()))["tag"]][-1] == "night_class"


def test_an_entry_given_twice_stays_twice() -> None:
    own = stored(document("demo-continuation"))
    own["indicator"].append({"code": "G00.skilled_total", "target": 1})
    codes = [table["code"] for table in expand(own, stored(document()))["indicator"]]
    assert codes.count("G00.skilled_total") == 2


def test_neither_document_is_changed() -> None:
    own, base = stored(document("demo-continuation")), stored(document())
    expand(own, base)
    assert (own, base) == (stored(document("demo-continuation")), stored(document()))


def test_the_last_of_february_stays_in_february() -> None:
    assert move(dt.date(2024, 2, 29), 3) == dt.date(2027, 2, 28)
    assert move(dt.date(2024, 2, 29), 4) == dt.date(2028, 2, 29)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(-50, 50))
def test_moving_keeps_month_and_order(day: dt.date, years: int) -> None:
    moved = move(day, years)
    assert (moved.year, moved.month) == (day.year + years, day.month)
    assert move(day + dt.timedelta(days=1), years) >= moved
