"""What is said to whom, by which channel, in which language."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account, Role
from models.base import db
from models.notification import Channel, Message, State
from services import notification as notifications
from services import text
from services.notification.texts import SIGNATURE, TEXTS, needs
from services.stamp import Stamp
from services.text import _
from services.transaction import transaction
from tests.support import factories as make

KINDS = [
    "account.code", "account.guardian_code", "account.changed", "account.granted", "account.badge",
    "organisation.opened", "organisation.application_refused", "organisation.invited",
    "activity.submitted", "activity.approved", "activity.sent_back", "activity.published", "activity.cancelled",
    "activity.rescheduled", "registration.submitted", "registration.accepted", "registration.returned",
    "registration.rejected", "registration.waitlisted", "registration.offered", "registration.offer_expired",
    "registration.waiting_over", "registration.withdrawn", "registration.expired", "person.claimed",
    "report.submitted", "report.accepted", "report.returned", "reserve.confirmed",
    "certificate.issued", "certificate.revoked", "outcome.awarded", "outcome.completed", "outcome.corrected",
    "outcome.correction_accepted", "outcome.correction_refused", "outcome.failed", "outcome.scored",
    "outcome.sent_back", "outcome.submitted",
    "stamped_copy.accepted", "stamped_copy.refused", "registration.undecided", "registration.party_offered",
    "registration.entered_by_unit", "registration.consent_asked", "registration.objected", "registration.replaced",
    "registration.changed_by_unit", "registration.change_asked", "registration.reviewer_ended", "party.short",
    "registration.standby", "party.joined", "party.left", "party.removed", "party.captain", "party.dissolved",
    "party.seats_allotted", "party.seats_refused",
    "reminder.mend", "reminder.offer", "reminder.confirm", "reminder.tomorrow", "reminder.party", "reminder.queue",
]  # fmt: skip
VALUES = {
    "code": "482913", "minutes": 5, "what": _("手机号"), "role": Role.REVIEWER, "activity": "第二届数控技能大赛",
    "title": "第二届数控技能大赛", "organisation": "永川示例机械有限公司", "pin": "4829",
    "indicator": "公共实训基地职业培训人数", "period": "2026年第三季度", "unit": "区人力社保局",
    "heading": "荣誉证书", "result": "87.50 分 · 第 2 名 · 二等奖", "year": "2026", "skill": "工业机器人系统操作",
    "name": "工匠一队", "where": "永川职教城一号馆", "count": 12,
    "until": "3月8日 周一 09:00", "left": 1, "least": 3,
    "who": "示例甲", "seats": 3, "places": 30, "party": "工匠一队",
    "link": "/join/abcdefghjkmnpqrs",
    "due": dt.datetime(2027, 3, 4, 10, 0, tzinfo=dt.UTC), "when": "3月8日 周一 09:00–12:00",
}  # fmt: skip
STAMP = Stamp(dt.datetime(2027, 3, 1, 4, 0, tzinfo=dt.UTC), "test")


@pytest.fixture(autouse=True)
def channels(context: Flask) -> None:
    notifications.use(
        sms=lambda _letter: None, mail=lambda _letter: None, base_url="https://skill.example.cn"
    )


def say(kind: str, account: Account | None = None, **more: object) -> dict[Channel, Message]:
    values = {name: VALUES[name] for name in needs(kind) if name not in more}
    with transaction():
        rows = notifications.notify(account, kind, stamp=STAMP, **{**values, **more})
    assert len({row.channel for row in rows}) == len(rows)
    return {row.channel: row for row in rows}


def an_account(**more: object) -> Account:
    with transaction():
        return make.account(**more)


def test_every_kind_has_its_texts() -> None:
    assert set(TEXTS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_said_and_fits_one_segment(kind: str) -> None:
    rows = say(kind, phone="19900000001", email="a@example.cn", urgent=True)
    sms, mail = rows[Channel.SMS], rows[Channel.MAIL]
    assert sms.body.startswith(SIGNATURE)
    assert len(sms.body) <= 70, sms.body
    for body in (sms.body, mail.body, mail.title):
        assert "%(" not in body
    assert mail.title
    assert sms.address == "19900000001"
    assert mail.address == "a@example.cn"


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_value_is_a_bug_that_names_it(kind: str) -> None:
    wanted = needs(kind) - {"link"}
    if not wanted:
        return
    with pytest.raises(TypeError, match=min(wanted)), transaction():
        notifications.notify(None, kind, stamp=STAMP, phone="19900000001")


def test_an_account_finds_it_in_its_inbox(context: Flask) -> None:
    account = an_account()
    rows = say("registration.submitted", account, link="/registration/x")
    assert set(rows) == {Channel.INBOX}
    row = rows[Channel.INBOX]
    assert (row.state, row.is_unread, row.link) == (State.SENT, True, "/registration/x")
    assert "第二届数控技能大赛" in row.title


def test_sms_goes_when_the_kind_or_the_caller_says_so(context: Flask) -> None:
    account = an_account()
    assert Channel.SMS in say("registration.accepted", account)
    assert Channel.SMS not in say("registration.submitted", account)
    assert Channel.SMS in say("registration.submitted", account, urgent=True)
    assert Channel.SMS in say("registration.submitted", phone="19900000001"), (
        "it is the only way to reach them"
    )


def test_e_mail_goes_only_to_a_verified_address(context: Flask) -> None:
    unverified = an_account(email="one@example.cn")
    verified = an_account(email="two@example.cn", email_verified_at=STAMP.when)
    assert Channel.MAIL not in say("registration.accepted", unverified)
    assert say("registration.accepted", verified)[Channel.MAIL].address == "two@example.cn"


def test_a_secret_goes_only_where_it_was_asked_for(context: Flask) -> None:
    account = an_account(email="two@example.cn", email_verified_at=STAMP.when)
    assert set(say("account.code", account, phone="19911112222")) == {Channel.SMS}
    assert set(say("account.code", account, email="two@example.cn")) == {Channel.MAIL}
    rows = say("organisation.invited", link="/join/secret", phone="19911112222")
    assert "https://skill.example.cn/join/secret" in rows[Channel.SMS].body
    assert rows[Channel.SMS].link == "", "a token is not kept in the open"


def test_addresses_and_bodies_are_sealed(context: Flask) -> None:
    say("registration.accepted", phone="19912345678")
    kept = db.session.execute(sa.select(Message.__table__)).mappings().one()
    assert not any(
        "19912345678" in str(value) or "审核" in str(value)
        for value in kept.values()
        if value != kept["title"]
    )


def test_a_note_is_said_and_an_empty_one_is_not(context: Flask) -> None:
    account = an_account()
    assert say("registration.rejected", account, note="照片不清楚")[Channel.INBOX].body.endswith(
        "\n说明：照片不清楚"
    )
    assert "说明" not in say("registration.rejected", account, note="")[Channel.INBOX].body
    assert say("activity.cancelled", account, reason="台风")[Channel.INBOX].body.endswith("说明：台风")


PAYLOADS = [
    "%(code)s", "%(activity)s%(note)s", "%s%s%s%n", "%(missing)s", "%", "%%", "100%", "%d", "%(x)999999d",
    "{activity}", "{0.__class__}", "{{7*7}}", "{% for x in ().__class__.__mro__ %}{% endfor %}", "${7*7}", "#{7*7}",
    "{{config}}", "{{''.__class__.__mro__[1].__subclasses__()}}", "<%= 7*7 %>", "{activity.__init__.__globals__}",
    "$activity", "${activity}", "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{!r}", "{:>99999}",
    "\\u0041", "&lt;script&gt;", "<script>alert(1)</script>", "{#", "#}", "{{", "}}", "%(", "%()s", "%(activity)",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_people_wrote_is_put_in_once_and_never_read_as_a_template(payload: str) -> None:
    account = an_account()
    row = say("registration.rejected", account, activity=payload, note=payload)[Channel.INBOX]
    assert row.title == f"报名未通过：{payload}"
    assert row.body == f"很抱歉，您对“{payload}”的报名未通过审核。\n说明：{payload}"


def test_what_is_long_is_shortened_in_an_sms_and_a_title(context: Flask) -> None:
    rows = say("registration.accepted", activity="长" * 300, phone="19900000001", email="a@example.cn")
    assert len(rows[Channel.SMS].body) <= 70
    assert len(rows[Channel.MAIL].title) == 200
    assert "长" * 300 in rows[Channel.MAIL].body


def test_moments_numbers_and_choices_are_said_as_people_say_them(context: Flask) -> None:
    account = an_account()
    assert "3月4日 周四 18:00" in say("registration.offered", account)[Channel.INBOX].body
    assert "资格审查员" in say("account.granted", account)[Channel.INBOX].body


@pytest.fixture
def english() -> Iterator[list[str]]:
    """A translator that marks what it says, and the languages it was asked to speak."""
    spoken: list[str] = []

    @contextmanager
    def speak(locale: str) -> Iterator[None]:
        spoken.append(locale)
        yield
        spoken.append(f"/{locale}")

    text.install(lambda message: f"EN:{message}" if spoken and spoken[-1] == "en" else message, speak)
    yield spoken
    from flask_babel import force_locale, gettext

    text.install(gettext, force_locale)


def test_each_is_told_in_their_own_language(context: Flask, english: list[str]) -> None:
    in_english = say("registration.accepted", an_account(language="en"))
    in_chinese = say("registration.accepted", an_account())
    assert in_english[Channel.INBOX].title.startswith("EN:")
    assert in_english[Channel.SMS].body.startswith(f"{SIGNATURE}EN:"), "the signature is the registered one"
    assert not in_chinese[Channel.INBOX].title.startswith("EN:")
    assert english == ["en", "/en", "zh", "/zh"]
