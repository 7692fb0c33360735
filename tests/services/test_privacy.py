import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from models.base import db
from models.indicator import Outcome
from models.participation import Participation
from models.person import Person
from services import participation as participations
from services import person as people
from services import pipeline as pipelines
from services import privacy
from services.transaction import transaction
from tests.services.pipeline.conftest import YEAR, District
from tests.support import factories as make


def counted(outcome: Outcome) -> int:
    query = (
        sa.select(participations.canonical())
        .select_from(Participation)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.outcome == outcome, participations.stands())
    )
    return len(set(db.session.scalars(query)))


def test_two_records_of_one_person_count_once_and_stand_once_in_the_reserve(context: Flask) -> None:
    with transaction():
        there = District()
        old, new = make.person(), make.person()
        there.award(old)
        there.award(new)
        pipelines.confirm(pipelines.candidates(YEAR), by=there.officer, stamp=make.stamp(there.officer))
        assert pipelines.in_reserve(YEAR) == counted(Outcome.AWARD_WON) == 2
        number = old.documents[0].number
        privacy.merge(old, new, "证件换号", stamp=make.stamp(there.officer))
        assert pipelines.in_reserve(YEAR) == counted(Outcome.AWARD_WON) == 1
        assert pipelines.candidates(YEAR) == []
        assert len(new.documents) == 2
        assert people.find_by_document(new.documents[0].type, number) == new


def test_a_chain_of_merges_leads_to_one_person_in_one_step(context: Flask) -> None:
    with transaction():
        first, second, third = make.person(), make.person(), make.person()
        privacy.merge(first, second, "同一人", stamp=make.stamp())
        privacy.merge(second, third, "同一人", stamp=make.stamp())
        db.session.refresh(first)
        assert first.merged_into_id == second.merged_into_id == third.id
        with pytest.raises(privacy.AlreadyMerged):
            privacy.merge(first, third, "同一人", stamp=make.stamp())
        with pytest.raises(privacy.SameRecord):
            privacy.merge(third, third, "同一人", stamp=make.stamp())


def test_the_account_goes_along_and_two_accounts_are_refused(context: Flask) -> None:
    with transaction():
        old, new = make.person(birth_date=dt.date(1990, 1, 1)), make.person()
        account = make.account(old)
        privacy.merge(old, new, "同一人", stamp=make.stamp())
        assert account.person_id == new.id
        other = make.person()
        make.account(other)
        with pytest.raises(privacy.TwoAccounts):
            privacy.merge(other, new, "同一人", stamp=make.stamp())
