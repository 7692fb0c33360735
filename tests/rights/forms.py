"""How each writing door is used rightly: by whom, and with which fields. A writing door that is not here fails."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.rights.world import Side
from tests.support import files, lists

Fields = dict[str, Any]


@dataclass(frozen=True)
class Use:
    who: str
    fields: Callable[[Side], Fields] = field(default=lambda side: {})
    query: str = ""
    writes: bool = True
    """Whether it is done with this one request; otherwise an earlier step is wanting, and it refuses."""


def use(who: str, query: str = "", **fields: Any) -> Use:
    return Use(who, lambda side: fields, query)


def step(who: str, **fields: Any) -> Use:
    return Use(who, lambda side: fields, writes=False)


ACTIVITY = {
    "kind": "lecture",
    "title": "新的讲座",
    "summary": "简介",
    "starts_at": "2026-12-05T09:00",
    "ends_at": "2026-12-05T17:00",
    "level": "district",
    "contact_phone": "023-49800000",
    "description": "介绍",
    "clause": "",
    "tags": [],
    "audience": [],
}
TRACK = {
    "name": "新的项目",
    "capacity": "40",
    "opens_at": "2026-11-24T09:00",
    "closes_at": "2026-11-28T09:00",
    "needs_review": "y",
    "born_from": "1960-01-01",
    "born_until": "2008-12-31",
    "categories": "enterprise_employee",
}
SESSION = {"title": "新的一场", "starts_at": "2026-12-03T10:00", "ends_at": "2026-12-03T11:00"}
ANSWER = {
    "category": "enterprise_employee",
    "workplace": "某厂",
    "post": "钳工",
    "remark": "备注",
    "promise": "y",
}
PERSON = {
    "name": "示例周",
    "document_type": "resident_id",
    "category": "citizen",
    "skill_level": "none",
    "workplace": "某厂",
    "birth_date": "",
    "document_number": "",
    "guardian_name": "",
    "guardian_phone": "",
    "agrees": "y",
}
VENUE = {"name": "新的场地", "address": "示例路 2 号", "seats": "30", "town": "", "getting_there": "公交"}


CLASS = {"grade": "P5", "heads": "5"}
WHOLE_CLASS = CLASS | {
    "classes": "20",
    "teachers": "5",
    "contact_name": "陈老师",
    "contact": "19900009999",
    "wheelchair": "",
    "hearing": "",
    "sight": "",
    "allergy": "1",
    "other": "",
}
THEME = {
    "title": "新的主题",
    "summary": "做什么",
    "grades": "P5",
    "capacity": "30",
    "least": "0",
    "minutes": "60",
    "stations": "机械臂 6 台",
    "staff": "两名教师",
    "risk_note": "戴护目镜",
    "what_to_bring": "水杯",
    "venue": "",
    "room": "302",
}
TERMS = {
    "days_least": "3",
    "days_most": "60",
    "first_days": "7",
    "visits_most": "4",
    "pupils_a_teacher": "20",
    "pupils_a_teacher_secondary": "25",
    "hold_minutes": "30",
    "offer_hours": "24",
    "notice_days": "2",
    "decide_days": "3",
    "no_shows_most": "2",
    "closures": "2026-12-31 到 2027-01-03 元旦",
}


def _units(side: Side) -> Fields:
    return {"organiser": side.codes["unit"], "host": side.codes["unit"], "lead": side.codes["lead"]}


def _queue(side: Side) -> Fields:
    scan = {"key": "0" * 32, "pass": side.codes["pass"], "at": 0, "way": "camera", "direction": "in"}
    return {
        "head": side.codes["roster.head"],
        "signature": side.codes["roster.signature"],
        "scans": json.dumps([scan]),
    }


def _paper(name: str) -> Any:
    return (io.BytesIO(files.paper()), name)


FORMS: dict[str, Use] = {
    # entering
    "account.appoint": use("signed_in"),
    "account.badge": Use("anonymous", lambda side: {"pin": side.codes["badge.pin"]}),
    "account.demo_sign_in": step("anonymous"),
    "account.enter_code": step("anonymous"),
    "account.finish": step("anonymous"),
    "account.reset": use("anonymous", contact="13800001111"),
    "account.reset_code": step("anonymous"),
    "account.send_again": step("anonymous"),
    "account.sign_in": use("anonymous", contact="13800001112"),
    "account.sign_in_email": use("anonymous", contact="a@example.org"),
    "account.sign_in_password": step("anonymous"),
    "account.sign_up": use("anonymous", contact="13800001113"),
    "account.sign_up_email": use("anonymous", contact="b@example.org"),
    # for programs: sent as JSON
    "api.register": Use(
        "signed_in", lambda side: {**ANSWER, "promise": True, "track": side.codes["activity.track2"]}
    ),
    "api.withdraw": use("contestant", note="有事"),
    "api.accept_offer": use("contestant"),
    "token.create": use("signed_in", label="我的程序", scopes="read", term="30"),
    "token.revoke": use("contestant"),
    # one's own account
    "account.claim": step("claimant", code="000000"),
    "account.claim_code": use("claimant"),
    "account.confirm_contact": step("signed_in"),
    "account.consent": use("signed_in", agrees="y"),
    "account.drop_password": use("signed_in"),
    "account.email": use("signed_in", contact="c@example.org"),
    "account.end_others": use("signed_in"),
    "account.end_sign_in": use("contestant"),
    "account.guardian": step("ward", code="000000"),
    "account.guardian_code": use("ward"),
    "account.password": use("signed_in", password="lantern orchard 77 kestrel"),
    "account.person": use("signed_in", **PERSON),
    "account.phone": use("signed_in", contact="13800001114"),
    "account.prove": step("signed_in"),
    "account.prove_code": use("signed_in", "by=sms"),
    "account.remove_factor": step("signed_in"),
    "account.second_factor": step("signed_in"),
    "account.set_up_factor": step("signed_in", code="000000"),
    "account.settings": use("signed_in", display_name="新的称呼", language="en"),
    "account.sign_out": use("signed_in"),
    "notification.open_one": use("contestant"),
    "notification.read_all": use("contestant"),
    # registering and reviewing
    # those who enter together
    "party.create": use("signed_in", team_name="新的队", **ANSWER),
    "party.edit": use("contestant", team_name="改名的队", team_coach="教练", team_leader="领队"),
    "party.link": use("contestant"),
    "party.close_link": use("contestant"),
    "party.role": use("contestant", role="substitute"),
    "party.remove": use("unit_manager"),
    "party.hand_over": use("contestant"),
    "party.answer_own": use("member", **ANSWER),
    "party.leave": use("member"),
    "party.send": use("contestant", promise="y"),
    "party.dissolve": use("unit_manager", note="不参加了"),
    "party.join": use("signed_in", as_role="member", **ANSWER),
    "party.offer": step("unit_manager"),
    "party.replace": Use(
        "unit_manager", lambda side: {"comes": side.codes["sent_roll.spare"], "note": "受伤"}
    ),
    "party.withdraw_one": use("unit_manager", note="受伤"),
    "party.add_late": step("contestant"),
    "party.ask": use("unit_manager", seats="2", reason="两人备赛"),
    "party.begin": use("unit_manager"),
    "party.order": Use("unit_manager", lambda side: {f"rank_{side.codes['roll.member']}": "9"}),
    "party.add": Use(
        "unit_manager",
        lambda side: {
            **ANSWER,
            "person_name": "示例新人",
            "person_phone": "13800002222",
            "person_document_type": "resident_id",
            "person_document_number": side.codes["new_number"],
        },
    ),
    "party.pick": Use("unit_manager", lambda side: {"people": side.codes["earlier"]}),
    "party.lock": use("unit_manager", opinion="同意推荐", promise="y"),
    "party.mend_line": use("unit_manager", **ANSWER),
    "party.mend": use("unit_manager", **ANSWER),
    "party.recommend": use("unit_manager", decision="recommend", note="同意推荐"),
    "party.seats": Use("organiser", lambda side: {f"seats_{side.codes['request']}": "2"}),
    "party.consent": Use(
        "anonymous", lambda side: {"decision": "confirm", "digits": side.codes["consent.digits"]}
    ),
    # skill experience
    "booking.keep": use("teacher", **CLASS),
    "booking.wait": use("teacher", **CLASS),
    "booking.single": use("signed_in", contact_name="示例王", contact="19900008888"),
    "booking.propose": use("teacher", starts_at="2026-12-16T10:00", room="302", **WHOLE_CLASS),
    "booking.fill": use("teacher", **WHOLE_CLASS),
    "booking.agree": use("teacher", agreed="y"),
    "booking.cancel": use("teacher", note="有事"),
    "booking.move": use("teacher"),
    "booking.supplement": use("teacher", transport="hired_bus", plates="渝C00001", insurance="保单 1"),
    "booking.approve": use("unit_manager", note="同意"),
    "booking.set_approval": use("unit_manager", wanted="1"),
    "booking.arrive": use("teacher", heads="4", teachers="1"),
    "booking.decide": use("organiser", decision="confirm", note="欢迎"),
    "booking.correct": use("organiser", heads="3", note="点错了"),
    "booking.close": use("organiser"),
    "booking.merge": use("organiser"),
    "booking.remove": use("organiser"),
    "booking.off": Use("organiser", lambda side: {"slot": side.codes["slot"], "note": "暴雨"}),
    "booking.open_season": use("organiser"),
    "booking.terms": Use("organiser", lambda side: TERMS | {"version": side.codes["term.version"]}),
    "booking.new_theme": use("organiser", **THEME),
    "booking.theme": use("organiser", **THEME),
    "booking.close_theme": use("organiser"),
    "booking.repeat": use(
        "organiser",
        first="2026-12-21",
        last="2026-12-25",
        weekdays="0",
        times="09:00、14:00",
        parallel="1",
        seen="2",
    ),
    "booking.school_list": Use(
        "organiser",
        lambda side: {
            "file": (
                io.BytesIO(
                    lists.workbook(
                        [["新的小学", "小学", "青峰镇", "乡村"]], ["学校名称", "学段", "所在镇街", "城乡"]
                    )
                ),
                "学校.xlsx",
            )
        },
    ),
    "intake.new": Use(
        "unit_manager",
        lambda side: {
            "activity": side.codes["activity"],
            "track": side.codes["activity.track2"],
            "file": (io.BytesIO(lists.workbook(lists.people(2))), "名单.xlsx"),
        },
    ),
    "intake.columns": use("unit_manager", c0="name", c1="document_number", c2="category"),
    "intake.line": use("unit_manager", c0="示例新人", c1="500199198808080210", c2="企业职工"),
    "intake.drop_line": use("unit_manager"),
    "intake.enter": use("unit_manager", which="good"),
    "intake.check": use("unit_manager"),
    "intake.undo": use("unit_manager"),
    "intake.drop": use("unit_manager"),
    "party.consent_own": use("contestant", decision="confirm"),
    "registration.accept_offer": use("contestant"),
    "registration.create": use("signed_in", **ANSWER),
    "registration.edit": use("contestant", **ANSWER),
    "registration.withdraw": use("contestant", note="有事"),
    "registration.bulk": Use(
        "reviewer", lambda side: {"entries": f"{side.codes['registration']}:1", "decision": "accept"}
    ),
    "registration.end": use("organiser", instead="", note="受伤"),
    "registration.bulk_undo": use("reviewer"),
    "stamped_copy.send": Use("contestant", lambda side: {"files": _paper("盖章.pdf"), "stamped_by": "单位"}),
    "stamped_copy.send_list": Use(
        "contestant", lambda side: {"files": _paper("盖章.pdf"), "stamped_by": "单位"}
    ),
    "stamped_copy.send_batch": Use(
        "reviewer", lambda side: {"files": _paper("盖章.pdf"), "stamped_by": "单位"}
    ),
    "stamped_copy.decide": use("reviewer", decision="accept", note="已核对"),
    "twin.compare": Use(
        "security_admin", lambda side: {"keep": side.codes["twin"], "reason": "当面核对证件"}
    ),
    "twin.part": use("security_admin"),
    "twin.undo": use("security_admin"),
    "registration.review": use("reviewer", decision="accept", version="1"),
    "registration.unmask": use("reviewer", reason="核对证件"),
    # the door of an activity
    "attendance.check_in": Use(
        "checkin_helper",
        lambda side: {"pass_code": side.codes["pass"], "sitting": side.codes["today"], "way": "list"},
    ),
    "attendance.undo": use("checkin_helper", reason="扫错了人"),
    "attendance.group": Use(
        "checkin_helper",
        lambda side: {
            "group": f"t-{side.codes['activity.track']}",
            "ticked": side.codes["ticket"],
            "counted": "2",
            "note": "一人在外等候",
        },
    ),
    "attendance.paper": Use(
        "checkin_helper", lambda side: {"codes": side.codes["pass"], "noted_at": "00:01", "step": "save"}
    ),
    "attendance.upload": Use("checkin_helper", _queue),
    "attendance.here": step("member", code="000000"),
    "attendance.points_of": use("organiser", name="又一个门"),
    "attendance.point": use("organiser", name="改名的门"),
    "attendance.close_point": use("organiser"),
    # certificates
    "certificate.index": step("anonymous", number="YC-JS-2026-0001-0001-0", name="张三"),
    "certificate.proof": step("anonymous", name="张三"),
    "certificate.change": use("certificate_officer", wish="revoke", reason="成绩更正"),
    "certificate.decide": use("certificate_officer", decision="accept", note="属实"),
    "certificate.sheet": use("certificate_officer"),
    # units
    "organisation.accept": use("invited"),
    "organisation.apply": Use(
        "signed_in",
        lambda side: {
            "name": "另一个单位",
            "type": "enterprise",
            "credit_code": "91500199K8PBRNYT4W",
            "letter": _paper("授权书.pdf"),
            "promise": "y",
        },
    ),
    "organisation.close": use("security_admin"),
    "organisation.decide": use("security_admin", outcome="open", reason="齐全"),
    "organisation.edit": use("unit_manager", short_name="新简称", town="青峰镇", version="1"),
    "organisation.hand_over": use("unit_manager"),
    "organisation.invite": use("unit_manager", contact="13900001111"),
    "organisation.leave": use("member"),
    "organisation.open_unit": use(
        "security_admin", name="又一个单位", type="enterprise", credit_code="91500199RJT2FQ8125"
    ),
    "organisation.remove": use("unit_manager"),
    "organisation.take_back": use("unit_manager"),
    # places
    "venue.add_stations": use("unit_manager", count="2", equipment="铣床"),
    "venue.close": use("unit_manager"),
    "venue.create": Use("unit_manager", lambda side: VENUE | {"owner": side.codes["unit"]}),
    "venue.edit": use("unit_manager", **VENUE, version="1"),
    "venue.reopen": use("unit_manager"),
    "venue.station": use("unit_manager", action="stop"),
    # the desk
    "account.badges_of": use("organiser", display_name="小王", role="checkin_helper", day="2026-11-24"),
    "account.withdraw_badge": use("organiser"),
    "registration.reviewers": Use(
        "organiser",
        lambda side: {
            "name": side.codes["account.name"],
            "known_by": side.codes["account"],
            "place": "activity",
        },
    ),
    "registration.end_reviewer": use("organiser"),
    "desk.add_session": use("organiser", **SESSION),
    "desk.add_track": use("organiser", **TRACK),
    "desk.approve": use("activity_approver", decision="approve"),
    "desk.archive": use("organiser"),
    "desk.cancel": use("organiser", reason="天气"),
    "desk.create": Use("organiser", lambda side: ACTIVITY | _units(side)),
    "desk.edit": Use(
        "organiser",
        lambda side: {"title": "改过的讲座", "version": side.codes["draft.version"], **_units(side)},
    ),
    "desk.edit_session": use("organiser", title="改过的一场"),
    "desk.edit_track": use("organiser", **TRACK),
    "quota.edit": use("organiser", kind="total", capacity="20"),
    "desk.mark_held": use("organiser"),
    "desk.publish": use("organiser"),
    "desk.remove_session": use("organiser"),
    "desk.remove_track": use("organiser"),
    "desk.submit": use("organiser"),
    "questionnaire.move": use("organiser", move="pick", key="diet", seen="1.1"),
    "questionnaire.add_field": use(
        "organiser",
        label="新的一项",
        label_en="A new one",
        kind="text",
        options="",
        help="说明",
        purpose="安排食宿",
        sensitivity="open",
        retention="day",
        seen="1.1",
    ),
    "questionnaire.edit_field": use(
        "organiser",
        label="改过的一项",
        kind="text",
        purpose="核对",
        required="y",
        sensitivity="open",
        retention="day",
        seen="1.1",
    ),
    "questionnaire.waivers": Use(
        "organiser",
        lambda side: {
            "name": side.codes["waived.name"],
            "document_type": "resident_id",
            "document_number": side.codes["waived.number"],
            "rule": "born",
            "reason": "推荐",
            "evidence": _paper("批复.pdf"),
        },
    ),
    "questionnaire.end_waiver": use("organiser"),
    "outcome.confirm": Use(
        "organiser",
        lambda side: {"decision": "confirm", "version": side.codes["contest.handed.version"]},
    ),
    "outcome.correct": use("organiser", verdict="competed", rank="3", reason="漏登名次"),
    "outcome.correction": use("organiser", decision="accept", note="属实"),
    "outcome.draft_notice": use("organiser"),
    "outcome.enter": Use(
        "organiser",
        lambda side: {
            "action": "save",
            "version": "0",
            f"verdict-{side.codes['contest.empty.entry']}": "competed",
            f"remark-{side.codes['contest.empty.entry']}": "备注",
        },
    ),
    "notice.add_annex": Use("organiser", lambda side: {"title": "附件二", "file": _paper("附件.pdf")}),
    "notice.create": Use(
        "organiser",
        lambda side: {
            "kind": "notice",
            "organisation": side.codes["unit"],
            "title": "新公告",
            "body": "正文",
        },
    ),
    "notice.edit": Use(
        "organiser",
        lambda side: {
            "kind": "notice",
            "organisation": side.codes["unit"],
            "title": "改过的公告",
            "body": "改",
        },
    ),
    "notice.publish": use("organiser"),
    "notice.remove_annex": use("organiser"),
    "notice.withdraw": use("organiser"),
    # what departments report
    "indicator.enter": use(
        "reporter",
        "indicator=T09.teacher_person_times&year=2025&quarter=1",
        figure="12",
        work="办了两期师资班。",
    ),
    "indicator.edit_report": use("reporter", figure="4", work="又建成一个。"),
    "indicator.correct_report": use("reporter", figure="2", work="多登了一个。"),
    "indicator.add_evidence": Use("reporter", lambda side: {"files": _paper("清单.pdf")}),
    "indicator.remove_evidence": use("reporter"),
    "indicator.submit_report": use("reporter"),
    "indicator.accept_report": Use(
        "lead_reviewer", lambda side: {"version": side.codes["report.handed.version"]}
    ),
    "indicator.return_report": use("lead_reviewer", note="请补充名单。"),
    # the reserve
    "pipeline.candidates": Use("aggregator", lambda side: {"people": side.codes["candidate"]}),
    "pipeline.candidate": use("aggregator", decision="decline", reason="已调离本区"),
    "pipeline.leave": use("aggregator", reason="已调离本区"),
    # administration
    "account.confirm_claim": use("security_admin"),
    "account.confirm_grant": use("security_admin"),
    "account.disable": use("security_admin", reason="已离职"),
    "account.enable": use("security_admin"),
    "account.reset_factor": use("security_admin"),
    "account.give": use(
        "security_admin", role="teacher", scope_kind="district", scope_name="", last_day="2026-12-31"
    ),
    "account.refuse_claim": use("security_admin"),
    "account.revoke": use("security_admin"),
}

PROGRAMS = {"loopback.receive": {"id": "1", "to": "13800138000", "text": "text"}}
"""Doors for programs without a cookie, from the machine itself: no token, and JSON instead of a form."""
