"""Self check-in: a code that changes on the screen in the room, so that who sends it has seen it just now.

It is drawn from the keyring, the sitting and the half minute, and kept nowhere. The last three are good: at the
moment it is used a code is at most ninety seconds old.
"""

import datetime as dt
from typing import Final

import sqlalchemy as sa

from models import vault
from models.account import Account
from models.activity import Session
from models.attendance import Direction, Way
from models.base import db, is_code
from models.registration import Registration, State
from services import throttle
from services.attendance import checking
from services.attendance.checking import CheckIn, How
from services.attendance.refusals import NoEntryHere, NotSelfService, SelfServiceClosed, StaleCode
from services.errors import Missing
from services.stamp import Stamp
from services.text import _, compact

PERIOD: Final = 30
GOOD: Final = 3
"""How many codes are good at a time: the one shown, and those before it."""
TOKEN: Final = 20
DIGITS: Final = 6
BEFORE: Final = dt.timedelta(hours=1)
TRIES: Final = 8
WINDOW: Final = dt.timedelta(minutes=5)
PURPOSE: Final = "attendance.room"


def _window(moment: dt.datetime) -> int:
    return int(moment.timestamp()) // PERIOD


def token(session: Session, moment: dt.datetime) -> str:
    """What the QR on the screen carries."""
    return _said(session, _window(moment))[0][0]


def digits(session: Session, moment: dt.datetime) -> str:
    """The same to be typed."""
    return _said(session, _window(moment))[0][1]


def seconds_left(moment: dt.datetime) -> int:
    """Until the screen shows another one."""
    return PERIOD - int(moment.timestamp()) % PERIOD


def _said(session: Session, window: int) -> list[tuple[str, str]]:
    """Token and digits of a half minute, by the active key and each old one."""
    drawn = vault.blind_indexes(PURPOSE, f"{session.code}|{window}")
    return [(text[:TOKEN], f"{int(text[TOKEN : TOKEN + 12], 16) % 10**DIGITS:0{DIGITS}d}") for text in drawn]


def is_good(session: Session, code: str, moment: dt.datetime) -> bool:
    """Whether this was on the screen within the last ninety seconds."""
    text = compact(code).lower()
    now = _window(moment)
    return any(text in pair for window in range(now - GOOD + 1, now + 1) for pair in _said(session, window))


def get_session(code: str) -> Session:
    """A sitting of a public activity. Raises `Missing`."""
    session = db.session.scalar(sa.select(Session).where(Session.code == code)) if is_code(code) else None
    if session is None or not session.activity.is_public:
        raise Missing
    return session


def why_closed(session: Session, moment: dt.datetime) -> NotSelfService | SelfServiceClosed | None:
    if not session.is_self_service:
        return NotSelfService()
    if not session.starts_at - BEFORE <= moment <= session.ends_at:
        return SelfServiceClosed()
    return None


def admit_try(account: Account, session: Session) -> None:
    """Count one try of a code. Raises `TooOften`."""
    throttle.admit(
        (f"room:{session.code}:{account.code}", TRIES, WINDOW),
        sentence=_("签到码输入次数过多，请 5 分钟后再试，或请入口处工作人员办理。"),
    )


def own_entry(account: Account, session: Session) -> Registration | None:
    """Their entry for this sitting: the one that has its place, else the newest."""
    if account.person_id is None:
        return None
    wanted = sa.select(Registration).where(
        Registration.activity_id == session.activity_id, Registration.person_id == account.person_id
    )
    if session.track_id is not None:
        wanted = wanted.where(Registration.track_id == session.track_id)
    return db.session.scalars(
        wanted.order_by(sa.case((Registration.state == State.ACCEPTED, 0), else_=1), Registration.id.desc())
    ).first()


def check_in_self(
    session: Session, code: str, *, by: Account, stamp: Stamp, direction: Direction = Direction.IN
) -> CheckIn:
    """Check oneself in or out by the code in the room. Raises `NotSelfService`, `SelfServiceClosed`, `StaleCode`,
    `NoEntryHere`, and what `checking.note` raises.
    """
    if (no := why_closed(session, stamp.when)) is not None:
        raise no
    if not is_good(session, code, stamp.when):
        raise StaleCode
    registration = own_entry(by, session)
    if registration is None:
        raise NoEntryHere
    return checking.note(registration, session, how=How(Way.SELF, direction), by=by, stamp=stamp)
