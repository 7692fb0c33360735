"""Checking without the site: the genuine is accepted, and nothing that differs from it in any bit."""

import datetime as dt
import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates import revocation, signature, verify
from certificates.facts import Facts
from tests.support.paper import FACTS, ROOT, SITE, TOKEN, Hand

pytestmark = pytest.mark.usefixtures("paper_fonts")

NOW = dt.datetime(2027, 1, 10, 8, 0, tzinfo=dt.UTC)


def listed(hand: Hand, *entries: revocation.Entry, sequence: int = 7, days: int = 7) -> str:
    said = revocation.listing(entries, sequence, NOW, NOW + dt.timedelta(days=days))
    return revocation.envelope(said, hand.sign("revocation", revocation.canonical(said)))


def test_the_genuine_is_accepted_in_all_its_shapes(signing_hand: Hand) -> None:
    revoked = revocation.read(listed(signing_hand), signing_hand.keys)
    data, pdf, link = signing_hand.bundle(FACTS), signing_hand.pdf(FACTS), signing_hand.link(FACTS)
    for verdict in (
        verify.check(data, signing_hand.keys, revoked, now=NOW),
        verify.check(data + b"\n", signing_hand.keys, revoked, now=NOW),
        verify.check(pdf, signing_hand.keys, revoked, now=NOW),
        verify.check(link + "\n", signing_hand.keys, revoked, facts=data, now=NOW),
    ):
        assert verdict.is_valid and "有效" in verdict.message and "Valid" in verdict.message
        assert verdict.statement == signing_hand.statement(FACTS)
        assert len(verdict.warnings) == 1  # to compare with the paper


def test_all_genuine_ones_are_accepted(rounds: Callable[[int, int], int], signing_hand: Hand) -> None:
    for index in range(rounds(50, 1000)):
        facts = replace(
            FACTS,
            number=f"YC-JS-2026-0017-{index:04}-X",
            salt=f"salt {index}",
            name=f"张{chr(0x4E00 + index)}",
        )
        assert verify.check(signing_hand.bundle(facts), signing_hand.keys).is_valid


def test_no_single_changed_bit_is_accepted(rounds: Callable[[int, int], int], signing_hand: Hand) -> None:
    genuine = signing_hand.bundle(FACTS)
    places = random.Random(45).sample(range(len(genuine) * 8), rounds(1000, 10_000))
    for place in places:
        changed = bytearray(genuine)
        changed[place // 8] ^= 1 << place % 8
        assert not verify.check(bytes(changed), signing_hand.keys).is_valid, place


def test_no_changed_bit_of_the_attachment_in_the_pdf_is_accepted(
    rounds: Callable[[int, int], int], signing_hand: Hand
) -> None:
    genuine, inside = signing_hand.pdf(FACTS), signing_hand.bundle(FACTS)
    start = genuine.index(inside)
    for place in random.Random(46).sample(range(len(inside) * 8), rounds(100, 1000)):
        changed = bytearray(genuine)
        changed[start + place // 8] ^= 1 << place % 8
        assert not verify.check(bytes(changed), signing_hand.keys).is_valid, place


def changes_of(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Every field of a record changed, emptied and left out, and one too many."""
    found = [{**record, "more": 1}]
    for name, value in record.items():
        found.append({key: kept for key, kept in record.items() if key != name})
        others = (
            [value + 1, -value, 0]
            if isinstance(value, int)
            else [value + "一", value[:-1], value[1:], " " + value]
        )
        found += [{**record, name: other} for other in (*others, None, "", True, [value]) if other != value]
    return found


def test_no_changed_field_is_accepted(signing_hand: Hand) -> None:
    genuine = json.loads(signing_hand.bundle(FACTS))
    changed = [
        {**genuine, part: other} for part in ("statement", "facts") for other in changes_of(genuine[part])
    ]
    changed += changes_of(genuine | {"statement": "", "facts": ""})
    changed += [
        {**genuine, "signature": other} for other in ("", "x", "3fa9c1d2.", genuine["signature"] + "=")
    ]
    assert len(changed) > 250
    for record in changed:
        assert not verify.check(rfc8785.dumps(record), signing_hand.keys).is_valid, record


@pytest.mark.parametrize("name", [field.name for field in fields(Facts) if field.name != "issued_on"])
def test_full_facts_that_differ_from_the_signed_hashes_are_found(name: str, signing_hand: Hand) -> None:
    changed = replace(FACTS, **{name: 2 if name == "version" else getattr(FACTS, name) + "一"})
    forged = signature.bundle(signing_hand.statement(FACTS), signing_hand.signed(FACTS), changed)
    assert verify.check(forged, signing_hand.keys).status == 1


def test_words_changed_on_the_page_alone_are_found(signing_hand: Hand) -> None:
    for change in ({"name": "李四"}, {"award": "特等奖"}, {"body_after": "，并获金牌。"}):
        forged = signing_hand.pdf(replace(FACTS, **change), attachment=signing_hand.bundle(FACTS))
        verdict = verify.check(forged, signing_hand.keys)
        assert verdict.status == 1 and "页面文字" in verdict.message


def test_another_key_is_not_accepted_even_under_a_known_name(signing_hand: Hand) -> None:
    other = Hand(signing_hand.kid, Ed25519PrivateKey.generate())
    assert verify.check(other.bundle(FACTS), signing_hand.keys).status == 1
    assert verify.check(signing_hand.bundle(FACTS), {}).status == 1
    renamed = Hand("another0", signing_hand.key)
    both = {**signing_hand.keys, **renamed.keys}
    moved = renamed.signed(FACTS).replace("another0", signing_hand.kid)
    assert verify.check(signature.bundle(renamed.statement(FACTS), moved, FACTS), both).status == 1


def test_a_signature_for_another_purpose_says_nothing(signing_hand: Hand) -> None:
    said = signing_hand.statement(FACTS)
    other = signing_hand.sign("revocation", rfc8785.dumps(said))
    assert verify.check(signature.bundle(said, other, FACTS), signing_hand.keys).status == 1


@pytest.mark.parametrize(
    "link",
    [
        "https://jnjs.example.gov.cn.evil.example/v/{token}#{signed}",
        "https://jnjs.example.gov.cn@evil.example/v/{token}#{signed}",
        "https://evil.example/v/{token}#{signed}",
        f"https://{SITE}/v/other#{{signed}}",
        f"https://{SITE}/v/{{token}}",
        f"https://{SITE}/v/{{token}}#3fa9c1d2.AAAA",
    ],
)
def test_a_code_that_leads_elsewhere_is_not_accepted(link: str, signing_hand: Hand) -> None:
    text = link.format(token=TOKEN, signed=signing_hand.signed(FACTS))
    assert verify.check(text, signing_hand.keys, facts=signing_hand.bundle(FACTS)).status == 1


@pytest.mark.parametrize(
    "given", [b"", b"{}", b"[]", b"null", b"%PDF-1.4\n", b"\xff\xfe", b"[" * 100_000, b"9" * 10_000]
)
def test_what_cannot_be_read_is_said_to_be_so(given: bytes, signing_hand: Hand) -> None:
    assert verify.check(given, signing_hand.keys).status == 2


def test_a_pdf_without_facts_and_a_code_alone_cannot_be_checked(signing_hand: Hand) -> None:
    assert verify.check(signing_hand.pdf(FACTS, attachment=None), signing_hand.keys).status == 2
    assert verify.check(signing_hand.link(FACTS), signing_hand.keys).status == 2


def test_the_revoked_and_the_replaced_are_not_valid(signing_hand: Hand) -> None:
    data = signing_hand.bundle(FACTS)
    for entry, status in (
        (revocation.Entry(FACTS.number, 1), 1),
        (revocation.Entry(FACTS.number, 1, "replaced"), 1),
        (revocation.Entry(FACTS.number, 2), 0),
        (revocation.Entry("YC-JS-2026-0017-0004-X", 1), 0),
    ):
        revoked = revocation.read(listed(signing_hand, entry), signing_hand.keys)
        verdict = verify.check(data, signing_hand.keys, revoked, now=NOW)
        assert verdict.status == status
        assert (entry.state == "replaced") == ("已换发" in verdict.message)


def test_an_old_list_is_a_warning(signing_hand: Hand) -> None:
    revoked = revocation.read(listed(signing_hand), signing_hand.keys)
    verdict = verify.check(
        signing_hand.bundle(FACTS), signing_hand.keys, revoked, now=NOW + dt.timedelta(days=8)
    )
    assert verdict.is_valid and any("过期" in warning for warning in verdict.warnings)
    without = verify.check(signing_hand.bundle(FACTS), signing_hand.keys)
    assert without.is_valid and any("未核对" in warning for warning in without.warnings)


def test_a_list_must_be_signed_and_whole(signing_hand: Hand) -> None:
    genuine = listed(signing_hand, revocation.Entry(FACTS.number, 1))
    other = Hand(signing_hand.kid, Ed25519PrivateKey.generate())
    for bad in (
        genuine.replace(FACTS.number, "YC-JS-2026-0017-0004-7"),
        genuine.replace('"sequence":7', '"sequence":8'),
        listed(other, revocation.Entry(FACTS.number, 1)),
        "", "{}", "[]", "[" * 100_000, genuine[:-1],
    ):  # fmt: skip
        with pytest.raises(revocation.BadListing):
            revocation.read(bad, signing_hand.keys)


def test_at_the_command_line(tmp_path: Path, signing_hand: Hand, capsys: pytest.CaptureFixture[str]) -> None:
    keys, pdf, facts, revoked = (
        tmp_path / name for name in ("keys.json", "c.pdf", "facts.json", "revoked.json")
    )
    keys.write_text(signature.write_keys(signing_hand.keys))
    pdf.write_bytes(signing_hand.pdf(FACTS))
    facts.write_bytes(signing_hand.bundle(FACTS))
    revoked.write_text(listed(signing_hand, sequence=7))
    use = ["--keys", str(keys)]
    assert verify.main([str(pdf), *use]) == 0
    shown = capsys.readouterr().out
    assert "证书有效 · Valid" in shown and "奖项 award: 一等奖" in shown and "张㛃喆淼" not in shown
    assert verify.main([str(facts), *use, "--revoked", str(revoked), "--seen", "7"]) == 0
    assert verify.main([str(facts), *use, "--revoked", str(revoked), "--seen", "8"]) == 2
    assert verify.main([signing_hand.link(FACTS), *use, "--facts", str(facts)]) == 0
    assert verify.main([signing_hand.link(FACTS), *use]) == 2
    assert verify.main([str(tmp_path / "none"), *use]) == 2
    revoked.write_text(listed(signing_hand, revocation.Entry(FACTS.number, 1)))
    capsys.readouterr()
    assert verify.main([str(pdf), *use, "--revoked", str(revoked)]) == 1
    assert "已撤销 · Revoked" in capsys.readouterr().out


def test_keys_come_back_as_they_went_and_have_a_print(signing_hand: Hand) -> None:
    assert signature.read_keys(signature.write_keys(signing_hand.keys)) == signing_hand.keys
    assert len(signature.fingerprint(signing_hand.public).split()) == 5
    for bad in ("[]", '{"a": 1}', '{"a": "AAAA"}', '{"a": "!"}', ""):
        with pytest.raises(ValueError):
            signature.read_keys(bad)


def test_the_verifier_stands_alone() -> None:
    assert len(Path(verify.__file__).read_text(encoding="utf-8").splitlines()) <= 150
    program = "import certificates.verify, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"flask", "sqlalchemy", "reportlab", "models", "services", "app"} & set(loaded)
