"""SMS over HTTP and e-mail over SMTP against real servers, as they are and as they fail."""

import time
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask

from app import senders
from app.senders import Mailbox
from models.notification import Channel
from services.notification import Letter, NotSent
from services.notification.sending import absolute, can
from tests.support.sinks import Sink
from tests.support.site import free_port

LETTER = Letter("0123456789abcdef", "19900000001", "标题", "【永川技能】您的验证码是482913。")
MAIL = Letter("0123456789abcdef", "li@example.cn", "报名成功：数控铣", "您好！\n您的报名已审核通过。\n")


def refused(send: Callable[[Letter], None], letter: Letter) -> NotSent:
    with pytest.raises(NotSent) as no:
        send(letter)
    assert letter.address not in no.value.reason
    assert letter.body not in no.value.reason
    return no.value


def test_an_sms_is_posted_as_json(sms_sink: Sink) -> None:
    senders.by_http(sms_sink.url)(LETTER)
    assert sms_sink.letters == [{"id": LETTER.code, "to": "19900000001", "text": LETTER.body}]


@pytest.mark.parametrize(
    ("status", "for_good"),
    [
        (400, True),
        (401, True),
        (404, True),
        (422, True),
        (429, False),
        (408, False),
        (500, False),
        (503, False),
        (302, False),
    ],
)
def test_an_answer_decides_whether_to_try_again(sms_sink: Sink, status: int, for_good: bool) -> None:
    sms_sink.mood = lambda _number: status
    no = refused(senders.by_http(sms_sink.url), LETTER)
    assert (no.reason, no.for_good, no.unreachable) == (f"http {status}", for_good, False)


def test_a_gateway_that_says_nothing_is_left_after_the_timeout(sms_sink: Sink) -> None:
    sms_sink.mood = lambda _number: None
    began = time.monotonic()
    no = refused(senders.by_http(sms_sink.url, timeout=0.4), LETTER)
    assert time.monotonic() - began < 2
    assert (no.for_good, no.unreachable) == (False, True)


def test_a_gateway_that_is_not_there_is_unreachable() -> None:
    no = refused(senders.by_http(f"http://127.0.0.1:{free_port()}/"), LETTER)
    assert (no.for_good, no.unreachable) == (False, True)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "gateway"])
def test_only_http_is_a_gateway(url: str) -> None:
    with pytest.raises(ValueError, match="SMS_URL"):
        senders.by_http(url)


def test_an_e_mail_is_plain_text_with_a_stable_id(mail_sink: Sink) -> None:
    send = senders.by_smtp(mail_sink.url, "https://skill.example.cn")
    send(MAIL)
    send(MAIL)
    letter = mail_sink.letters[0]
    assert letter["Subject"] == "报名成功：数控铣"
    assert letter["To"] == "li@example.cn"
    assert letter["From"] == "no-reply@skill.example.cn"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().replace("\r\n", "\n") == MAIL.body
    assert mail_sink.accepted == [f"<{MAIL.code}@skill.example.cn>"] * 2


def test_a_mailbox_that_does_not_exist_is_for_good_and_a_busy_server_is_not(mail_sink: Sink) -> None:
    send = senders.by_smtp(mail_sink.url, "https://skill.example.cn")
    assert refused(send, Letter("c", "refused@example.cn", "t", "b")).for_good
    mail_sink.mood = lambda _number: 451
    no = refused(send, MAIL)
    assert (no.reason, no.for_good) == ("smtp 451", False)
    mail_sink.mood = lambda _number: 552
    assert refused(send, MAIL).for_good


def test_a_mail_server_that_is_not_there_is_unreachable() -> None:
    assert refused(senders.by_smtp(f"smtp://127.0.0.1:{free_port()}", "http://localhost"), MAIL).unreachable


BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\r\n ",
    "\n\t",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\u2029",
    "\x00",
    "%0d%0a",
    "\\r\\n",
]
HEADERS = ["Bcc: evil@example.com", "Subject: other", "\r\nMAIL FROM:<evil@example.com>"]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("cut", BREAKS)
def test_nothing_in_a_title_adds_a_header(cut: str, header: str, mail_sink: Sink) -> None:
    message = senders.compose(
        Letter("c", "li@example.cn", f"标题{cut}{header}", f"正文{cut}{header}"), sender="a@b.cn", host="b.cn"
    )
    head = message.as_bytes().split(b"\r\n\r\n")[0]
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert sorted(names) == sorted(
        [b"From", b"To", b"Subject", b"Message-ID", b"Date", b"Auto-Submitted", b"Content-Type", b"MIME-Version",
         b"Content-Transfer-Encoding"]
    )  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["li@example.cn\r\nBcc: evil@example.com", "li@example.cn\nx", "li@example.cn,evil@example.com", "<li@example.cn>",
     "li", "", "li@", "@example.cn", "li@example.cn\x00", "a b@example.cn", '"a"@example.cn', "li@exa mple.cn"],
)  # fmt: skip
def test_what_is_no_address_is_refused_for_good(address: str) -> None:
    with pytest.raises(NotSent) as no:
        senders.compose(Letter("c", address, "t", "b"), sender="a@b.cn", host="b.cn")
    assert no.value.for_good


def test_the_address_of_a_mail_server_is_read_whole() -> None:
    box = Mailbox.of("smtp+starttls://no-reply%40example.cn:p%2Fw@mail.example.cn")
    assert box == Mailbox("smtp+starttls", "mail.example.cn", 587, "no-reply@example.cn", "p/w")
    assert Mailbox.of("smtps://mail.example.cn").port == 465
    for bad in ("http://mail.example.cn", "smtp://", "mail.example.cn"):
        with pytest.raises(ValueError, match="SMTP_URL"):
            Mailbox.of(bad)


def test_a_mailbox_name_that_is_an_address_is_the_sender(mail_sink: Sink) -> None:
    url = mail_sink.url.replace("smtp://", "smtp://hello%40example.cn@")
    senders.by_smtp(url, "https://skill.example.cn")(MAIL)
    letter: EmailMessage = mail_sink.letters[0]
    assert letter["From"] == "hello@example.cn"


def test_outside_production_e_mail_without_a_server_goes_to_the_loopback(
    new_app: Callable[..., Flask], sms_sink: Sink
) -> None:
    new_app(SMS_URL=sms_sink.url, PUBLIC_BASE_URL="http://skill.example.cn")
    assert can(Channel.SMS)
    assert can(Channel.MAIL)
    assert absolute("/x") == "http://skill.example.cn/x"
    new_app(SMS_URL="")
    assert not can(Channel.SMS)
    assert not can(Channel.MAIL)
