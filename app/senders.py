"""How messages leave the machine: SMS by HTTP, e-mail by SMTP. `services.notification` is given these.

Outside production both may end at the loopback page, which shows what would have been sent.
"""

import json
import re
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from app.config import Config
from services import notification as notifications
from services.notification import Letter, NotSent
from services.stamp import clock

SECONDS = 5.0
ACCEPTED = range(200, 300)
REFUSED = range(400, 500)
LATER = {408, 425, 429}
"""Answers of the 4xx that say "not now" rather than "not this"."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_ADDRESS = re.compile(r"[^\s@<>,;:\"'()\[\]\\\x00-\x20\x7f]+@[A-Za-z0-9.-]+")


def install(config: Config) -> None:
    """Give `services.notification` its senders."""
    sms = by_http(config.sms_url) if config.sms_url else None
    mail = by_smtp(config.smtp_url, config.public_base_url) if config.smtp_url else None
    if mail is None and sms is not None and not config.is_production:
        mail = by_http(config.sms_url, with_title=True)
    notifications.use(sms=sms, mail=mail, base_url=config.public_base_url)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A gateway that sends us elsewhere is misconfigured: what we carry is not for elsewhere."""

    def redirect_request(self, *_arguments: object, **_more: object) -> None:
        return None


def by_http(url: str, *, with_title: bool = False, timeout: float = SECONDS) -> Callable[[Letter], None]:
    """POST {id, to, text} as JSON. 2xx is accepted; 4xx is for good; anything else is tried again."""
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1"):
        handlers.append(urllib.request.ProxyHandler({}))
    opener = urllib.request.build_opener(*handlers)
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("SMS_URL must be an http or https address")

    def send(letter: Letter) -> None:
        facts = {"id": letter.code, "to": letter.address, "text": letter.body}
        if with_title:
            facts["title"] = letter.title
        request = urllib.request.Request(  # noqa: S310  the scheme was checked above
            url,
            json.dumps(facts, ensure_ascii=False).encode(),
            {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": letter.code},
        )
        try:
            with opener.open(request, timeout=timeout) as answer:
                status = answer.status
        except urllib.error.HTTPError as fault:
            status = fault.code
            fault.close()
        except OSError as fault:
            raise NotSent(f"http {_name(fault)}", unreachable=True) from None
        except Exception as fault:  # noqa: BLE001  http.client raises what it likes at a broken answer
            raise NotSent(f"http {type(fault).__name__}") from None
        if status not in ACCEPTED:
            raise NotSent(f"http {status}", for_good=status in REFUSED and status not in LATER)

    return send


@dataclass(frozen=True)
class Mailbox:
    """Where `SMTP_URL` points: smtp:// plain, smtp+starttls:// upgraded, smtps:// encrypted at once."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @classmethod
    def of(cls, url: str) -> "Mailbox":
        parts = urlsplit(url)
        ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
        if parts.scheme not in ports or not parts.hostname:
            raise ValueError("SMTP_URL must be smtp://, smtp+starttls:// or smtps:// with a host")
        return cls(
            parts.scheme,
            parts.hostname,
            parts.port or ports[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )

    def connect(self, timeout: float) -> smtplib.SMTP:
        if self.scheme == "smtps":
            tls = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=timeout, context=tls)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=timeout)
        if self.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if self.user and self.password:
            server.login(self.user, self.password)
        return server


def by_smtp(url: str, base_url: str, *, timeout: float = SECONDS) -> Callable[[Letter], None]:
    """Plain text by SMTP, one connection a letter. A refused address is for good; the rest is tried again."""
    mailbox = Mailbox.of(url)
    host = urlsplit(base_url).hostname or "localhost"
    sender = mailbox.user if _ADDRESS.fullmatch(mailbox.user) else f"no-reply@{host}"

    def send(letter: Letter) -> None:
        message = compose(letter, sender=sender, host=host)
        try:
            with mailbox.connect(timeout) as server:
                server.send_message(message, sender, [letter.address])
        except smtplib.SMTPRecipientsRefused as fault:
            code = next(iter(fault.recipients.values()), (550, b""))[0]
            raise NotSent(f"smtp {code}", for_good=500 <= code < 600) from None
        except smtplib.SMTPNotSupportedError:
            raise NotSent("smtp address", for_good=True) from None
        except smtplib.SMTPDataError as fault:
            raise NotSent(f"smtp {fault.smtp_code}", for_good=500 <= fault.smtp_code < 600) from None
        except smtplib.SMTPResponseException as fault:
            raise NotSent(f"smtp {fault.smtp_code}") from None
        except smtplib.SMTPServerDisconnected:
            raise NotSent("smtp disconnected") from None
        except (OSError, smtplib.SMTPException) as fault:
            raise NotSent(f"smtp {_name(fault)}", unreachable=True) from None

    return send


def compose(letter: Letter, *, sender: str, host: str) -> EmailMessage:
    """The letter as an e-mail. Nothing in it can add a header (R36). Raises `NotSent` for a bad address."""
    if not _ADDRESS.fullmatch(letter.address):
        raise NotSent("address", for_good=True)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.address
    message["Subject"] = _CONTROL.sub(" ", letter.title).strip()
    message["Message-ID"] = f"<{letter.code}@{host}>"
    message["Date"] = format_datetime(clock.now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _name(fault: BaseException) -> str:
    """What kind of fault it was; its text may quote an address."""
    reason = getattr(fault, "reason", None)
    return type(reason if isinstance(reason, BaseException) else fault).__name__
