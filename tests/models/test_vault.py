"""Sealing, indexing, the keyring file, and sealed attributes in a real database; everything under both
families.
"""

import base64
import datetime as dt
import hashlib
import hmac
import json
import os
import random
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from models import vault
from models.keyring import Key, Ring
from models.vault import BadKeyring, BadSeal, Keyring, Sealed

PLACE = vault.context("person", "phone_sealed", "0123456789abcdef")
SEALING = ["aes256gcm", "sm4gcm"]
INDEXING = ["hmac-sha256", "hmac-sm3"]


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    phone_sealed: Mapped[str | None] = mapped_column(sa.Text)
    phone_index: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    number_sealed: Mapped[str] = mapped_column(sa.Text)

    phone = Sealed("phone_sealed")
    number = Sealed("number_sealed", required=True)


@pytest.fixture(params=zip(SEALING, INDEXING, strict=True), ids=["international", "national"], autouse=True)
def keyring(request: pytest.FixtureRequest) -> Iterator[Keyring]:
    sealing, indexing = request.param
    ring = Keyring.create(sealing, indexing)
    vault.install(ring)
    yield ring
    vault.install(None)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_in_its_place(plaintext: str) -> None:
    assert vault.open(vault.seal(plaintext, PLACE), PLACE) == plaintext


def test_an_envelope_names_version_algorithm_and_key(keyring: Keyring) -> None:
    envelope = vault.seal("19900001234", PLACE)
    version, alg, kid, nonce, ciphertext = envelope.split(".")
    assert (version, alg, kid) == ("1", keyring.sealing.current.alg, keyring.sealing.active)
    assert (len(nonce), len(ciphertext)) == (16, 36)  # 12 bytes; 11 + 16 bytes
    assert envelope.isascii() and "=" not in envelope
    assert vault.seal("19900001234", PLACE) != envelope


def test_an_envelope_opens_nowhere_else() -> None:
    envelope = vault.seal("19900001234", PLACE)
    for other in ("account|phone_sealed|0123456789abcdef", "person|guardian_phone_sealed|0123456789abcdef",
                  "person|phone_sealed|0123456789abcdeg", "", PLACE + "|", PLACE.upper()):  # fmt: skip
        with pytest.raises(BadSeal):
            vault.open(envelope, other)


def test_every_change_of_one_character_and_every_truncation_is_found() -> None:
    envelope = vault.seal("500199200503150126", PLACE)
    for place, character in enumerate(envelope):
        for other in "A0.=- \n" + chr(ord(character) ^ 1):
            if other != character:
                with pytest.raises(BadSeal):
                    vault.open(envelope[:place] + other + envelope[place + 1 :], PLACE)
        with pytest.raises(BadSeal):
            vault.open(envelope[:place], PLACE)
    with pytest.raises(BadSeal):
        vault.open(envelope + "A", PLACE)


@given(st.text())
def test_any_text_is_no_envelope(envelope: str) -> None:
    with pytest.raises(BadSeal):
        vault.open(envelope, PLACE)


def test_an_envelope_cannot_ask_for_another_algorithm(keyring: Keyring) -> None:
    envelope = vault.seal("19900001234", PLACE)
    alg = keyring.sealing.current.alg
    other = SEALING[1 - SEALING.index(alg)]
    with pytest.raises(BadSeal):
        vault.open(envelope.replace(alg, other), PLACE)


def test_a_refusal_tells_nothing_of_the_value() -> None:
    with pytest.raises(BadSeal) as refused:
        vault.open(vault.seal("19900001234", PLACE), "a|b|c")
    assert "1990000" not in str(refused.value) and refused.value.__cause__ is None


@pytest.mark.parametrize(
    "parts", [("", "b", "c"), ("a", "", "c"), ("a", "b", ""), ("a|b", "b", "c"), ("a", "b", "c|")]
)
def test_a_place_has_three_parts(parts: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError):
        vault.context(*parts)


def test_rotation_opens_old_values_seals_with_the_new_key_and_lets_the_old_one_go(keyring: Keyring) -> None:
    old = vault.seal("19900001234", PLACE)
    assert not vault.is_stale(old)
    for alg in SEALING:  # mixed data is readable
        rotated = replace(keyring, sealing=keyring.sealing.with_new(alg))
        vault.install(rotated)
        new = vault.seal(vault.open(old, PLACE), PLACE)
        assert vault.is_stale(old) and not vault.is_stale(new)
        assert vault.open(new, PLACE) == vault.open(old, PLACE) == "19900001234"
        vault.install(replace(rotated, sealing=rotated.sealing.without(keyring.sealing.active)))
        assert vault.open(new, PLACE) == "19900001234"
        with pytest.raises(BadSeal):
            vault.open(old, PLACE)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_an_index_is_stable_and_keeps_purposes_apart(purpose: str, value: str) -> None:
    index = vault.blind_index(purpose, value)
    assert len(index) == 64 and set(index) <= set("0123456789abcdef")
    assert vault.blind_index(purpose, value) == index
    assert vault.blind_index(purpose + "x", value) != index
    assert vault.blind_index(purpose + "x", value) != vault.blind_index(purpose, "x" + value)


def test_an_index_is_not_a_plain_hash_and_changes_with_its_key(keyring: Keyring) -> None:
    index = vault.blind_index("phone", "19900001234")
    assert index not in {
        hashlib.new(name, b"19900001234").hexdigest() for name in ("sha256", "sha3_256", "blake2s")
    }
    vault.install(replace(keyring, indexing=keyring.indexing.with_new()))
    assert vault.blind_index("phone", "19900001234") != index
    assert vault.blind_indexes("phone", "19900001234") == (vault.blind_index("phone", "19900001234"), index)


def test_purpose_and_value_are_keyed_together() -> None:
    key = {"k": Key("k", "hmac-sha256", b"k" * 32), "s": Key("s", "hmac-sm3", b"k" * 32)}
    ring = Ring(("hmac-sha256", "hmac-sm3"), "k", key)
    vault.install(replace(Keyring.create(), indexing=ring))
    expected = hmac.new(b"k" * 32, b"\0\0\0\1px", "sha256").hexdigest()
    assert vault.blind_index("p", "x") == expected
    assert vault.blind_indexes("p", "x")[1] != expected


def test_without_a_keyring_nothing_is_sealed() -> None:
    vault.install(None)
    for attempt in (lambda: vault.seal("x", PLACE), lambda: vault.blind_index("p", "x"), vault.current):
        with pytest.raises(RuntimeError):
            attempt()


# --- the file -------------------------------------------------------------------------------------


def test_a_keyring_comes_back_as_it_was_saved(keyring: Keyring, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    rotated = replace(keyring, sealing=keyring.sealing.with_new(), signing=keyring.signing.with_new())
    rotated.save(path)
    assert Keyring.load(path) == rotated == Keyring.load(str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["keys.json"]


def test_the_file_is_private_whatever_the_umask(keyring: Keyring, tmp_path: Path) -> None:
    for umask in (0o000, 0o077, 0o777):
        before = os.umask(umask)
        try:
            keyring.save(tmp_path / f"{umask}")
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / f"{umask}").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601, 0o700, 0o666, 0o777])
def test_a_file_that_others_may_read_is_refused(keyring: Keyring, tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    keyring.save(path)
    path.chmod(mode)
    with pytest.raises(BadKeyring, match="chmod 600"):
        Keyring.load(path)
    path.chmod(0o400)
    assert Keyring.load(path) == keyring


def test_a_file_that_is_absent_or_wrong_is_refused_without_showing_it(
    keyring: Keyring, tmp_path: Path
) -> None:
    path = tmp_path / "keys.json"
    with pytest.raises(FileNotFoundError):
        Keyring.load(path)
    keyring.save(path)
    good = json.loads(path.read_text())
    secret = good["sealing"]["keys"][keyring.sealing.active]["secret"]
    short = json.loads(path.read_text())
    short["sealing"]["keys"][keyring.sealing.active]["secret"] = base64.b64encode(b"x" * 31).decode()
    wrongs = [
        "", "{", "null", "[]", "{}", json.dumps(secret), json.dumps({**good, "version": 2}),
        json.dumps({**good, "sealing": {}}),
        json.dumps({**good, "sealing": good["indexing"]}),
        json.dumps({**good, "sealing": {**good["sealing"], "active": "x"}}),
        json.dumps(short), json.dumps({**good, "signing": None}),
        json.dumps({**good, "indexing": {"active": "k", "keys": {"k": secret}}}),
    ]  # fmt: skip
    for wrong in wrongs:
        path.write_text(wrong)
        with pytest.raises(BadKeyring, match="keys.json") as refused:
            Keyring.load(path)
        assert secret not in str(refused.value) and refused.value.__cause__ is None


def test_saving_never_loses_a_key_unless_it_is_named(keyring: Keyring, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keyring.save(path)
    with pytest.raises(BadKeyring, match=keyring.sealing.active):
        Keyring.create().save(path)
    assert Keyring.load(path) == keyring
    rotated = replace(keyring, sealing=keyring.sealing.with_new())
    rotated.save(path)
    shorter = replace(rotated, sealing=rotated.sealing.without(keyring.sealing.active))
    with pytest.raises(BadKeyring):
        shorter.save(path)
    shorter.save(path, dropping=(keyring.sealing.active,))
    assert Keyring.load(path) == shorter
    assert os.listdir(tmp_path) == ["keys.json"]


def test_of_two_first_keyrings_one_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    program = (
        "import sys; from models.vault import *\n"
        "try: Keyring.create().save(sys.argv[1]); print('kept')\n"
        "except BadKeyring: print('refused')"
    )
    root = Path(vault.__file__).parent.parent
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)], cwd=root, stdout=subprocess.PIPE, text=True
        )
        for _turn in range(4)
    ]
    said = sorted(process.communicate(timeout=60)[0].strip() for process in running)
    assert said == ["kept", "refused", "refused", "refused"]
    assert Keyring.load(path)


def test_the_active_key_cannot_be_removed(keyring: Keyring) -> None:
    for kid in (keyring.sealing.active, "unknown"):
        with pytest.raises(BadKeyring):
            keyring.sealing.without(kid)


def test_a_keyring_is_frozen_and_shows_no_secret(keyring: Keyring) -> None:
    for ring in (keyring.sealing, keyring.indexing, keyring.signing):
        secret = ring.current.secret
        assert repr(secret) not in repr(keyring) and secret.hex() not in repr(keyring)
        with pytest.raises(TypeError):
            ring.keys["x"] = ring.current  # type: ignore[index]
    with pytest.raises(AttributeError):
        keyring.sealing.active = "x"  # type: ignore[misc]


def test_an_unknown_algorithm_or_key_id_is_refused() -> None:
    with pytest.raises(BadKeyring):
        Keyring.create("des")
    with pytest.raises(BadKeyring):
        Key("a.b", "aes256gcm", b"k" * 32)
    with pytest.raises(BadKeyring):
        Key("a", "aes256gcm", b"k" * 16)


# --- rows -----------------------------------------------------------------------------------------


def test_a_row_reads_and_writes_text_and_the_database_keeps_none_of_it(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/rows.db")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Person(code="a" * 16, phone="19900001234", number="500199200503150126"))
        session.add(Person(code="b" * 16, phone=None, number="永川"))
        session.commit()
    with Session(engine) as session:
        first, second = session.scalars(sa.select(Person).order_by(Person.code)).all()
        assert (first.phone, first.number, second.phone, second.number) == (
            "19900001234",
            "500199200503150126",
            None,
            "永川",
        )
        second.phone_sealed = first.phone_sealed  # moved by somebody with the database
        with pytest.raises(BadSeal):
            assert second.phone
        first.number_sealed, phone = first.phone_sealed or "", first.number_sealed
        with pytest.raises(BadSeal):
            assert first.number
        assert phone
    engine.dispose()
    content = (tmp_path / "rows.db").read_bytes()
    for plain in (b"19900001234", b"500199200503150126", "永川".encode(), "19900001234".encode("utf-16-le")):
        for form in (plain, plain[::-1], base64.b64encode(plain), plain.hex().encode()):
            assert form not in content


def test_changing_a_sealed_attribute_marks_the_row_as_changed(tmp_path: Path) -> None:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        person = Person(code="a" * 16, number="1")
        session.add(person)
        session.commit()
        person.phone = "19900001234"
        assert person in session.dirty
        session.commit()
        assert person.phone == "19900001234"
        person.phone = None
        session.commit()
        assert person.phone is None and person.phone_sealed is None
    engine.dispose()


def test_the_same_value_is_unique_by_its_index() -> None:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for code in ("a" * 16, "b" * 16):
            index = vault.blind_index("phone", "19900001234")
            session.add(Person(code=code, phone="19900001234", phone_index=index, number="1"))
        with pytest.raises(sa.exc.IntegrityError):
            session.flush()
    engine.dispose()


def test_the_code_comes_first() -> None:
    with pytest.raises(ValueError, match="code first"):
        Person(phone="19900001234", code="a" * 16)
    with pytest.raises(ValueError, match="code first"):
        Person(phone="19900001234")
    with pytest.raises(TypeError):
        Person(code="a" * 16, fax="1")


def test_on_the_class_it_is_the_descriptor() -> None:
    assert hasattr(Person, "phone")
    assert Person.phone.column == "phone_sealed"
    assert Person.number.required and not Person.phone.required


def test_a_required_attribute_is_never_empty() -> None:
    person = Person(code="a" * 16)
    with pytest.raises(BadSeal):
        assert person.number
    with pytest.raises(ValueError):
        person.number = None  # type: ignore[assignment]


def test_ten_thousand_values_leave_no_trace_in_the_database(tmp_path: Path) -> None:
    rng = random.Random(1)
    begun = dt.date(1950, 1, 1)
    numbers = [
        f"500199{begun + dt.timedelta(days=rng.randrange(20_000)):%Y%m%d}{n % 10_000:04d}"
        for n in range(10_000)
    ]
    path = tmp_path / "values.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table value (sealed text, idx text)")
        connection.executemany(
            "insert into value values (?, ?)",
            (
                (vault.seal(n, f"value|sealed|{i}"), vault.blind_index("document", n))
                for i, n in enumerate(numbers)
            ),
        )
    connection.close()
    content = path.read_bytes()
    # Whole numbers: six digits alone also turn up in random text.
    forwards, backwards = rb"500199(?:19|20)[0-9]{10}", rb"[0-9]{10}(?:91|02)991005"
    for form in (content, content.replace(b"\0", b"")):  # UTF-8, UTF-16
        assert re.search(forwards, form) is None and re.search(backwards, form) is None
    for number in rng.sample(numbers, 500):
        for name in ("md5", "sha1", "sha256"):
            digest = hashlib.new(name, number.encode())
            assert digest.hexdigest().encode() not in content and digest.digest() not in content
