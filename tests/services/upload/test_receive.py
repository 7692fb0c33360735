"""Keeping files for their owners: within an allowance, and never half."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.jobs import JOBS
from app.worker import run
from models.account import Account
from models.base import db
from models.upload import Upload
from services import storage
from services import upload as uploads
from services.errors import Missing
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories
from tests.support.files import paper, picture


@pytest.fixture
def owner(context: Flask) -> Account:
    with transaction():
        return factories.account(factories.person())


def keep(owner: Account, data: bytes = b"", **options: int) -> Upload:
    with transaction():
        return uploads.receive(
            data or paper(), "../a.pdf", "test", owner, stamp=factories.stamp(owner), **options
        )


def files(app: Flask) -> list[Path]:
    return [path for path in app.extensions["yongjiang"].storage_dir.rglob("*") if path.is_file()]


def test_what_was_received_is_read_again(owner: Account, app: Flask) -> None:
    row = keep(owner)
    assert uploads.content(row) == paper()
    assert (row.name, row.media_type, row.size) == ("a.pdf", "application/pdf", len(paper()))
    assert [path.name for path in files(app)] == [row.code]


def test_bytes_that_are_gone_or_changed_are_missing(owner: Account, app: Flask) -> None:
    row = keep(owner)
    files(app)[0].write_bytes(b"other")
    with pytest.raises(Missing):
        uploads.content(row)
    storage.delete(row.code)
    with pytest.raises(Missing):
        uploads.content(row)


def test_an_account_keeps_twenty_files_and_a_hundred_megabytes(owner: Account) -> None:
    for _number in range(uploads.MOST_FILES):
        keep(owner)
    with pytest.raises(uploads.OverAllowance) as many:
        keep(owner)
    assert "20" in str(many.value.sentence)
    with pytest.raises(uploads.OverAllowance) as large:
        keep(owner, most_files=99, most_bytes=20 * len(paper()))
    assert "MB" in str(large.value.sentence)
    with transaction():
        other = factories.account()
    assert keep(other).owner_id == other.id


def fail_after_receiving(owner: Account) -> None:
    with transaction():
        uploads.receive(picture(), "a.png", "test", owner, stamp=factories.stamp(owner))
        raise RuntimeError


def test_a_transaction_that_fails_leaves_a_file_that_the_sweep_removes(owner: Account, app: Flask) -> None:
    kept = keep(owner)
    with pytest.raises(RuntimeError):
        fail_after_receiving(owner)
    assert len(db.session.scalars(sa.select(Upload)).all()) == 1
    assert len(files(app)) == 2
    assert uploads.sweep(stamp=factories.stamp()) == 0
    for path in files(app):
        os.utime(path, (1, 1))
    assert uploads.sweep(stamp=factories.stamp()) == 1
    assert [path.name for path in files(app)] == [kept.code]


def test_while_the_storage_is_walked_others_write(
    owner: Account, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_while_walking = []

    def walk(_moment: dt.datetime) -> Iterator[str]:
        open_while_walking.append(db.session().in_transaction())
        yield "0123456789abcdef"

    monkeypatch.setattr(storage, "older_than", walk)
    db.session.rollback()
    assert run(JOBS["upload.sweep"], owner="test", at=factories.now())
    assert open_while_walking == [False]
    assert not db.session().in_transaction()


def test_a_discarded_file_is_gone_after_the_sweep(owner: Account, app: Flask) -> None:
    row = keep(owner)
    with transaction():
        uploads.discard(row, stamp=factories.stamp(owner))
    later = Stamp(factories.now() + dt.timedelta(days=2), "test")
    assert uploads.sweep(stamp=later) == 1
    assert files(app) == []
