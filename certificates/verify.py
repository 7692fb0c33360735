"""Whether a certificate is genuine, without the site: public keys and, better, the list of revoked ones.

    python -m certificates.verify FILE_OR_TEXT --keys KEYS.json [--revoked LIST.json] [--seen N] [--facts FACTS.json]

FILE is the PDF or the facts.json in it; TEXT is what the QR holds, with the file of facts. Exit status: 0
valid, 1 not valid, 2 nothing that could be read. What is printed on paper must still be compared by eye.
"""

import argparse
import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from certificates import revocation, viewer
from certificates.facts import BadFacts, Facts, canonical, statement
from certificates.signature import CERTIFICATE, Keys, is_signed, read_keys, unbundle

ATTACHMENT: Final = "facts.json"
SHOWN: Final = (
    ("number", "编号"), ("version", "版次"), ("heading", "名称"), ("name", "姓名"), ("activity", "活动"),
    ("contest", "赛项"), ("award", "奖项"), ("issuer", "发证单位"), ("issued_on", "日期"), ("site", "域名"),
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """`status` is the exit status; `statement` what was signed, where that is known to be so."""

    status: int
    message: str
    warnings: tuple[str, ...] = ()
    statement: dict[str, Any] | None = None

    @property
    def is_valid(self) -> bool:
        return self.status == 0


class _Fault(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def check(
    given: bytes | str,
    keys: Keys,
    revoked: revocation.Listing | None = None,
    *,
    facts: bytes | None = None,
    now: dt.datetime | None = None,
) -> Verdict:
    """A PDF or its facts as bytes, or the text of a QR with the facts beside it."""
    warnings: tuple[str, ...] = ("请与纸面逐项核对 · Compare each field with the paper",)
    try:
        said = _checked(given, keys, facts)
    except _Fault as fault:
        return Verdict(fault.status, str(fault))
    if revoked is None:
        warnings += ("未核对撤销名单 · Not compared with a list of revoked certificates",)
    else:
        state = revoked.state(said["number"], said["version"])
        if state is not None:
            word = "已撤销 · Revoked" if state == "revoked" else "已换发新证 · Replaced by a later issue"
            return Verdict(1, f"证书{word}", warnings, said)
        if revoked.is_stale(now or dt.datetime.now(dt.UTC)):
            warnings += ("撤销名单已过期，请取新名单 · The list of revoked certificates is out of date",)
    return Verdict(0, "证书有效 · Valid", warnings, said)


def _checked(given: bytes | str, keys: Keys, beside: bytes | None) -> dict[str, Any]:
    """The statement, when the signature, the facts and, of a PDF, the words on the page agree with it."""
    if isinstance(given, str):
        if beside is None:
            raise _Fault(2, "二维码需与 facts.json 一同核验 · The text of a QR needs the facts beside it")
        said, signature, facts = _opened(beside)
        link = urlsplit(given.strip())
        if (link.netloc, link.path) != (said.get("site"), f"/v/{said.get('token')}"):
            raise _Fault(1, "二维码与所附信息不是同一证书 · The QR and the facts are of two certificates")
        signature, words = link.fragment, None
    elif given.startswith(b"%PDF-"):
        attached, words = _looked_at(given)
        said, signature, facts = _opened(attached)
    else:
        (said, signature, facts), words = _opened(given), None
    if not is_signed(CERTIFICATE, canonical(said), signature, keys):
        raise _Fault(1, "签名无效或公钥不明 · Not signed by a known key")
    token, site = str(said.get("token")), str(said.get("site"))
    if said != statement(facts, token=token, site=site, kid=signature.partition(".")[0]):
        raise _Fault(1, "所附信息与签名不符 · The facts were changed")
    if words is not None and facts.words not in words:
        raise _Fault(1, "页面文字与签名信息不符 · The words on the page were changed")
    return said


def _opened(data: bytes) -> tuple[dict[str, Any], str, Facts]:
    try:
        return unbundle(data)
    except BadFacts as fault:
        raise _Fault(1, f"所附信息不完整 · The facts were changed: {fault}") from None
    except ValueError:
        raise _Fault(2, "无法读取 · Neither a certificate nor its facts") from None


def _looked_at(pdf: bytes) -> tuple[bytes, str]:
    """The attached facts, and the words on the page without blanks."""
    try:
        attached, words = viewer.attachment(pdf, ATTACHMENT), "".join(viewer.text(pdf).split())
    except ValueError:
        raise _Fault(2, "PDF 已损坏 · This PDF is damaged") from None
    if attached is None:
        raise _Fault(2, "PDF 中没有证书信息 · No facts are attached to this PDF")
    return attached, words


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="certificates.verify", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("given", metavar="FILE_OR_TEXT")
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--revoked", type=Path)
    parser.add_argument("--seen", type=int, default=0, help="the highest sequence of a list seen before")
    parser.add_argument("--facts", type=Path)
    options = parser.parse_args(arguments)
    try:
        keys, is_text = read_keys(options.keys.read_text()), options.given.startswith(("https://", "http://"))
        revoked = revocation.read(options.revoked.read_bytes(), keys) if options.revoked else None
        given = options.given if is_text else Path(options.given).read_bytes()
        facts = options.facts.read_bytes() if options.facts else None
    except (OSError, ValueError) as fault:
        print(f"无法读取 · Cannot be read: {fault}")
        return 2
    if revoked is not None and revoked.sequence < options.seen:
        print(
            f"撤销名单比已见过的旧 · The list of revoked certificates is older than one seen: {revoked.sequence}"
        )
        return 2
    verdict = check(given, keys, revoked, facts=facts)
    print(verdict.message, *(f"注意 {warning}" for warning in verdict.warnings), sep="\n")
    for name, label in SHOWN:
        if verdict.statement and verdict.statement[name]:
            print(f"{label} {name}: {verdict.statement[name]}")
    return verdict.status


if __name__ == "__main__":
    sys.exit(main())
