"""What a list of 10,000 rows costs from its bytes to its entries, beside reading it alone and a bare bulk insert."""

import io
import os
import resource
import time
from collections.abc import Callable

import python_calamine
import sqlalchemy as sa
from flask import Flask

from models.activity import Kind
from models.base import db
from models.intake import Intake, State
from services import intake as intakes
from services.transaction import transaction
from tests.support import factories as make
from tests.support import lists

ROWS = 10_000


def run(app: Flask, folder: str, say: Callable[[str, float, float | None], None]) -> None:
    data = lists.workbook(lists.people(ROWS))
    reading = _timed(lambda: _read(data))
    inserting = _timed(lambda: _insert(f"sqlite:///{folder}/rows.sqlite"))
    before = _resident()
    with app.app_context():
        with transaction():
            unit, by = make.organisation(), make.account(make.person())
            track = make.track(make.activity(kind=Kind.LECTURE), capacity=ROWS)
        sheet = intakes.read(data, "名单.xlsx")
        child = resource.getrusage(resource.RUSAGE_CHILDREN)
        steps = {"read in a process": child.ru_utime + child.ru_stime}
        made: list[Intake] = []

        def start() -> None:
            with transaction():
                made.append(intakes.start(track.activity, track, unit, sheet, by=by, stamp=make.stamp(by)))

        steps["kept, sealed"] = _timed(start)
        steps["checked"] = _timed(lambda: intakes.work(made[0].id, stamp=make.stamp(by)))
        grown = _resident() - before
        with transaction():
            intakes.enter(made[0], only_good=False, by=by, stamp=make.stamp(by))
        steps["entered in one transaction"] = _timed(lambda: intakes.work(made[0].id, stamp=make.stamp(by)))
        db.session.expire_all()
        assert (made[0].state, made[0].good) == (State.ENTERED, ROWS), made[0].note
    for name, seconds in steps.items():
        say(f"  {name}, a row", seconds / ROWS, None)
    say("list of 10,000, a row, to bare insert", sum(steps.values()) / ROWS, inserting / ROWS)
    say("  the same, to calamine alone", sum(steps.values()) / ROWS, reading / ROWS)
    print(f"  web process grew by {grown / 2**20:.0f} MB until all rows were checked")


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _read(data: bytes) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert len(book.get_sheet_by_index(0).to_python()) == ROWS + 1


def _insert(url: str) -> None:
    """As many rows of as many cells into one table, and nothing else."""
    engine = sa.create_engine(url)
    columns = [sa.Column(name, sa.Text) for name in "abcdefg"]
    table = sa.Table("line", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *columns)
    table.create(engine)
    with engine.begin() as connection:
        rows = [dict(zip("abcdefg", row, strict=True)) for row in lists.people(ROWS)]
        connection.execute(sa.insert(table), rows)
    engine.dispose()


def _resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
