"""Whoever was entered by others says no: their entry ends, and those who made it are told."""

from models.registration import Registration
from services.registration import entering
from services.registration.consenting import note_objection
from services.stamp import Stamp


def object(registration: Registration, note: str, *, stamp: Stamp) -> None:
    """Object to an entry that somebody else made; before the activity begins it is withdrawn. Raises
    `AlreadyAnswered`.
    """
    note_objection(registration, note, stamp=stamp)
    if registration.is_live and stamp.when < registration.activity.starts_at:
        entering.withdraw(registration, stamp=stamp, note=note)
