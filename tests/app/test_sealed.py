"""Numbers and phones are nowhere in the clear: not in a table, a file, a log (R37, R59)."""

import base64
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from models.base import db
from models.person import DocumentType, Sex
from services import account as accounts
from services import person as people
from services import registration as registrations
from services.person.documents import demo_number
from services.transaction import transaction
from tests.support import factories as make


def spellings(secret: str) -> Iterator[bytes]:
    """Every way in which a number could hide and still be read."""
    plain = secret.encode()
    yield from (plain, plain[::-1], secret.encode("utf-16-le"), secret.encode("utf-16-be"))
    yield from (base64.b64encode(plain).rstrip(b"="), plain.hex().encode())
    for name in ("md5", "sha1", "sha256", "sm3"):
        if name in hashlib.algorithms_available:
            yield hashlib.new(name, plain).hexdigest().encode()


def everything_kept() -> bytes:
    """All cells of all tables, as text."""
    cells = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            cells += [str(cell) for cell in row if cell is not None]
    return "\n".join(cells).encode()


def test_no_number_or_phone_is_kept_in_the_clear(
    context: Flask, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(5)
    secrets = []
    for number in range(30):
        document = demo_number(rng, make.person().birth_date, Sex.FEMALE)  # type: ignore[arg-type]
        db.session.rollback()
        phone = f"1990009{number:04}"
        secrets += [document, phone]
        with transaction():
            account = accounts.open_account(f"示例{number}", phone=phone, stamp=make.stamp())
            entry = people.PersonEntry(
                name=f"示例{number}",
                document_type=DocumentType.RESIDENT_ID,
                document_number=document,
                phone=phone,
            )
            person = people.identify(account, entry, stamp=make.stamp(account))
            registrations.register(
                make.track(),
                person,  # type: ignore[arg-type]
                registrations.Entry(),
                by=account,
                stamp=make.stamp(account),
            )
    kept = everything_kept()
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        kept += b"".join(Path(f"{url.database}{end}").read_bytes() for end in ("", "-wal") if url.database)
    said = capfd.readouterr()
    kept += (said.out + said.err).encode()
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_size < 5_000_000:
            kept += path.read_bytes()
    found = [secret for secret in secrets for spelling in spellings(secret) if spelling in kept]
    assert not found, f"{len(found)} of {len(secrets)} in the clear"
    assert b"1.aes256gcm." in kept, "the control: what is sealed is there"
