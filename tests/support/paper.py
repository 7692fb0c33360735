"""Certificates to try things on: fonts made once for all workers, facts, a key, and signed paper."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates import fonts, paper, signature
from certificates.facts import Facts, Value, canonical, statement

ROOT = Path(__file__).resolve().parents[2]
SITE = "jnjs.example.gov.cn"
TOKEN = "7Q4MK2XD9PLA3V8TR6WNab"
FACTS = Facts(
    version=1,
    number="YC-JS-2026-0017-0003-7",
    kind="award",
    heading="荣誉证书",
    heading_en="CERTIFICATE OF HONOUR",
    before_name="",
    name="张㛃喆淼",
    after_name="同志（永川示例精密机械有限公司）：",
    body_before="在永川区第三届职业技能大赛数控铣工赛项（职工组）比赛中，荣获",
    award="一等奖",
    body_after="。",
    closing="特发此证，以资鼓励。",
    activity="永川区第三届职业技能大赛",
    contest="数控铣工赛项（职工组）",
    issuer="永川区第三届职业技能大赛组委会",
    issued_on=dt.date(2026, 12, 18),
    salt="6wq0O2xq3JvP1mC5tK8n",
)


def fonts_folder() -> Path:
    """Where tests keep the fonts of paper: those of the site if set-up has made them, else their own."""
    ours = ROOT / "instance" / "fonts"
    return ours if fonts.is_built(ours) else ROOT / ".cache" / "fonts"


@pytest.fixture(scope="session")
def paper_fonts() -> None:
    """Fonts that are there and known to this process, whatever folder an application installs later."""
    fonts.install(fonts_folder())
    fonts.register()


@dataclass(frozen=True)
class Hand:
    """Signs as the platform does."""

    kid: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def keys(self) -> dict[str, bytes]:
        return {self.kid: self.public}

    def sign(self, purpose: str, message: bytes) -> str:
        raw = self.key.sign(f"yongjiang {purpose}\n".encode() + message)
        return f"{self.kid}.{signature.encoded(raw)}"

    def statement(self, facts: Facts) -> dict[str, Value]:
        return statement(facts, token=TOKEN, site=SITE, kid=self.kid)

    def signed(self, facts: Facts) -> str:
        return self.sign("certificate", canonical(self.statement(facts)))

    def link(self, facts: Facts) -> str:
        return f"https://{SITE}/v/{TOKEN}#{self.signed(facts)}"

    def bundle(self, facts: Facts) -> bytes:
        return signature.bundle(self.statement(facts), self.signed(facts), facts)

    def pdf(self, facts: Facts, **changes: Any) -> bytes:
        given = {"link": self.link(facts), "attachment": self.bundle(facts), **changes}
        return paper.draw(facts, site=SITE, fingerprint=signature.fingerprint(self.public), **given)


@pytest.fixture(scope="session")
def signing_hand() -> Hand:
    return Hand("3fa9c1d2", Ed25519PrivateKey.from_private_bytes(b"a seed of tests, thirty-two long"))
