"""Telling people: the inbox, and the outbox of SMS and e-mail (R64).

A message is written in the transaction that caused it, in the language of who receives it, and sent
afterwards by `deliver`, with the senders that the composition root hands in. This room knows texts and
addresses, and neither HTTP nor SMTP.
"""

from services.notification.inbox import Inbox, get, inbox, read, read_all, unread
from services.notification.outbox import deliver
from services.notification.past import muted
from services.notification.sending import Letter, NotSent, use
from services.notification.texts import CODE_LIFE, TEXTS, notify

__all__ = [
    "CODE_LIFE",
    "TEXTS",
    "Inbox",
    "Letter",
    "NotSent",
    "deliver",
    "get",
    "inbox",
    "muted",
    "notify",
    "read",
    "read_all",
    "unread",
    "use",
]
