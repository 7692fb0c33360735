"""The words people read for the words the code uses: a label an enum member, by the glossary; dates as people say.

`label(member)` is a lazy sentence in Chinese, translated when it is shown.
"""

import datetime as dt
from enum import StrEnum

from models import (
    account,
    activity,
    attendance,
    booking,
    certificate,
    organisation,
    outcome,
    party,
    person,
    pipeline,
    registration,
    token,
)
from services.stamp import LOCAL
from services.text import Sentence, _

_LABELS: dict[type[StrEnum], dict[str, Sentence]] = {
    activity.Kind: {
        "competition": _("竞赛"),
        "forum": _("论坛"),
        "lecture": _("讲座"),
        "seminar": _("研讨会"),
        "training_class": _("培训班"),
        "experience": _("技能体验"),
        "assessment": _("技能等级认定"),
        "job_fair": _("招聘会"),
    },
    booking.Grade: {
        "P1": _("一年级"),
        "P2": _("二年级"),
        "P3": _("三年级"),
        "P4": _("四年级"),
        "P5": _("五年级"),
        "P6": _("六年级"),
        "J1": _("初一"),
        "J2": _("初二"),
        "J3": _("初三"),
        "S1": _("高一"),
        "S2": _("高二"),
        "S3": _("高三"),
        "V": _("中职"),
    },
    booking.State: {
        "held": _("名额保留中"),
        "approval": _("待本校同意"),
        "requested": _("待中心确认"),
        "waiting": _("候补中"),
        "confirmed": _("已确认"),
        "arrived": _("已到场"),
        "completed": _("已完成"),
        "no_show": _("未到场"),
        "cancelled": _("已取消"),
        "late_cancelled": _("临期取消"),
        "refused": _("未通过"),
        "lapsed": _("已失效"),
        "called_off": _("中心已取消"),
    },
    booking.SlotState: {
        "proposed": _("学校提出"),
        "open": _("可预约"),
        "closed": _("已结束"),
        "called_off": _("已取消"),
    },
    booking.Transport: {
        "own_bus": _("学校校车"),
        "hired_bus": _("租用客车"),
        "public": _("公共交通"),
        "on_foot": _("步行"),
        "wanted": _("需要协助"),
    },
    activity.Level: {
        "unit": _("单位级"),
        "district": _("区级"),
        "municipal": _("市级"),
        "national": _("国家级"),
        "international": _("国际级"),
    },
    activity.Series: {
        "district": _("全区职业技能大赛"),
        "industry": _("行业技能竞赛"),
        "post_drill": _("岗位练兵比武"),
        "invitational": _("邀请赛"),
        "selection": _("选拔赛"),
    },
    activity.Industry: {
        "vehicles": _("汽车摩托车"),
        "electronics": _("电子信息"),
        "high_end_equipment": _("高端装备"),
        "smart_home": _("智能家居及材料"),
        "consumer_goods": _("特色消费品"),
        "new_energy": _("新能源"),
        "biomedicine": _("生物医药及大健康"),
        "digital": _("数字产业"),
        "modern_services": _("现代服务业"),
        "agriculture": _("农业与乡村旅游"),
        "construction": _("建筑"),
    },
    activity.Division: {
        "employee": _("职工组"),
        "student": _("学生组"),
        "teacher": _("教师组"),
        "youth": _("青年组"),
    },
    activity.State: {
        "draft": _("草稿"),
        "pending_approval": _("待审批"),
        "approved": _("已批准，待发布"),
        "published": _("已发布"),
        "held": _("已结束"),
        "archived": _("已归档"),
        "cancelled": _("已取消"),
    },
    activity.NoticeKind: {
        "notice": _("通知公告"),
        "name_list": _("名单公示"),
        "result": _("成绩公示"),
    },
    pipeline.Tier: {
        "seed": _("种子选手"),
        "district_squad": _("区级集训"),
        "municipal_squad": _("市级集训"),
        "national_squad": _("国家集训"),
        "competitor": _("参赛"),
    },
    registration.State: {
        "submitted": _("待审核"),
        "returned": _("退回补正"),
        "accepted": _("审核通过"),
        "rejected": _("审核不通过"),
        "waitlisted": _("候补"),
        "offered": _("有空缺，待您确认"),
        "standby": _("替补"),
        "withdrawn": _("已退赛"),
        "expired": _("已失效"),
        "called_off": _("活动已取消"),
    },
    party.Kind: {"team": _("参赛队"), "class": _("集体"), "delegation": _("代表队")},
    party.State: {"gathering": _("组建中"), "sent": _("已提交"), "dissolved": _("已解散")},
    party.Role: {"captain": _("队长"), "member": _("队员"), "substitute": _("替补")},
    attendance.Way: {
        "camera": _("扫码"),
        "photo": _("照片"),
        "typed": _("输入入场码"),
        "list": _("名单"),
        "link": _("微信扫一扫"),
        "group": _("团体点名"),
        "self": _("自助签到"),
        "paper": _("纸质签到册"),
    },
    attendance.Direction: {"in": _("入场"), "out": _("离场")},
    person.Category: {
        "enterprise_employee": _("企业职工"),
        "vocational_student": _("职业院校学生"),
        "vocational_teacher": _("职业院校教师"),
        "pupil": _("中小学生"),
        "citizen": _("市民"),
        "flexible_worker": _("灵活就业人员"),
        "rural_worker": _("乡村劳动者"),
        "jobseeker": _("求职者"),
        "public_staff": _("机关事业单位人员"),
        "expert": _("专家"),
        "other": _("其他"),
    },
    person.DocumentType: {
        "resident_id": _("居民身份证"),
        "hmt_residence_permit": _("港澳台居民居住证"),
        "hm_permit": _("港澳居民来往内地通行证"),
        "tw_permit": _("台湾居民来往大陆通行证"),
        "pr_card": _("外国人永久居留身份证"),
        "passport": _("护照"),
    },
    person.Sex: {"male": _("男"), "female": _("女")},
    person.SkillLevel: {
        "none": _("无等级"),
        "apprentice_worker": _("学徒工"),
        "junior_worker": _("初级工（五级）"),
        "intermediate_worker": _("中级工（四级）"),
        "advanced_worker": _("高级工（三级）"),
        "technician": _("技师（二级）"),
        "senior_technician": _("高级技师（一级）"),
        "special_technician": _("特级技师"),
        "chief_technician": _("首席技师"),
    },
    organisation.Type: {
        "party": _("党委部门"),
        "government": _("政府部门"),
        "public_institution": _("事业单位"),
        "park": _("园区"),
        "town_street": _("镇街"),
        "enterprise": _("企业"),
        "higher_vocational": _("高职院校"),
        "secondary_vocational": _("中职学校"),
        "technician_college": _("技工院校"),
        "school": _("中小学"),
        "training_provider": _("培训机构"),
        "assessment_body": _("评价组织"),
        "association": _("行业协会、社会组织"),
        "union_league": _("群团组织"),
        "outside": _("区外单位"),
    },
    organisation.ApplicationState: {
        "submitted": _("待审核"),
        "opened": _("已开通"),
        "refused": _("未通过"),
    },
    account.Role: {
        "contestant": _("选手"),
        "unit_manager": _("单位管理员"),
        "teacher": _("教师"),
        "organiser": _("赛务管理员"),
        "reviewer": _("资格审查员"),
        "checkin_helper": _("签到助手"),
        "activity_approver": _("活动审批员"),
        "coding_judge": _("加密裁判"),
        "scoring_judge": _("评分裁判"),
        "chief_judge": _("裁判长"),
        "score_clerk": _("记分员"),
        "supervisor": _("监督员"),
        "arbitrator": _("仲裁员"),
        "certificate_officer": _("证书管理员"),
        "reporter": _("指标填报员"),
        "lead_reviewer": _("指标审核员"),
        "aggregator": _("指标汇总员"),
        "coach": _("教练"),
        "auditor": _("审计员"),
        "expert": _("专家"),
        "system_admin": _("系统管理员"),
        "security_admin": _("安全管理员"),
        "audit_admin": _("审计管理员"),
    },
    account.ScopeKind: {
        "district": _("全区"),
        "organisation": _("本单位"),
        "activity": _("单项活动"),
        "track": _("一个赛项（审核）"),
        "unit": _("一个单位的报名（审核）"),
        "door": _("签到点"),
    },
    certificate.Kind: {
        "award": _("荣誉证书"),
        "participation": _("参赛证明"),
        "organisation": _("优秀组织奖"),
        "coach": _("优秀教练证书"),
        "completion": _("结业证书"),
        "appointment": _("聘书"),
        "other": _("证明"),
    },
    certificate.State: {
        "queued": _("正在签署"),
        "issued": _("有效"),
        "revoked": _("已撤销"),
        "reissued": _("已换发"),
    },
    certificate.Wish: {"revoke": _("撤销"), "reissue": _("换发")},
    outcome.State: {
        "draft": _("未提交"),
        "submitted": _("待确认"),
        "confirmed": _("已确认"),
    },
    outcome.Verdict: {
        "completed": _("合格"),
        "failed": _("不合格"),
        "absent": _("未到"),
        "competed": _("参赛"),
        "disqualified": _("取消资格"),
    },
    outcome.Award: {
        "first_prize": _("一等奖"),
        "second_prize": _("二等奖"),
        "third_prize": _("三等奖"),
        "merit_award": _("优胜奖"),
    },
    token.TokenScope: {"read": _("查询"), "write": _("报名和退赛")},
}

_WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
_MONTHS = (
    *(_("1月"), _("2月"), _("3月"), _("4月"), _("5月"), _("6月")),
    *(_("7月"), _("8月"), _("9月"), _("10月"), _("11月"), _("12月")),
)


def label(member: StrEnum) -> Sentence:
    """What people read for a member of an enum."""
    return _LABELS[type(member)][member.value]


def choices(kind: type[StrEnum]) -> list[tuple[str, Sentence]]:
    """(value, label) of every member, in the order of the glossary."""
    return [(member.value, _LABELS[kind][member.value]) for member in kind]


def knows(kind: type[StrEnum]) -> bool:
    return kind in _LABELS and all(member.value in _LABELS[kind] for member in kind)


def say_month(month: int) -> Sentence:
    """12月, Dec."""
    return _MONTHS[month - 1]


def say_day(moment: dt.datetime | dt.date, *, weekday: bool = False, this_year: int | None = None) -> str:
    """12月5日, 12月5日 周六; with the year where it is not this one. In Yongchuan's days."""
    day = moment.astimezone(LOCAL).date() if isinstance(moment, dt.datetime) else moment
    month = str(say_month(day.month))
    if this_year is not None and day.year != this_year:
        text = _("%(year)s年%(month)s%(day)s日", year=day.year, month=month, day=day.day)
    else:
        text = _("%(month)s%(day)s日", month=month, day=day.day)
    return str(
        _("%(date)s %(weekday)s", date=str(text), weekday=_WEEKDAYS[day.weekday()]) if weekday else text
    )


def say_time(moment: dt.datetime) -> str:
    return moment.astimezone(LOCAL).strftime("%H:%M")


def say_moment(moment: dt.datetime, *, weekday: bool = True, this_year: int | None = None) -> str:
    """12月5日 周六 09:00"""
    return f"{say_day(moment, weekday=weekday, this_year=this_year)} {say_time(moment)}"


def say_span(start: dt.datetime, end: dt.datetime, *, this_year: int | None = None) -> str:
    """12月5日 周六 09:00–12:00, or 12月5日—12月8日 over several days."""
    if start.astimezone(LOCAL).date() == end.astimezone(LOCAL).date():
        return f"{say_moment(start, this_year=this_year)}–{say_time(end)}"
    return f"{say_day(start, this_year=this_year)}—{say_day(end, this_year=this_year)}"
