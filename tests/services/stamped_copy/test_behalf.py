"""代填: the stamped list of entries that the organisers typed in for a unit or a town."""

import datetime as dt

import pytest
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.activity import Activity, EntryMode, Track
from models.base import db
from models.registration import Registration
from models.stamped_copy import StampedCopy
from services import intake as intakes
from services import registration as registrations
from services import stamped_copy as stamped_copies
from services import upload as uploads
from services.errors import Missing
from services.transaction import transaction
from tests.services.intake.conftest import unit_of
from tests.support import factories as make
from tests.support import files, lists
from tests.support.staff import principal_of


def typed_in() -> tuple[StampedCopy, list[Registration], Account]:
    """A town's list of two, entered with its scan."""
    unit = unit_of(mode=EntryMode.UNIT)
    intake = unit.send(lists.workbook(lists.people(2)), source="示例镇人民政府")
    scan = uploads.check(files.picture("JPEG"), "盖章.jpg")
    with transaction():
        intakes.enter(intake, only_good=True, scan=scan, by=unit.manager, stamp=unit.stamp)
    unit.work(intake)
    copy = db.session.query(StampedCopy).one()
    return copy, db.session.query(Registration).order_by(Registration.id).all(), unit.manager


def reviewer_of(activity: Activity, track: Track | None = None) -> Account:
    made = make.account(make.person())
    scope = (ScopeKind.ACTIVITY, activity.code) if track is None else (ScopeKind.TRACK, track.code)
    make.grant(made, Role.REVIEWER, *scope)
    return made


def test_the_scan_waits_for_those_who_review_everybody_on_it(context: Flask) -> None:
    copy, entries, _typist = typed_in()
    activity, track = entries[0].activity, entries[0].track
    with transaction():
        able = [reviewer_of(activity), reviewer_of(activity, track)]
        unable = [reviewer_of(make.track().activity), reviewer_of(activity, make.track(activity))]
    for account in able:
        who = principal_of(account)
        assert [row.id for row in stamped_copies.waiting_copies(who)] == [copy.id]
        assert [line.count for line in stamped_copies.to_decide(who)] == [1]
        assert stamped_copies.get_decide(who, copy.code).id == copy.id
    for account in unable:
        who = principal_of(account)
        assert stamped_copies.waiting_copies(who) == []
        with pytest.raises(Missing):
            stamped_copies.get_decide(who, copy.code)
    assert [row.id for row in stamped_copies.entries_of(stamped_copies.owner_of(copy))] == [
        row.id for row in entries
    ]


def test_a_list_of_two_tracks_is_not_for_the_reviewer_of_one(context: Flask) -> None:
    copy, entries, _typist = typed_in()
    with transaction():
        other = make.track(entries[0].activity)
        one = reviewer_of(entries[0].activity, entries[0].track)
        whole = reviewer_of(entries[0].activity)
        entries[1].track_id = other.id
    db.session.expire_all()
    assert stamped_copies.waiting_copies(principal_of(one)) == []
    with pytest.raises(Missing):
        stamped_copies.get_decide(principal_of(one), copy.code)
    assert [row.id for row in stamped_copies.waiting_copies(principal_of(whole))] == [copy.id]


def test_accepted_it_recommends_all_on_it(context: Flask) -> None:
    copy, entries, _typist = typed_in()
    with transaction():
        reviewer = reviewer_of(entries[0].activity)
        stamped_copies.decide(copy, True, by=reviewer, stamp=make.stamp(reviewer))
        assert {row.recommended_by_id for row in entries} == {reviewer.id}
        registrations.accept(entries[0], by=reviewer, stamp=make.stamp(reviewer))
    assert stamped_copies.waiting_copies(principal_of(reviewer)) == []


def test_who_typed_it_in_does_not_decide_and_a_no_asks_for_new_paper(context: Flask) -> None:
    copy, entries, typist = typed_in()
    with transaction():
        reviewer = reviewer_of(entries[0].activity)
        with pytest.raises(stamped_copies.SamePerson):
            stamped_copies.decide(copy, True, by=typist, stamp=make.stamp(typist))
        with pytest.raises(stamped_copies.NoReason):
            stamped_copies.decide(copy, False, " ", by=reviewer, stamp=make.stamp(reviewer))
        stamped_copies.decide(copy, False, "印章不清楚", by=reviewer, stamp=make.stamp(reviewer))
    assert (copy.state, copy.note) == (stamped_copies.State.REFUSED, "印章不清楚")
    later = make.stamp(typist, when=make.stamp().when + dt.timedelta(hours=1))
    with transaction():
        make.grant(typist, Role.ORGANISER, ScopeKind.ACTIVITY, entries[0].activity.code)
        batch = stamped_copies.get_batch(principal_of(typist), entries[0].batch.code)
        page = uploads.check(files.picture("JPEG"), "重拍.jpg")
        stamped_copies.receive(batch, [page], stamped_by="示例镇人民政府", by=typist, stamp=later)
    (again,) = stamped_copies.waiting_copies(principal_of(reviewer))
    assert (again.batch_id, again.id != copy.id) == (batch.id, True)


def test_an_entry_says_whose_paper_it_was_and_who_typed_it_in(context: Flask) -> None:
    _copy, (entry, _other), typist = typed_in()
    found = stamped_copies.behalf_of(entry)
    assert found is not None
    assert (found.source, found.typed_by) == ("示例镇人民政府", typist.display_name)
    with transaction():
        own = make.account(entry.person)
        alone = registrations.register(
            make.track(), make.person(), registrations.Entry(), by=None, stamp=make.stamp()
        )
    assert stamped_copies.behalf_of(alone) is None
    with pytest.raises(Missing):
        stamped_copies.get_batch(principal_of(own), entry.batch.code)
