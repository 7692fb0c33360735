"""`flask certificate verify`, with the exit statuses of the stand-alone check."""

from pathlib import Path

from flask import Flask

from certificates import revocation, signature, verify, viewer
from models.certificate import Certificate
from services import certificate as certificates
from services.transaction import transaction
from tests.support import factories as make
from tests.support import honours


def made() -> Certificate:
    with transaction():
        activity = honours.contest()
        officer = honours.officer(activity)
    return honours.issued([honours.order(activity, name="张三")], officer)[0]


def test_files_and_texts_are_checked(context: Flask, tmp_path: Path) -> None:
    row = made()
    pdf, qr = certificates.pdf(row), certificates.link(row)
    (tmp_path / "a.pdf").write_bytes(pdf)
    (tmp_path / "facts.json").write_bytes(viewer.attachment(pdf, "facts.json") or b"")
    (tmp_path / "b.pdf").write_bytes(pdf.replace(b"%PDF", b"%PFD"))
    runner = context.test_cli_runner()

    def run(*words: str) -> tuple[int, str]:
        done = runner.invoke(args=["certificate", *words])
        return done.exit_code, done.output

    for given in (str(tmp_path / "a.pdf"), str(tmp_path / "facts.json"), qr):
        status, said = run("verify", given)
        assert (status, "证书有效" in said) == (0, True), said
        assert row.number in said
    assert run("verify", qr, "--facts", str(tmp_path / "facts.json"))[0] == 0
    assert run("verify", qr[:-1] + ("A" if qr[-1] != "A" else "B"))[0] == 1
    assert run("verify", str(tmp_path / "b.pdf"))[0] == 2
    assert run("verify", str(tmp_path / "none.pdf"))[0] == 2
    with transaction():
        certificates.fall(row.subject, "更正", stamp=make.stamp())
    status, said = run("verify", str(tmp_path / "a.pdf"))
    assert (status, "已撤销" in said) == (1, True)


def test_keys_and_list_are_what_the_stand_alone_check_takes(context: Flask, tmp_path: Path) -> None:
    row = made()
    (tmp_path / "a.pdf").write_bytes(certificates.pdf(row))
    runner = context.test_cli_runner()
    for name in ("keys", "revoked"):
        (tmp_path / f"{name}.json").write_text(runner.invoke(args=["certificate", name]).output)
    keys = signature.read_keys((tmp_path / "keys.json").read_text())
    assert revocation.read((tmp_path / "revoked.json").read_text(), keys).sequence > 0
    words = ["--keys", str(tmp_path / "keys.json"), "--revoked", str(tmp_path / "revoked.json")]
    assert verify.main([str(tmp_path / "a.pdf"), *words]) == 0
