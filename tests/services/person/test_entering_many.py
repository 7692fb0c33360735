"""Entering many people at once does what entering each would do."""

import datetime as dt
import random

from flask import Flask

from models.person import DocumentType, Sex
from services import person as people
from services.person import PersonEntry, documents
from services.transaction import transaction
from tests.support import factories as make


def entries(count: int) -> list[PersonEntry]:
    rng = random.Random(7)
    born = dt.date(1990, 5, 1)
    return [
        PersonEntry(
            name="示例甲",
            document_type=DocumentType.RESIDENT_ID,
            document_number=documents.demo_number(rng, born + dt.timedelta(days=n), Sex.MALE),
            sex=Sex.MALE,
        )
        for n in range(count)
    ]


def test_the_known_stay_and_the_others_are_made_in_their_order(context: Flask) -> None:
    wanted = entries(3)
    with transaction():
        known = people.enter(wanted[1], stamp=make.stamp())
    with transaction():
        found = people.enter_all(wanted, stamp=make.stamp())
        assert found[1].id == known.id
        assert [row.documents[0].number for row in found] == [entry.document_number for entry in wanted]
    with transaction():
        again = people.enter_all(wanted, stamp=make.stamp())
        assert [row.id for row in again] == [row.id for row in found]
