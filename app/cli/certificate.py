"""Certificates, from the shell: as `python -m certificates.verify`, with the keys and the list of this platform.

Exit status: 0 valid, 1 not valid, 2 nothing that could be read.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask.cli import AppGroup

from certificates import revocation, signature
from certificates.verify import SHOWN, check
from services import certificate as certificates

group = AppGroup("certificate", help="Certificates.")


@group.command("verify")
@click.argument("given", metavar="FILE_OR_TEXT")
@click.option("--facts", type=click.Path(path_type=Path), help="the facts.json that belong to a QR text")
def verify(given: str, facts: Path | None) -> None:
    """Check a PDF, its facts.json, or the text of a QR code (whose facts are looked up here)."""
    keys = certificates.keys()
    try:
        beside = facts.read_bytes() if facts else None
        if given.startswith(("https://", "http://")):
            what: bytes | str = given
            row = certificates.find_by_token(urlsplit(given).path.rpartition("/")[2])
            if beside is None and row is not None and row.signature:
                beside = signature.bundle(certificates.statement(row), row.signature, certificates.facts(row))
        else:
            what = Path(given).read_bytes()
    except OSError as fault:
        click.echo(f"无法读取 · Cannot be read: {fault.strerror}")
        sys.exit(2)
    listed = revocation.read(certificates.revoked_listing(), keys)
    verdict = check(what, keys, listed, facts=beside)
    click.echo(verdict.message)
    for warning in verdict.warnings:
        click.echo(f"注意 {warning}")
    for name, label in SHOWN:
        if verdict.statement and verdict.statement[name]:
            click.echo(f"{label} {name}: {verdict.statement[name]}")
    sys.exit(verdict.status)


@group.command("keys")
def keys() -> None:
    """The file of public keys."""
    click.echo(signature.write_keys(certificates.keys()), nl=False)


@group.command("revoked")
def revoked() -> None:
    """The signed list of what no longer holds."""
    click.echo(certificates.revoked_listing())
