"""Signed checkpoints find what the chain alone cannot: a cut end with a mended head, a chain made anew."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.demo import load
from app.jobs import JOBS
from app.worker import run
from models.audit import GENESIS, Head, Trace
from models.base import db
from services import audit as audits
from services.stamp import machine
from services.transaction import transaction
from tests.services.audit.test_chain import faults, unguarded, write
from tests.support.application import Hand


@pytest.fixture
def folder_of_checkpoints(context: Flask, folder: Path) -> Path:
    return folder / "checkpoints"


def sign() -> None:
    with transaction():
        audits.checkpoint(stamp=machine("test"))


def test_an_empty_chain_is_not_signed(context: Flask) -> None:
    with transaction():
        assert not audits.checkpoint(stamp=machine("test"))
    assert faults() == []


def test_a_cut_end_with_a_mended_head_is_found(folder_of_checkpoints: Path) -> None:
    unguarded()
    write(10)
    sign()
    with db.engine.begin() as connection:
        connection.execute(sa.delete(Trace).where(Trace.number > 6))
        last = connection.execute(sa.select(Trace.hash).where(Trace.number == 6)).scalar_one()
        connection.execute(sa.update(Head).values(number=6, hash=last))
    assert [fault.number for fault in faults()] == [10]


def test_a_chain_made_anew_is_found(folder_of_checkpoints: Path) -> None:
    unguarded()
    write(10)
    sign()
    with db.engine.begin() as connection:
        rows = [dict(row) for row in connection.execute(sa.select(Trace.__table__)).mappings()]
        connection.execute(sa.delete(Trace))
        previous = GENESIS
        for number, row in enumerate(sorted(rows, key=lambda row: row["number"]), start=1):
            row["actor"] = "somebody else"
            row |= {"number": number, "previous": previous, "hash": audits.link(previous, number, row)}
            previous = row["hash"]
        connection.execute(sa.insert(Trace), rows)
        connection.execute(sa.update(Head).values(hash=previous))
    assert [(fault.number, "not what it was" in fault.what) for fault in faults()] == [(10, True)]


@pytest.mark.parametrize("name", ["at", "number", "hash", "signature"])
def test_a_changed_checkpoint_is_found(folder_of_checkpoints: Path, name: str) -> None:
    write(5)
    sign()
    (path,) = folder_of_checkpoints.glob("*.jsonl")
    line = json.loads(path.read_text())
    line[name] = {"at": "2020-01-01T00:00:00+00:00", "number": 4, "hash": "f" * 64, "signature": "a.b"}[name]
    path.write_text(json.dumps(line) + "\n")
    assert [fault.what for fault in faults()] == ["a checkpoint was changed"]


def test_rubbish_among_the_checkpoints_is_found(folder_of_checkpoints: Path) -> None:
    write(1)
    sign()
    (path,) = folder_of_checkpoints.glob("*.jsonl")
    path.write_text(path.read_text() + "{}\n")
    assert [fault.what for fault in faults()] == ["a checkpoint was changed"]


def test_the_file_is_for_its_owner(folder_of_checkpoints: Path) -> None:
    write(1)
    sign()
    (path,) = folder_of_checkpoints.glob("*.jsonl")
    assert path.stat().st_mode & 0o077 == 0


def test_the_job_signs_once_a_day(folder_of_checkpoints: Path, clock: Hand) -> None:
    write(3)
    job = JOBS["audit.checkpoint"]
    assert run(job, owner="test", at=clock.now)
    assert not run(job, owner="test", at=clock.now)
    clock.advance(days=1)
    assert run(job, owner="test", at=clock.now)
    lines = [line for path in folder_of_checkpoints.glob("*.jsonl") for line in path.read_text().splitlines()]
    assert [json.loads(line)["number"] for line in lines] == [3, 4]
    assert faults() == []


def test_the_command_says_what_is_wrong(app: Flask, folder: Path) -> None:
    runner = app.test_cli_runner()
    with app.app_context():
        write(3)
    assert "whole" in runner.invoke(args=["audit", "verify"]).output
    with app.app_context():
        unguarded()
        with db.engine.begin() as connection:
            connection.execute(sa.update(Trace).where(Trace.number == 2).values(actor="x"))
    result = runner.invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "2: was changed" in result.output


def test_a_demonstration_begun_anew_is_not_held_against_the_old_one(context: Flask) -> None:
    with transaction():
        audits.record("test.made", stamp=machine("test"))
    sign()
    load.empty()
    assert list(audits.verify()) == []
