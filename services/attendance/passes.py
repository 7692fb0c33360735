"""The pass: a link as QR, and its code of eight characters to be typed. It opens nothing by itself."""

import datetime as dt
import re
from typing import Final

import sqlalchemy as sa

from models.activity import State as ActivityState
from models.base import CODE_ALPHABET, db
from models.registration import PASS_LENGTH, Registration, State
from services.text import compact

PATH: Final = "/pass/"
MOST: Final = 300
"""Characters of a text that may be a pass; what is longer is something else."""

_JOINTS = re.compile("[-‐-―−_.·•]+")
_TAKEN_FOR = str.maketrans("oil", "011")
"""What eyes and hands make of the digits: the alphabet has none of these letters."""


def read_pass(text: str) -> str | None:
    """The code in what was scanned or typed: the link of a pass, or the code in any spelling. None where it is
    neither."""
    text = text.strip()
    if len(text) > MOST:
        return None
    _site, found, rest = text.lower().rpartition(PATH)
    if found:
        text = re.split("[/?#]", rest, maxsplit=1)[0]
    code = _JOINTS.sub("", compact(text)).lower().translate(_TAKEN_FOR)
    return code if len(code) == PASS_LENGTH and set(code) <= set(CODE_ALPHABET) else None


def find_by_pass(text: str) -> Registration | None:
    code = read_pass(text)
    if code is None:
        return None
    return db.session.scalars(sa.select(Registration).where(Registration.pass_code == code)).one_or_none()


def pass_link(registration: Registration, site: str) -> str:
    """What the QR says: an https link, so that a phone's own scanner opens it."""
    return f"{site.rstrip('/')}{PATH}{registration.pass_code}"


def say_pass(registration: Registration) -> str:
    """K3F9 7QXD: as it is read out and typed."""
    code = registration.pass_code.upper()
    return f"{code[:4]} {code[4:]}"


def shows_pass(registration: Registration, moment: dt.datetime) -> bool:
    """Whether the holder is shown the pass: from acceptance until the activity is over."""
    activity = registration.activity
    return (
        registration.state is State.ACCEPTED
        and activity.state is ActivityState.PUBLISHED
        and moment <= activity.ends_at
    )
