"""A unit at once with its head count; a signed paper brought back line by line."""

import datetime as dt

import pytest

from models.attendance import Way
from models.base import db
from services import attendance as attendances
from services.attendance import HeadCountDiffers, ImpossibleTime, NobodyTicked, group, paper
from services.stamp import LOCAL
from services.transaction import transaction
from tests.services.attendance.conftest import Hall
from tests.support import factories as make


@pytest.fixture
def unit(hall: Hall) -> str:
    with transaction():
        row = make.organisation("示例机械厂")
        for entry in hall.entries[:3]:
            entry.organisation_id = row.id
    db.session.expire_all()
    return f"u-{row.code}"


def tick(hall: Hall, key: str, codes: list[str], counted: int, note: str = "") -> int:
    lines = group.people(hall.activity, hall.whole, key)
    with transaction():
        return group.check_in_group(
            lines,
            codes,
            hall.whole,
            counted=counted,
            note=note,
            by=hall.helper,
            stamp=make.stamp(hall.helper),
        )


def test_units_and_classes_are_offered_with_their_size(hall: Hall, unit: str) -> None:
    found = {each.key: each.size for each in group.groups(hall.activity, hall.whole)}
    assert found == {unit: 3, f"t-{hall.tracks[0].code}": 2, f"t-{hall.tracks[1].code}": 2}
    assert [each.key for each in group.groups(hall.activity, hall.second)] == [
        unit,
        f"t-{hall.tracks[1].code}",
    ]
    assert group.people(hall.activity, hall.whole, "u-nothing") == []
    assert group.people(hall.activity, hall.whole, "nonsense") == []


def test_ticks_and_heads_must_agree_or_be_explained(hall: Hall, unit: str) -> None:
    codes = [entry.code for entry in hall.entries[:2]]
    with pytest.raises(HeadCountDiffers):
        tick(hall, unit, codes, 3)
    with pytest.raises(NobodyTicked):
        tick(hall, unit, [], 0)
    assert attendances.present_codes(hall.activity) == set()
    assert tick(hall, unit, codes, 2) == 2
    rows = [attendances.arrivals([entry])[entry.id][0] for entry in hall.entries[:2]]
    assert {(row.way, row.reason) for row in rows} == {(Way.GROUP, "")}
    assert tick(hall, unit, [hall.entries[2].code], 2, "一人在路上") == 1
    assert attendances.arrivals(hall.entries)[hall.entries[2].id][0].reason == "3/2 一人在路上"


def test_whoever_came_before_counts_and_whoever_is_of_another_unit_does_not(hall: Hall, unit: str) -> None:
    hall.check_in(hall.entries[0])
    other = hall.entries[3].code
    assert tick(hall, unit, [hall.entries[1].code, other], 2) == 1
    assert other not in attendances.present_codes(hall.activity)
    assert tick(hall, unit, [], 2) == 0


def compare(hall: Hall, text: str, ticked: list[str], usual: dt.time, when: dt.datetime) -> paper.Comparison:
    return paper.compare(
        hall.activity, hall.whole, text, ticked, usual, by=hall.helper, stamp=make.stamp(hall.helper, when)
    )


def test_a_paper_is_compared_first_and_then_saved_with_its_times(hall: Hall) -> None:
    a, b, c, d = hall.entries
    start = hall.whole.starts_at.replace(second=0, microsecond=0)
    usual = start.astimezone(LOCAL).time()
    ten = (start + dt.timedelta(minutes=10)).astimezone(LOCAL)
    hall.check_in(c)
    hall.check_in(d)
    elsewhere = make.accepted(make.track())
    text = "\n".join(
        [
            f"{a.pass_code.upper()} {ten:%H:%M}",
            "",
            f"https://yongjiang.example/pass/{c.pass_code}",
            a.pass_code,
            "0000 0000",
            elsewhere.pass_code,
        ]
    )
    when = hall.whole.ends_at
    seen = compare(hall, text, [b.code, elsewhere.code], usual, when)
    assert [line.registration for line in seen.new] == [a, b]
    assert [line.registration for line in seen.known] == [c]
    assert [str(line.sentence) for line in seen.wrong] == [
        str(attendances.UnknownPass().sentence),
        str(attendances.WrongActivity().sentence),
    ]
    assert seen.only_here == [d]
    assert attendances.present_codes(hall.activity) == {c.code, d.code}
    with transaction():
        assert paper.take(seen, hall.whole, by=hall.helper, stamp=make.stamp(hall.helper, when)) == 2
    row = attendances.arrivals([a])[a.id][0]
    assert (row.way, row.noted_at) == (Way.PAPER, ten)
    assert attendances.arrivals([b])[b.id][0].noted_at == start
    again = compare(hall, text, [b.code], usual, when)
    assert (again.new, len(again.known)) == ([], 3)


def test_a_time_that_cannot_be_is_shown_and_refused(hall: Hall) -> None:
    start = hall.whole.starts_at
    late = (start + dt.timedelta(minutes=30)).astimezone(LOCAL).time()
    seen = compare(hall, hall.entries[0].pass_code, [], late, start)
    assert [str(line.sentence) for line in seen.wrong] == [str(ImpossibleTime.sentence)]
    with pytest.raises(ImpossibleTime), transaction():
        attendances.check_in_all(
            hall.entries[:1],
            hall.whole,
            way=Way.PAPER,
            by=hall.helper,
            stamp=make.stamp(hall.helper, start),
            noted={hall.entries[0].id: start + dt.timedelta(minutes=30)},
        )


@pytest.mark.parametrize(
    ("line", "code", "time"),
    [
        ("K3F9 7QXD 8:31", "K3F9 7QXD", "08:31"),
        ("k3f97qxd,08：31", "k3f97qxd", "08:31"),
        ("K3F9 7QXD", "K3F9 7QXD", "08:00"),
        ("K3F9 7QXD 25:99", "K3F9 7QXD 25:99", "08:00"),
    ],
)
def test_lines_of_a_paper(line: str, code: str, time: str) -> None:
    (said, at), *more = paper.split(line, dt.date(2026, 11, 23), dt.time(8))
    assert (said, at.astimezone(LOCAL).strftime("%H:%M"), more) == (code, time, [])
