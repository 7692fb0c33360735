import datetime as dt

import pytest
from flask import Flask

from models.activity import Kind, Level, Series, State
from services import activity as activities
from services.errors import Missing, Stale
from services.text import BadText
from services.transaction import transaction
from tests.support.application import Hand
from tests.support.staff import NOW, START, Staff, staff


@pytest.fixture
def house(context: Flask, clock: Hand) -> Staff:
    clock.set(NOW)
    return staff()


def test_an_organiser_drafts_for_their_own_unit_only(house: Staff) -> None:
    who = house.stamp(house.stranger)
    with pytest.raises(activities.NotYours), transaction():
        activities.draft(house.entry(), by=house.by(house.stranger), stamp=who)
    with transaction():
        entry = house.entry(organiser=house.other.code)
        made = activities.draft(entry, by=house.by(house.stranger), stamp=who)
    assert made.state is State.DRAFT
    assert made.organiser_id == house.other.id


def test_unknown_units_and_reversed_times_are_refused(house: Staff) -> None:
    who, by = house.stamp(house.organiser), house.by(house.organiser)
    with pytest.raises(activities.NoSuchUnit), transaction():
        activities.draft(house.entry(host="nobody"), by=by, stamp=who)
    with pytest.raises(activities.EndsBeforeStart), transaction():
        activities.draft(house.entry(ends_at=START), by=by, stamp=who)


@pytest.mark.parametrize("title", ["一\r\n二", "零\u200b宽", "反\u202e转", "甲\x00乙", "  "])
def test_a_title_with_unseen_characters_is_refused(house: Staff, title: str) -> None:
    with pytest.raises(BadText):
        house.entry(title=title)


def test_markup_in_a_title_is_kept_as_text(house: Staff) -> None:
    assert house.entry(title="<b>A&B<C</b>").title == "<b>A&B<C</b>"


def test_a_series_belongs_to_competitions(house: Staff) -> None:
    assert house.entry(series=Series.DISTRICT).series is None
    assert house.entry(kind=Kind.COMPETITION, series=Series.DISTRICT).series is Series.DISTRICT


def test_an_edit_on_an_old_version_is_refused(house: Staff) -> None:
    made = house.drafted()
    seen = made.version
    with transaction():
        activities.edit(made, house.entry(title="新名"), version=seen, stamp=house.stamp(house.organiser))
    assert made.version == seen + 1
    with pytest.raises(Stale), transaction():
        activities.edit(made, house.entry(title="旧名"), version=seen, stamp=house.stamp(house.organiser))
    assert made.title == "新名"


def test_an_edit_that_changes_nothing_is_no_new_version(house: Staff) -> None:
    made = house.drafted()
    seen = made.version
    with transaction():
        activities.edit(made, house.entry(), version=seen, stamp=house.stamp(house.organiser))
    assert made.version == seen


def test_while_it_waits_for_approval_nothing_changes(house: Staff) -> None:
    made = house.drafted()
    with transaction():
        activities.submit(made, by=house.by(house.organiser), stamp=house.stamp(house.organiser))
    with pytest.raises(activities.NotEditable), transaction():
        activities.edit(made, house.entry(), version=made.version, stamp=house.stamp(house.organiser))
    with pytest.raises(activities.NotEditable), transaction():
        activities.add_track(made, house.track(name="另一个"), stamp=house.stamp(house.organiser))


def test_after_approval_what_was_approved_stays(house: Staff) -> None:
    made = house.published()
    who = house.stamp(house.organiser)
    with pytest.raises(activities.Settled), transaction():
        activities.edit(made, house.entry(level=Level.NATIONAL), version=made.version, stamp=who)
    with pytest.raises(activities.Settled), transaction():
        activities.edit(made, house.entry(tags=("rural",)), version=made.version, stamp=who)
    with transaction():
        activities.edit(made, house.entry(what_to_bring="身份证"), version=made.version, stamp=who)
    assert made.what_to_bring == "身份证"


def test_put_off_as_a_whole_its_sessions_go_along(house: Staff) -> None:
    made = house.published()
    later = START + dt.timedelta(days=7)
    entry = house.entry(starts_at=later, ends_at=later + dt.timedelta(hours=3))
    with transaction():
        activities.edit(made, entry, version=made.version, stamp=house.stamp(house.organiser))
    assert made.sessions[0].starts_at == later


def test_a_published_activity_does_not_leave_its_sessions_outside(house: Staff) -> None:
    made = house.published()
    entry = house.entry(ends_at=START + dt.timedelta(minutes=30))
    with pytest.raises(activities.NotReady), transaction():
        activities.edit(made, entry, version=made.version, stamp=house.stamp(house.organiser))


def test_loaders_hide_what_is_anothers_or_not_public(house: Staff) -> None:
    made = house.drafted()
    with pytest.raises(Missing):
        activities.get_public(made.code)
    with pytest.raises(Missing):
        activities.get_run(house.by(house.stranger), made.code)
    with pytest.raises(Missing):
        activities.get_read(house.by(house.approver), made.code)
    with pytest.raises(Missing):
        activities.get_track_public(made.tracks[0].code)
    for nonsense in ("", "x", "0" * 16, "%", "\0", "é" * 16):
        with pytest.raises(Missing):
            activities.get_public(nonsense)
    assert activities.get_run(house.by(house.organiser), made.code) is made
    shown = house.published(title="公开讲座")
    assert activities.get_public(shown.code) is shown
    assert activities.get_track_public(shown.tracks[0].code).activity is shown
    assert activities.get_approve(house.by(house.approver), shown.code) is shown
    assert NOW < START
