"""What is said, kind by kind, and `notify`, which says it.

Values are put into a text once and are never read as a template themselves (R35). What a kind needs is what
its sentences name; a `note` or `reason` may be left out, and its line with it. An SMS has the registered
signature in front, holds no name of a person, and shortens what is long, so that it stays within one segment
if it can.
"""

import datetime as dt
import re
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum

from models.account import Account
from models.base import db
from models.notification import Channel, Message, State
from services import words
from services.notification import past, sending
from services.stamp import Stamp, local_day
from services.text import Sentence, _, speaking

SIGNATURE = "【永川技能】"
SMS_VALUE_LIMIT = 24
TITLE_LIMIT = 200
CODE_LIFE = dt.timedelta(minutes=10)
"""How long a code opens what it is for."""


@dataclass(frozen=True)
class Text:
    title: Sentence
    body: Sentence
    sms: Sentence
    by_sms: bool = False
    """Worth an SMS even when nobody calls it urgent."""
    private: bool = False
    """Carries a secret: it goes to the address given and nowhere else, and is blanked once it is sent."""
    life: dt.timedelta | None = None
    """How long its secret opens anything; afterwards it is not sent any more."""


NOTE = _("说明：%(note)s")
"""A line under the body of any kind, where whoever decided gave a note or a reason."""

TEXTS: dict[str, Text] = {
    "account.code": Text(
        _("验证码"),
        _("您的验证码是 %(code)s，%(minutes)s 分钟内有效。请勿告诉他人；如非本人操作，请忽略本消息。"),
        _("您的验证码是%(code)s，%(minutes)s分钟内有效，请勿告诉他人。如非本人操作请忽略。"),
        by_sms=True,
        private=True,
        life=CODE_LIFE,
    ),
    "account.guardian_code": Text(
        _("监护人确认"),
        _("有未成年人登记您为监护人。如您同意其参加活动，请告知本人确认码 %(code)s，%(minutes)s分钟有效。"),
        _("有未成年人登记您为监护人。如您同意，请将确认码%(code)s告知本人，%(minutes)s分钟内有效。"),
        by_sms=True,
        private=True,
        life=CODE_LIFE,
    ),
    "account.changed": Text(
        _("账号信息已变更"),
        _("您的%(what)s已变更。如非本人操作，请立即重设密码并联系平台。"),
        _("您账号的%(what)s已变更。如非本人操作，请立即登录平台重设密码。"),
        by_sms=True,
    ),
    "account.granted": Text(
        _("您有新的权限"),
        _("您已被授予“%(role)s”权限，下次打开页面即可使用。"),
        _("您已被授予“%(role)s”权限，请登录平台查看。"),
    ),
    "account.badge": Text(
        _("一日工作证已开通"),
        _("您在“%(activity)s”的一日工作证已开通，口令 %(pin)s，仅当日有效。请勿转交他人。"),
        _("您在“%(activity)s”的一日工作证口令是%(pin)s，仅当日有效。"),
        by_sms=True,
        private=True,
    ),
    "organisation.opened": Text(
        _("单位账号已开通"),
        _("“%(organisation)s”的单位账号已开通，您现在可以为本单位报名和管理成员。"),
        _("“%(organisation)s”单位账号已开通，请登录平台使用。"),
        by_sms=True,
    ),
    "organisation.application_refused": Text(
        _("单位账号申请未通过"),
        _("“%(organisation)s”的单位账号申请未通过。您可以按说明更正后重新申请。"),
        _("“%(organisation)s”单位账号申请未通过，请登录平台查看说明。"),
        by_sms=True,
    ),
    "organisation.invited": Text(
        _("单位邀请"),
        _("“%(organisation)s”邀请您加入。请打开链接接受邀请：%(link)s"),
        _("“%(organisation)s”邀请您加入：%(link)s"),
        by_sms=True,
        private=True,
    ),
    "activity.submitted": Text(
        _("待审批：%(title)s"),
        _("活动“%(title)s”已提交审批，请您审阅。"),
        _("活动“%(title)s”待您审批，请登录平台办理。"),
    ),
    "activity.approved": Text(
        _("活动已批准：%(title)s"),
        _("活动“%(title)s”已批准，您可以发布了。"),
        _("活动“%(title)s”已批准，请登录平台发布。"),
    ),
    "activity.sent_back": Text(
        _("活动被退回：%(title)s"),
        _("活动“%(title)s”已退回，请您修改后重新提交。"),
        _("活动“%(title)s”已退回，请登录平台修改后重新提交。"),
    ),
    "activity.published": Text(
        _("活动已发布：%(title)s"),
        _("活动“%(title)s”已发布，公众可以查看和报名。"),
        _("活动“%(title)s”已发布。"),
    ),
    "activity.cancelled": Text(
        _("活动取消：%(title)s"),
        _("很抱歉，您报名的“%(title)s”已取消，您的报名随之失效。"),
        _("很抱歉，您报名的“%(title)s”已取消，详情请登录平台查看。"),
        by_sms=True,
    ),
    "activity.rescheduled": Text(
        _("时间或地点调整：%(title)s"),
        _("您报名的“%(title)s”有调整：%(when)s。如不能参加，请在平台退出报名。"),
        _("您报名的“%(title)s”有调整：%(when)s。"),
        by_sms=True,
    ),
    "report.submitted": Text(
        _("填报待审核：%(indicator)s"),
        _("%(unit)s填报了%(period)s的“%(indicator)s”，请您核对数字和佐证材料。"),
        _("%(unit)s%(period)s的“%(indicator)s”待您审核，请登录平台办理。"),
    ),
    "report.accepted": Text(
        _("填报已采用：%(indicator)s"),
        _("%(unit)s%(period)s的“%(indicator)s”已审核采用，计入目标任务完成情况。"),
        _("%(unit)s%(period)s的“%(indicator)s”已采用。"),
    ),
    "report.returned": Text(
        _("填报被退回：%(indicator)s"),
        _("%(unit)s%(period)s的“%(indicator)s”已退回，请您修改后重新提交。"),
        _("%(unit)s%(period)s的“%(indicator)s”已退回，请登录平台修改。"),
    ),
    "reminder.mend": Text(
        _("请尽快补正：%(activity)s"),
        _("您对“%(activity)s”的报名还没有补正。请在 %(due)s 前更正并重新提交，逾期名额不再保留。"),
        _("您对“%(activity)s”的报名请在%(due)s前补正，逾期名额不再保留。"),
        by_sms=True,
    ),
    "reminder.offer": Text(
        _("候补名额即将到期：%(activity)s"),
        _("为您保留的“%(activity)s”名额将于 %(due)s 到期，请在此之前确认或放弃。"),
        _("为您保留的“%(activity)s”名额%(due)s到期，请登录平台确认。"),
        by_sms=True,
    ),
    "reminder.confirm": Text(
        _("请确认报名：%(activity)s"),
        _("单位为您报名了“%(activity)s”，活动 %(due)s 开始。请您确认；如不同意，可以提出异议。"),
        _("单位为您报名了“%(activity)s”，请登录平台确认或提出异议。"),
        by_sms=True,
    ),
    "reminder.tomorrow": Text(
        _("明天参加：%(activity)s"),
        _("“%(activity)s”将于 %(when)s 开始，地点：%(where)s。请带好证件，按时到场，入场码在“我的报名”中。"),
        _("“%(activity)s”%(when)s开始，地点%(where)s，请按时到场。"),
        by_sms=True,
    ),
    "reminder.party": Text(
        _("报名即将截止：%(activity)s"),
        _("“%(name)s”还没有提交“%(activity)s”的报名，%(due)s 截止。逾期不能再提交。"),
        _("“%(activity)s”报名%(due)s截止，您的队伍或名单还没有提交。"),
        by_sms=True,
    ),
    "reminder.queue": Text(
        _("报名待审核：%(activity)s"),
        _("“%(activity)s”有 %(count)s 份报名等待审核已超过两天，请尽快处理。"),
        _("“%(activity)s”有%(count)s份报名待审核已超过两天，请尽快处理。"),
    ),
    "registration.submitted": Text(
        _("报名已提交：%(activity)s"),
        _("您对“%(activity)s”的报名已提交，正在审核。审核结果会通知您。"),
        _("您对“%(activity)s”的报名已提交，正在审核。"),
    ),
    "registration.accepted": Text(
        _("报名成功：%(activity)s"),
        _("您对“%(activity)s”的报名已成功。请按时参加；如不能参加，请尽早退出，把名额留给候补人员。"),
        _("您对“%(activity)s”的报名已成功，请按时参加。"),
        by_sms=True,
    ),
    "reserve.confirmed": Text(
        _("您已进入%(year)s年度选手储备库"),
        _("您因“%(skill)s”的成绩进入永川区%(year)s年度选手储备库。集训和选拔的安排会另行通知您。"),
        _("您已进入永川区%(year)s年度选手储备库。"),
    ),
    "registration.returned": Text(
        _("报名需要补正：%(activity)s"),
        _("您对“%(activity)s”的报名已退回补正。请在 %(due)s 前更正并重新提交，逾期名额不再保留。"),
        _("您对“%(activity)s”的报名需补正，请在%(due)s前登录平台更正。"),
        by_sms=True,
    ),
    "stamped_copy.accepted": Text(
        _("盖章件已核对：%(activity)s"),
        _("您回传的“%(activity)s”盖章件已核对无误。"),
        _("您回传的“%(activity)s”盖章件已核对无误。"),
    ),
    "stamped_copy.refused": Text(
        _("盖章件需要重新回传：%(activity)s"),
        _("您回传的“%(activity)s”盖章件未通过核对。请按说明重新盖章或拍照，再次回传。"),
        _("您回传的“%(activity)s”盖章件未通过核对，请登录平台查看并重新回传。"),
        by_sms=True,
    ),
    "registration.undecided": Text(
        _("审核结果已撤回：%(activity)s"),
        _("您对“%(activity)s”的报名，刚才的审核结果已撤回，现重新等待审核。给您带来不便，敬请谅解。"),
        _("您对“%(activity)s”的报名，刚才的审核结果已撤回，现重新等待审核。"),
    ),
    "registration.rejected": Text(
        _("报名未通过：%(activity)s"),
        _("很抱歉，您对“%(activity)s”的报名未通过审核。"),
        _("很抱歉，您对“%(activity)s”的报名未通过审核，详情请登录平台查看。"),
        by_sms=True,
    ),
    "registration.waitlisted": Text(
        _("已进入候补：%(activity)s"),
        _("“%(activity)s”的名额已满，您已进入候补。有名额空出时，会按顺序通知您。"),
        _("“%(activity)s”名额已满，您已进入候补，有名额空出时会通知您。"),
    ),
    "registration.offered": Text(
        _("候补名额：%(activity)s"),
        _("“%(activity)s”有名额空出，已为您保留至 %(due)s。请您在此之前确认，逾期将由下一位递补。"),
        _("“%(activity)s”有名额为您保留至%(due)s，请登录平台确认。"),
        by_sms=True,
    ),
    "registration.party_offered": Text(
        _("候补名额：%(activity)s"),
        _(
            "“%(activity)s”有 %(places)s 个名额为“%(party)s”保留至 %(due)s。请您代表全体确认，逾期将由下一位递补。"
        ),
        _("“%(activity)s”有%(places)s个名额为您的团队保留至%(due)s，请登录平台确认。"),
        by_sms=True,
    ),
    "registration.entered_by_unit": Text(
        _("请确认报名：%(activity)s"),
        _("%(who)s已为您报名“%(activity)s”。请您确认是否参加；如不同意，可以提出异议，报名将随之撤回。"),
        _("%(who)s已为您报名“%(activity)s”，请登录平台确认或提出异议。"),
        by_sms=True,
    ),
    "registration.consent_asked": Text(
        _("请确认报名：%(activity)s"),
        _("%(who)s已为您报名“%(activity)s”。请打开链接确认或提出异议：%(link)s"),
        _("“%(activity)s”报名请确认：%(link)s"),
        by_sms=True,
        private=True,
    ),
    "registration.changed_by_unit": Text(
        _("报名内容有改动，请再次确认：%(activity)s"),
        _(
            "%(who)s更改了您“%(activity)s”报名的内容。请您核对后再次确认；如不同意，可以提出异议，报名将随之撤回。"
        ),
        _("%(who)s更改了您“%(activity)s”的报名内容，请登录平台核对并再次确认。"),
        by_sms=True,
    ),
    "registration.change_asked": Text(
        _("报名内容有改动，请再次确认：%(activity)s"),
        _("%(who)s更改了您“%(activity)s”报名的内容。请打开链接核对，再次确认或提出异议：%(link)s"),
        _("“%(activity)s”改动请确认：%(link)s"),
        by_sms=True,
        private=True,
    ),
    "registration.objected": Text(
        _("本人不同意报名：%(activity)s"),
        _("%(name)s不同意由他人报名“%(activity)s”，这份报名已撤回。"),
        _("有人不同意由他人报名“%(activity)s”，该报名已撤回，请登录平台查看。"),
    ),
    "registration.replaced": Text(
        _("已更换选手：%(activity)s"),
        _("您在“%(activity)s”中的名额已由单位更换给他人，您的报名随之退出。"),
        _("您在“%(activity)s”中的名额已由单位更换给他人。"),
    ),
    "registration.standby": Text(
        _("已登记为替补：%(activity)s"),
        _("您已登记为“%(activity)s”的替补。需要替换时会通知您。"),
        _("您已登记为“%(activity)s”的替补，需要替换时会通知您。"),
    ),
    "registration.offer_expired": Text(
        _("候补名额已失效：%(activity)s"),
        _("为您保留的“%(activity)s”候补名额未在期限内确认，已由下一位递补。"),
        _("“%(activity)s”为您保留的名额未按时确认，已失效。"),
    ),
    "registration.waiting_over": Text(
        _("候补已结束：%(activity)s"),
        _("“%(activity)s”已经开始，没有空出的名额，您的候补随之结束。感谢您的关注。"),
        _("“%(activity)s”已经开始，您的候补随之结束。"),
    ),
    "registration.reviewer_ended": Text(
        _("审核委任已结束"),
        _("您对“%(activity)s”报名的审核委任已结束，已作出的审核决定不变。"),
        _("您对“%(activity)s”报名的审核委任已结束。"),
    ),
    "registration.withdrawn": Text(
        _("已退出报名：%(activity)s"),
        _("您对“%(activity)s”的报名已退出，名额已释放。"),
        _("您对“%(activity)s”的报名已退出。"),
    ),
    "registration.expired": Text(
        _("报名已失效：%(activity)s"),
        _("您对“%(activity)s”的报名未在期限内补正，已失效。如报名尚未截止，您可以重新报名。"),
        _("您对“%(activity)s”的报名未按时补正，已失效。"),
    ),
    "party.joined": Text(
        _("有人加入参赛队：%(party)s"),
        _("%(name)s已加入您的参赛队“%(party)s”。人数够了就可以提交报名。"),
        _("有人加入了您的参赛队“%(party)s”，请登录平台查看。"),
    ),
    "party.left": Text(
        _("有人退出参赛队：%(party)s"),
        _("%(name)s已退出您的参赛队“%(party)s”。请留意队伍人数是否还够。"),
        _("有人退出了您的参赛队“%(party)s”，请登录平台查看。"),
    ),
    "party.short": Text(
        _("参赛队缺员：%(party)s"),
        _(
            "“%(party)s”参加“%(activity)s”的正式队员只剩 %(left)s 人，少于规定的 %(least)s 人。"
            "请在 %(until)s 前更换或补充选手，或整队退出。"
        ),
        _("“%(party)s”正式队员只剩%(left)s人，少于规定的%(least)s人，请登录平台补充选手。"),
        by_sms=True,
    ),
    "party.removed": Text(
        _("您已不在参赛队“%(party)s”中"),
        _("队长已将您移出参赛队“%(party)s”。您可以加入其他队伍，或与队长联系。"),
        _("您已不在参赛队“%(party)s”中。"),
    ),
    "party.captain": Text(
        _("您已成为队长：%(party)s"),
        _("“%(activity)s”的参赛队“%(party)s”已移交给您，请您继续办理报名事宜。"),
        _("参赛队“%(party)s”已移交给您，请登录平台继续办理。"),
        by_sms=True,
    ),
    "party.dissolved": Text(
        _("参赛队已解散：%(party)s"),
        _("“%(activity)s”的参赛队“%(party)s”已解散。您可以加入其他队伍。"),
        _("参赛队“%(party)s”已解散。"),
    ),
    "party.seats_allotted": Text(
        _("名额已分配：%(activity)s"),
        _("“%(organisation)s”在“%(activity)s”获得 %(seats)s 个名额。请添加人员、排好顺序并锁定报送。"),
        _("“%(activity)s”给本单位 %(seats)s 个名额，请登录平台报送名单。"),
        by_sms=True,
    ),
    "party.seats_refused": Text(
        _("名额申请未获同意：%(activity)s"),
        _("“%(organisation)s”在“%(activity)s”的名额申请未获同意。"),
        _("本单位在“%(activity)s”的名额申请未获同意，请登录平台查看说明。"),
    ),
    "certificate.issued": Text(
        _("证书已签发：%(heading)s"),
        _("您在“%(activity)s”的%(heading)s已签发，可以在“我的证书”中查看、下载和打印。"),
        _("您在“%(activity)s”的%(heading)s已签发，请登录平台在“我的证书”中下载。"),
        by_sms=True,
    ),
    "certificate.revoked": Text(
        _("证书已撤销：%(heading)s"),
        _("您在“%(activity)s”的%(heading)s已撤销。如有疑问，请联系发证单位。"),
        _("您在“%(activity)s”的%(heading)s已撤销，如有疑问请联系发证单位。"),
        by_sms=True,
    ),
    "outcome.submitted": Text(
        _("结果待确认：%(title)s"),
        _("“%(title)s”的结果已登记并提交，请另一位人员核对后确认。"),
        _("“%(title)s”的结果待您确认，请登录平台办理。"),
    ),
    "outcome.sent_back": Text(
        _("结果被退回：%(title)s"),
        _("“%(title)s”的结果已退回，请核对修改后重新提交。"),
        _("“%(title)s”的结果已退回，请登录平台修改。"),
    ),
    "outcome.correction_accepted": Text(
        _("更正已同意：%(title)s"),
        _("您申请的“%(title)s”结果更正已同意，结果已随之改动。"),
        _("您申请的“%(title)s”结果更正已同意。"),
    ),
    "outcome.correction_refused": Text(
        _("更正未同意：%(title)s"),
        _("您申请的“%(title)s”结果更正未同意，结果没有改动。"),
        _("您申请的“%(title)s”结果更正未同意。"),
    ),
    "outcome.completed": Text(
        _("结果已确认：%(activity)s"),
        _("您参加的“%(activity)s”结果已确认：%(result)s。"),
        _("您参加的“%(activity)s”结果已确认：%(result)s。"),
    ),
    "outcome.awarded": Text(
        _("恭喜获奖：%(activity)s"),
        _("您在“%(activity)s”中的成绩已确认：%(result)s。祝贺您。"),
        _("您在“%(activity)s”中获奖：%(result)s。祝贺您。"),
        by_sms=True,
    ),
    "outcome.scored": Text(
        _("成绩已确认：%(activity)s"),
        _("您参加的“%(activity)s”成绩已确认：%(result)s。感谢您的参与。"),
        _("您参加的“%(activity)s”成绩已确认：%(result)s。"),
    ),
    "outcome.failed": Text(
        _("结果已确认：%(activity)s"),
        _("您报名的“%(activity)s”结果已确认：%(result)s。如有疑问，请联系承办单位。"),
        _("您报名的“%(activity)s”结果已确认：%(result)s。"),
    ),
    "outcome.corrected": Text(
        _("结果已更正：%(activity)s"),
        _("您在“%(activity)s”中的结果经核对已更正为：%(result)s。如有疑问，请联系承办单位。"),
        _("您在“%(activity)s”中的结果已更正为：%(result)s。"),
    ),
    "person.claimed": Text(
        _("身份已确认"),
        _("您的身份信息已确认，与您有关的报名和记录现在可以在“我的报名”中查看。"),
        _("您的身份信息已确认，请登录平台查看。"),
    ),
}

_PLACE = re.compile(r"%\((\w+)\)s")


def needs(kind: str) -> frozenset[str]:
    """The names of the values that a kind cannot do without."""
    text = TEXTS[kind]
    return frozenset(
        name for part in (text.title, text.body, text.sms) for name in _PLACE.findall(part.message)
    )


def notify(
    account: Account | None,
    kind: str,
    *,
    stamp: Stamp,
    link: str = "",
    phone: str = "",
    email: str = "",
    urgent: bool = False,
    **params: object,
) -> list[Message]:
    """Write the messages of one event in the running transaction: inbox, SMS and e-mail, as the kind asks.

    `phone` and `email` are addresses known to belong to whom it concerns; without them those of the account
    are used, the e-mail only if verified. Moments, days, numbers, enum members and sentences are said in the
    receiver's language. Raises TypeError if a value is missing that the kind needs.
    """
    text = TEXTS[kind]
    missing = needs(kind) - {*params, "link"}
    if missing:
        raise TypeError(f"notify({kind!r}) needs {', '.join(sorted(missing))}")
    tongue: AbstractContextManager[None] = speaking(account.language if account is not None else "zh")
    if account is None and text.private:
        tongue = nullcontext()  # whoever asks for a code reads it: in the language of their page
    year = local_day(stamp.when).year
    rows = []
    with tongue:
        said = {name: say(value, year) for name, value in params.items()}
        if text.private:
            said["link"] = sending.absolute(link)
        title = _filled(text.title, said)
        body = _filled(text.body, said)
        if note := said.get("note") or said.get("reason"):
            body += "\n" + _filled(NOTE, {"note": note})
        short = {name: value if name == "link" else _shortened(value) for name, value in said.items()}
        sms = SIGNATURE + _filled(text.sms, short)
        for channel, address in _ways(account, text, phone, email, urgent=urgent):
            gone = channel == Channel.INBOX or past.is_muted()
            row = Message(
                channel=channel,
                account_id=account.id if account is not None else None,
                kind=kind,
                title=_shortened(title, TITLE_LIMIT),
                link="" if text.private else link,
                state=State.SENT if gone else State.QUEUED,
                due_at=stamp.when,
                made_at=stamp.when,
                sent_at=stamp.when if gone else None,
            )
            row.address = address or None
            row.body = sms if channel == Channel.SMS else body
            rows.append(row)
    db.session.add_all(rows)
    return rows


def _ways(
    account: Account | None, text: Text, phone: str, email: str, *, urgent: bool
) -> list[tuple[Channel, str]]:
    """By which channels a message goes, and where to."""
    ways: list[tuple[Channel, str]] = []
    if account is not None and not (phone or (email and text.private)):
        phone = account.phone or ""
    if account is not None and not (email or (phone and text.private)):
        email = (account.email_verified_at and account.email) or ""
    if account is not None and not text.private:
        ways.append((Channel.INBOX, ""))
    if phone and sending.can(Channel.SMS) and (text.by_sms or urgent or account is None):
        ways.append((Channel.SMS, phone))
    if email and sending.can(Channel.MAIL):
        ways.append((Channel.MAIL, email))
    return ways


def say(value: object, this_year: int) -> str:
    """A value as people read it, in the language being spoken."""
    if isinstance(value, StrEnum):
        return str(words.label(value))
    if isinstance(value, dt.datetime):
        return words.say_moment(value, this_year=this_year)
    if isinstance(value, dt.date):
        return words.say_day(value, this_year=this_year)
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def _filled(sentence: Sentence, values: dict[str, str]) -> str:
    return str(Sentence(sentence.message, **values))


def _shortened(value: str, limit: int = SMS_VALUE_LIMIT) -> str:
    return value if len(value) <= limit else value[: limit - 1] + "…"
