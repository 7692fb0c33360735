"""Reminding and chasing (提醒与催办): what is due soon is said once, by day, in each person's language.

Each finder names what somebody should be told and a key for it. Keys are stored with the messages in one transaction,
so that no worker, however many there are, says a thing twice. At night nothing is said; what fell due then is said in
the morning. Knows entries, parties and activities; writes nothing but messages.
"""

from services.reminder.call import Call
from services.reminder.calling import QUIET_FROM, QUIET_UNTIL, forget, is_quiet, remind

__all__ = ["QUIET_FROM", "QUIET_UNTIL", "Call", "forget", "is_quiet", "remind"]
