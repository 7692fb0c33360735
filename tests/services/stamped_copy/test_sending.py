"""盖章回传: who may send and see, what an accepted paper says, and that a second person looks at it."""

import datetime as dt

import pypdfium2 as pdfium
import pytest
import sqlalchemy as sa
from flask import Flask

from certificates import viewer
from models.account import Role, ScopeKind
from models.activity import EntryMode
from models.base import db
from models.party import Kind, Party
from models.party import State as PartyState
from models.registration import Consent, Registration, Source, State
from models.upload import Upload
from services import questionnaire as questionnaires
from services import registration as registrations
from services import stamped_copy as stamped_copies
from services import upload as uploads
from services.errors import Missing
from services.registration import Entry
from services.stamped_copy import finding
from services.transaction import transaction
from tests.support import factories as make
from tests.support import files
from tests.support.staff import principal_of


def pictures(pdf: bytes) -> int:
    return sum(isinstance(each, pdfium.PdfImage) for each in pdfium.PdfDocument(pdf)[0].get_objects())


def page() -> uploads.Sound:
    return uploads.check(files.picture("JPEG"), "盖章.jpg")


def entered(source: Source = Source.UNIT) -> Registration:
    track = make.track(mode=EntryMode.UNIT)
    return registrations.register(
        track,
        make.person(),
        Entry(),
        by=None,
        source=source,
        organisation=make.organisation(),
        stamp=make.stamp(),
    )


def test_an_accepted_paper_is_the_units_word_and_the_persons_signature(context: Flask) -> None:
    with transaction():
        row, sender, reviewer = entered(), make.account(make.person()), make.account(make.person())
        with pytest.raises((registrations.NotRecommended, registrations.Unconfirmed)):
            registrations.accept(row, by=reviewer, stamp=make.stamp())
        first, second = stamped_copies.receive(
            row, [page(), page()], stamped_by="示例镇人民政府", by=sender, stamp=make.stamp(sender)
        )
        assert not stamped_copies.has_accepted(row)
        stamped_copies.decide(second, True, by=reviewer, stamp=make.stamp(reviewer))
        assert stamped_copies.has_accepted(row)
        assert first.state is stamped_copies.State.ACCEPTED, "the pages of one sending go together"
        assert (row.consent, row.recommended_by_id) == (Consent.CONFIRMED, reviewer.id)
        assert "示例镇人民政府" in row.opinion
        registrations.accept(row, by=reviewer, stamp=make.stamp(reviewer))
        assert row.state is State.ACCEPTED


def test_who_sent_it_does_not_decide_and_a_no_needs_words(context: Flask) -> None:
    with transaction():
        row, sender, reviewer = entered(), make.account(make.person()), make.account(make.person())
        own = make.account(row.person)
        (copy,) = stamped_copies.receive(
            row, [page()], stamped_by="单位", by=sender, stamp=make.stamp(sender)
        )
        with pytest.raises(stamped_copies.SamePerson):
            stamped_copies.decide(copy, True, by=sender, stamp=make.stamp(sender))
        with pytest.raises(stamped_copies.OwnCopy):
            stamped_copies.decide(copy, True, by=own, stamp=make.stamp(own))
        with pytest.raises(stamped_copies.NoReason):
            stamped_copies.decide(copy, False, " ", by=reviewer, stamp=make.stamp(reviewer))
        stamped_copies.decide(copy, False, "印章不清楚", by=reviewer, stamp=make.stamp(reviewer))
        assert (row.consent, row.recommended_at) == (Consent.ASKED, None)
        with pytest.raises(stamped_copies.SettledAlready):
            stamped_copies.decide(copy, True, by=reviewer, stamp=make.stamp(reviewer))


def test_paper_is_seen_by_its_person_its_unit_and_its_reviewers_alone(context: Flask) -> None:
    with transaction():
        row, other = entered(), entered()
        people = {
            name: make.account(make.person()) for name in ("manager", "reviewer", "of_track", "stranger")
        }
        own = make.account(row.person)
        assert row.organisation is not None
        assert other.organisation is not None
        make.grant(people["manager"], Role.UNIT_MANAGER, ScopeKind.ORGANISATION, row.organisation.code)
        make.grant(people["reviewer"], Role.REVIEWER, ScopeKind.ACTIVITY, row.activity.code)
        make.grant(people["of_track"], Role.REVIEWER, ScopeKind.TRACK, row.track.code)
        make.grant(people["stranger"], Role.UNIT_MANAGER, ScopeKind.ORGANISATION, other.organisation.code)
        (copy,) = stamped_copies.receive(row, [page()], stamped_by="单位", by=own, stamp=make.stamp(own))
    for account in (own, people["manager"], people["reviewer"], people["of_track"]):
        assert stamped_copies.get(principal_of(account), copy.code).id == copy.id
        with pytest.raises(Missing):
            stamped_copies.get_entry(principal_of(account), other.code)
    with pytest.raises(Missing):
        stamped_copies.get(principal_of(people["stranger"]), copy.code)
    for account in (own, people["manager"], people["stranger"]):
        with pytest.raises(Missing):
            stamped_copies.get_decide(principal_of(account), copy.code)


def test_nothing_too_much_and_nobodys_stamp_are_refused(context: Flask) -> None:
    with transaction():
        row, sender = entered(), make.account(make.person())
        stamp = make.stamp(sender)
        with pytest.raises(stamped_copies.NoPages):
            stamped_copies.receive(row, [], stamped_by="单位", by=sender, stamp=stamp)
        with pytest.raises(stamped_copies.WhoseStamp):
            stamped_copies.receive(row, [page()], stamped_by=" ", by=sender, stamp=stamp)
        with pytest.raises(stamped_copies.TooMany):
            stamped_copies.receive(row, [page()] * 7, stamped_by="单位", by=sender, stamp=stamp)
        registrations.withdraw(row, stamp=stamp)
        with pytest.raises(stamped_copies.TooLate):
            stamped_copies.receive(row, [page()], stamped_by="单位", by=sender, stamp=stamp)


@pytest.mark.usefixtures("paper_fonts")
def test_the_form_is_drawn_from_what_was_entered(context: Flask) -> None:
    with transaction():
        row = registrations.register(
            make.track(),
            make.person("张㛃"),
            Entry(workplace="示例厂", post="铣工"),
            by=None,
            stamp=make.stamp(),
        )
    said = "".join(viewer.text(stamped_copies.form_pdf(row, stamp=make.stamp())).split())
    number = row.person.document.number if row.person.document else ""
    assert ("张㛃" in said, "示例厂" in said, number in said) == (True, True, False)


def test_a_stamped_list_speaks_of_those_who_stood_on_it(context: Flask) -> None:
    with transaction():
        track, unit = make.track(mode=EntryMode.UNIT), make.organisation()
        party = Party(
            activity_id=track.activity_id,
            track_id=track.id,
            kind=Kind.DELEGATION,
            state=PartyState.SENT,
            name=unit.name,
            organisation_id=unit.id,
            owner_id=make.account().id,
            made_at=make.now(),
        )
        db.session.add(party)
        db.session.flush()
        sender, reviewer = make.account(make.person()), make.account(make.person())
        early, late = (
            registrations.register_batch(
                [registrations.Candidate(track, make.person(), Entry(), organisation=unit, party=party)],
                by=None,
                source=Source.UNIT,
                organisation=unit,
                stamp=stamp,
            )[0]
            for stamp in (make.stamp(), make.stamp(when=make.stamp().when + dt.timedelta(hours=2)))
        )
        (copy,) = stamped_copies.receive(
            party,
            [page()],
            stamped_by="单位",
            by=sender,
            stamp=make.stamp(sender, when=make.stamp().when + dt.timedelta(hours=1)),
        )
        stamped_copies.decide(copy, True, by=reviewer, stamp=make.stamp(reviewer))
    assert early.recommended_by_id == reviewer.id
    assert late.recommended_at is None


def test_paper_of_others_does_not_hide_ones_own(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST", 1)
    with transaction():
        for row in (entered(), entered()):
            own = make.account(row.person)
            stamped_copies.receive(row, [page()], stamped_by="单位", by=own, stamp=make.stamp(own))
        reviewer = make.account(make.person())
        make.grant(reviewer, Role.REVIEWER, ScopeKind.TRACK, row.track.code)
    (copy,) = stamped_copies.waiting_copies(principal_of(reviewer))
    assert copy.registration_id == row.id
    (line,) = stamped_copies.to_decide(principal_of(reviewer))
    assert line.count == 1


@pytest.mark.usefixtures("paper_fonts")
def test_the_photo_that_was_sent_is_printed_and_else_its_place_is_left(context: Flask) -> None:
    with transaction():
        track, sender = make.track(), make.account(make.person())
        form = questionnaires.of(track.activity)
        questionnaires.save(
            track.activity,
            (*form.fields, questionnaires.LIBRARY["photo"]),
            seen=form.mark,
            by=None,
            stamp=make.stamp(),
        )
        asked = questionnaires.of(track.activity).id
        photo = uploads.receive(
            files.picture("PNG", (900, 1200)), "照片.png", "answer", sender, stamp=make.stamp(sender)
        )
        with_photo, without = (
            registrations.register(
                track,
                make.person(),
                Entry(values=values, questionnaire_id=asked),
                by=None,
                stamp=make.stamp(),
            )
            for values in ({"photo": photo.code}, {})
        )
    drawn, blank = (stamped_copies.form_pdf(row, stamp=make.stamp()) for row in (with_photo, without))
    assert (pictures(drawn), pictures(blank)) == (1, 0)
    said = ["".join(viewer.text(pdf).split()) for pdf in (drawn, blank)]
    assert ["近期免冠" in each for each in said] == [False, True]
    assert len(drawn) - len(blank) < 40_000, "scaled to what its box needs"
    with transaction():
        db.session.execute(sa.update(Upload).where(Upload.id == photo.id).values(sha256="0" * 64))
    db.session.expire_all()
    gone = "".join(viewer.text(stamped_copies.form_pdf(with_photo, stamp=make.stamp())).split())
    assert "近期免冠" in gone, "a lost picture does not keep the form from being printed"
