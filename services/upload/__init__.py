"""Files that people send: judged by content, made harmless, kept under a random key (R31).

Who may read a file is decided by the room whose row points at it; here is only what may be kept, and how much
by whom. `check` is pure and slow (pictures are drawn anew): doors call it before their transaction and hand
the result to `receive`, which also takes raw bytes.
"""

import datetime as dt
import hashlib
import re
import unicodedata
from dataclasses import dataclass

import sqlalchemy as sa

from models.account import Account
from models.base import db
from models.upload import Upload
from services import audit as audits
from services import storage
from services.errors import Missing
from services.stamp import Stamp
from services.text import _
from services.upload import image, office, pdf
from services.upload.reasons import (
    ActivePaper,
    BadFile,
    Damaged,
    Empty,
    LockedPaper,
    Mixed,
    OverAllowance,
    TooComplex,
    TooLarge,
    TooManyPixels,
    WrongKind,
)

__all__ = [
    "KINDS", "MOST_BYTES", "MOST_FILES", "MOST_SIZE", "PAPERS", "PICTURES", "ActivePaper", "BadFile",
    "Damaged", "Empty", "LockedPaper", "Mixed", "OverAllowance", "Sound", "TooComplex", "TooLarge",
    "TooManyPixels", "WrongKind", "check", "content", "discard", "receive", "shown_name", "sweep",
]  # fmt: skip

MOST_SIZE = 10_000_000
MOST_FILES = 20
MOST_BYTES = 100_000_000
GRACE = dt.timedelta(days=1)
"""A file without a row may belong to a transaction that is still open; after a day it does not."""

PICTURES = frozenset({"jpeg", "png", "webp"})
PAPERS = PICTURES | {"pdf"}

KINDS = {
    "jpeg": ("image/jpeg", ".jpg", "JPG"),
    "png": ("image/png", ".png", "PNG"),
    "webp": ("image/webp", ".webp", "WebP"),
    "pdf": ("application/pdf", ".pdf", "PDF"),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".docx",
        "Word (docx)",
    ),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", "Excel (xlsx)"),
}


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that may be kept: what it is, the name to show, and its bytes made harmless."""

    kind: str
    name: str
    data: bytes


def check(data: bytes, name: str, kinds: frozenset[str] = PAPERS) -> Sound:
    """Judge a file by its content. Raises a BadFile that says what to do."""
    if not data:
        raise Empty
    if len(data) > MOST_SIZE:
        raise TooLarge
    kind = "pdf" if data.startswith(b"%PDF-") else image.find_kind(data) or office.find_kind(data)
    if kind is None or kind not in kinds:
        allowed = str(_("、")).join(KINDS[known][2] for known in KINDS if known in kinds)
        raise WrongKind(_("不支持这种文件。请上传 %(kinds)s 格式的文件。", kinds=allowed))
    if kind == "pdf":
        pdf.check(data)
    elif kind in PICTURES:
        data = image.redraw(data, kind)
        if len(data) > MOST_SIZE:
            raise TooLarge
    else:
        office.check(data)
    return Sound(kind, shown_name(name, KINDS[kind][1]), data)


def receive(
    data: bytes | Sound,
    name: str,
    purpose: str,
    owner: Account,
    *,
    stamp: Stamp,
    kinds: frozenset[str] = PAPERS,
    most_files: int = MOST_FILES,
    most_bytes: int = MOST_BYTES,
) -> Upload:
    """Keep a file for its owner. The bytes lie in the storage before the row is durable: a transaction that
    fails leaves at most a file without a row, which `sweep` removes.

    Raises a BadFile, or OverAllowance when the owner would keep more than `most_files` or `most_bytes`.
    """
    sound = data if isinstance(data, Sound) else check(data, name, kinds)
    db.session.execute(sa.select(Account.id).where(Account.id == owner.id).with_for_update())
    files, size = db.session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Upload.size), 0)).where(
            Upload.owner_id == owner.id
        )
    ).one()
    if files >= most_files:
        raise OverAllowance(
            _("您已保存 %(count)s 个文件，达到上限。请先删除不需要的文件。", count=most_files)
        )
    if size + len(sound.data) > most_bytes:
        raise OverAllowance(
            _(
                "您保存的文件将超过 %(most)s MB，请先删除不需要的文件，或压缩后再上传。",
                most=most_bytes // 1_000_000,
            )
        )
    row = Upload(
        owner_id=owner.id,
        purpose=purpose,
        name=sound.name,
        media_type=KINDS[sound.kind][0],
        size=len(sound.data),
        sha256=hashlib.sha256(sound.data).hexdigest(),
        made_at=stamp.when,
    )
    db.session.add(row)
    db.session.flush()
    storage.put(row.code, sound.data)
    audits.record("upload.received", row, stamp=stamp, purpose=purpose, kind=sound.kind, size=row.size)
    return row


def content(upload: Upload) -> bytes:
    """The bytes of a file, as they were kept. Raises Missing where they are gone or were changed."""
    try:
        data = storage.get(upload.code)
    except storage.NotStored:
        raise Missing from None
    if hashlib.sha256(data).hexdigest() != upload.sha256:
        raise Missing
    return data


def discard(upload: Upload, *, stamp: Stamp) -> None:
    """Remove a file that nothing points at any more. Its bytes go with a later sweep, when the row is
    surely gone.
    """
    audits.record("upload.discarded", upload, stamp=stamp, purpose=upload.purpose)
    db.session.delete(upload)
    db.session.flush()


def sweep(*, stamp: Stamp) -> int:
    """Remove stored bytes older than a day that no row speaks of; how many. Called outside any transaction: it walks
    the whole storage, writes no row, and must not keep those waiting who do.
    """
    old = list(storage.older_than(stamp.when - GRACE))
    gone = 0
    for start in range(0, len(old), 500):
        keys = old[start : start + 500]
        known = set(db.session.scalars(sa.select(Upload.code).where(Upload.code.in_(keys))))
        db.session.rollback()
        for key in keys:
            if key not in known:
                storage.delete(key)
                gone += 1
    return gone


_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def shown_name(name: str, ending: str) -> str:
    """A name to show and to offer when downloading: its last part, no control characters, the true ending."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", last)
        if unicodedata.category(character)[0] != "C" and character not in '<>:"|?*;%'
    )
    stem = _ENDING.sub("", kept).strip(". \u3000")[: 120 - len(ending)]
    return (stem or "文件") + ending
