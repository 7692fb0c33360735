"""Which object every parameter of every route speaks of. A route that is not here fails its test.

`PLACES` names, endpoint by endpoint, the kinds of `Side.codes` that stand in the rule, from left to right.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule


@dataclass(frozen=True)
class Place:
    """What stands in a rule, and whose it may be."""

    kinds: tuple[str, ...]
    owners: tuple[str, ...] = ()
    """Names of the people of a side who may have their side's object. None: the policy alone decides."""
    hidden: tuple[str, ...] = ()
    """Instead, where everybody may have the object: a like one that nobody may."""
    desk: bool = False
    """The district's desk: whoever holds the role in a part of it is denied, whatever they name."""
    secret: bool = False
    """A parameter that is itself the key (a token)."""
    fixed: bool = False
    """A word of the site's own, and no object."""


def own(*kinds: str, by: str) -> Place:
    return Place(kinds, tuple(by.split()))


def public(*kinds: str, hidden: str = "") -> Place:
    return Place(kinds, hidden=tuple(hidden.split()))


def desk(*kinds: str) -> Place:
    return Place(kinds, desk=True)


ORGANISERS = "organiser district_organiser"
READERS = "organiser district_organiser"
MANAGERS = "unit_manager district_organiser security_admin"
HOLDERS = "contestant certificate_officer"
KEEPERS = "organiser unit_manager district_organiser"
PUPILS = "teacher unit_manager"
ACCEPTED_BY = "reporter lead_reviewer aggregator"

PLACES: dict[str, Place] = {
    # what everybody may read, once it is public
    "activity.show": public("activity", hidden="draft"),
    "activity.text": public("activity", hidden="pending"),
    "activity.event": public("activity", hidden="approved"),
    "notice.show": public("notice", hidden="draft_notice"),
    "notice.text": public("notice", hidden="draft_notice"),
    "notice.annex": public("notice", "notice.annex", hidden="draft_notice draft_notice.annex"),
    "indicator.show": Place(("indicator",), fixed=True),
    "site.language": Place(("locale",), fixed=True),
    "site.display": Place(("mode",), fixed=True),
    "static": Place(("style",), fixed=True),
    "bootstrap.static": Place(("bootstrap",), fixed=True),
    "api.activity": public("activity", hidden="draft"),
    "api.notice": public("notice", hidden="draft_notice"),
    "api.list_indicators": Place(("plan",), fixed=True),
    # keys
    "attendance.show": Place(("pass",), secret=True),
    "account.appoint": Place(("first",), secret=True),
    "account.badge": Place(("badge.token",), secret=True),
    "organisation.invitation": Place(("invitation.token",), secret=True),
    "organisation.accept": Place(("invitation.token",), secret=True),
    "certificate.proof": Place(("certificate.token",), secret=True),
    "account.demo_sign_in": Place(("account",), hidden=("account",)),
    "party.invitation": Place(("team.token",), secret=True),
    "party.join": Place(("team.token",), secret=True),
    "party.consent": Place(("consent.token",), secret=True),
    # one's own
    "registration.create": public("activity.track2", hidden="draft.track"),
    "registration.show": own("registration", by="contestant"),
    "registration.edit": own("registration", by="contestant"),
    "registration.withdraw": own("registration", by="contestant"),
    "registration.accept_offer": own("offer", by="contestant"),
    "notification.open_one": own("message", by="contestant"),
    "api.registration": own("registration", by="contestant"),
    "api.withdraw": own("registration", by="contestant"),
    "api.accept_offer": own("offer", by="contestant"),
    "token.revoke": own("api_token", by="contestant"),
    "certificate.show": own("certificate", by=HOLDERS),
    "certificate.pdf": own("certificate", by=HOLDERS),
    "certificate.picture": own("certificate", by=HOLDERS),
    "account.end_sign_in": own("sign_in", by="contestant"),
    "organisation.application": own("application", by="contestant district_organiser security_admin"),
    "organisation.letter": own("application", by="contestant district_organiser security_admin"),
    "party.create": public("teams", hidden="draft.track"),
    "party.consent_own": own("asked_entry", by="contestant"),
    # a team: its captain's, its members'
    "party.show": own("team", by="contestant member"),
    "party.answer_own": own("team", by="contestant member"),
    "party.leave": own("team", by="contestant member"),
    "party.edit": own("team", by="contestant"),
    "party.link": own("team", by="contestant"),
    "party.close_link": own("team", by="contestant"),
    "party.send": own("team", by="contestant"),
    "party.role": own("team", "team.member", by="contestant"),
    "party.hand_over": own("team", "team.member", by="contestant"),
    "party.add_late": own("team", "team.member", by="contestant"),
    # a unit's list: its managers'
    "party.dissolve": own("roll", by="unit_manager"),
    "party.remove": own("roll", "roll.member", by="unit_manager"),
    "party.offer": own("sent_roll", by="unit_manager"),
    "party.replace": own("sent_roll", "sent_roll.entry", by="unit_manager"),
    "party.withdraw_one": own("sent_roll", "sent_roll.entry", by="unit_manager"),
    "party.roll": own("roll", by="unit_manager"),
    "party.order": own("roll", by="unit_manager"),
    "party.add": own("roll", by="unit_manager"),
    "party.pick": own("roll", by="unit_manager"),
    "party.lock": own("roll", by="unit_manager"),
    "party.mend_line": own("roll", "roll.member", by="unit_manager"),
    "party.mend": own("sent_roll", "sent_roll.entry", by="unit_manager"),
    "intake.show": own("list", by="unit_manager"),
    "intake.progress": own("list", by="unit_manager"),
    "intake.columns": own("list", by="unit_manager"),
    "intake.line": own("list", "list.line", by="unit_manager"),
    "intake.drop_line": own("list", "list.line", by="unit_manager"),
    "intake.enter": own("list", by="unit_manager"),
    "intake.check": own("list", by="unit_manager"),
    "intake.undo": own("entered_list", by="unit_manager"),
    "intake.drop": own("list", by="unit_manager"),
    "intake.errors": own("list", by="unit_manager"),
    "roster.summary": own("activity", by="reviewer " + ORGANISERS),
    "roster.call": own("activity", by="reviewer " + ORGANISERS),
    "roster.signing": own("activity", by="reviewer " + ORGANISERS),
    "party.unit": own("unit", by="unit_manager"),
    "party.ask": own("unit", "units", by="unit_manager"),
    "party.begin": own("unit", "units", by="unit_manager"),
    "party.recommendations": own("unit", by="unit_manager"),
    "party.recommend": own("unit", "named_entry", by="unit_manager"),
    "party.seats": own("teams_activity", by=ORGANISERS),
    # a unit
    "organisation.show": own("unit", by="member " + MANAGERS),
    "organisation.leave": own("unit", by="member " + MANAGERS),
    "organisation.edit": own("unit", by=MANAGERS),
    "organisation.invite": own("unit", by=MANAGERS),
    "organisation.remove": own("unit", "own_member", by=MANAGERS),
    "organisation.hand_over": own("unit", "own_member", by=MANAGERS),
    "organisation.take_back": own("unit", "invitation", by=MANAGERS),
    "organisation.close": desk("unit"),
    "organisation.decide": desk("application"),
    # venues
    "venue.show": public("venue"),
    "venue.edit": own("venue", by=KEEPERS),
    "venue.close": own("idle_venue", by=KEEPERS),
    "venue.reopen": own("closed_venue", by=KEEPERS),
    "venue.add_stations": own("venue", by=KEEPERS),
    "venue.station": own("venue", "venue.station", by=KEEPERS),
    # activities at the desk
    "desk.show": own("draft", by=READERS),
    "desk.edit": own("draft", by=ORGANISERS),
    "desk.add_track": own("draft", by=ORGANISERS),
    "desk.edit_track": own("draft", "draft.track", by=ORGANISERS),
    "desk.remove_track": own("draft", "draft.track2", by=ORGANISERS),
    "quota.edit": own("draft", by=ORGANISERS),
    "desk.add_session": own("draft", by=ORGANISERS),
    "desk.edit_session": own("draft", "draft.session", by=ORGANISERS),
    "desk.remove_session": own("draft", "draft.session", by=ORGANISERS),
    "questionnaire.edit": own("draft", by=ORGANISERS),
    "questionnaire.move": own("draft", by=ORGANISERS),
    "questionnaire.preview": own("draft", by=ORGANISERS),
    "questionnaire.add_field": own("draft", by=ORGANISERS),
    "questionnaire.edit_field": own("draft", "form_field", by=ORGANISERS),
    "questionnaire.waivers": own("draft", "draft.track", by=ORGANISERS),
    "questionnaire.end_waiver": own("draft", "draft.track", "waiver", by=ORGANISERS),
    "questionnaire.evidence": own("draft", "draft.track", "waiver", by=ORGANISERS),
    "questionnaire.file": own(
        "registration", "file_field", by=f"contestant {ORGANISERS} activity_organiser reviewer"
    ),
    "desk.submit": own("draft", by=ORGANISERS),
    "desk.approve": own("pending", by="activity_approver"),
    "desk.publish": own("approved", by=ORGANISERS),
    "desk.mark_held": own("over", by=ORGANISERS),
    "desk.archive": own("held", by=ORGANISERS),
    "desk.cancel": own("activity", by=ORGANISERS + " activity_organiser"),
    "account.badges_of": own("activity", by=ORGANISERS + " activity_organiser"),
    "account.withdraw_badge": own("activity", "badge", by=ORGANISERS + " activity_organiser"),
    "registration.reviewers": own("activity", by=ORGANISERS + " activity_organiser"),
    "registration.end_reviewer": own("activity", "reviewer_grant", by=ORGANISERS + " activity_organiser"),
    # notices at the desk
    "notice.edit": own("draft_notice", by=ORGANISERS + " activity_organiser"),
    "notice.publish": own("draft_notice", by=ORGANISERS + " activity_organiser"),
    "notice.withdraw": own("notice", by=ORGANISERS + " activity_organiser"),
    "notice.add_annex": own("draft_notice", by=ORGANISERS + " activity_organiser"),
    "notice.remove_annex": own("draft_notice", "draft_notice.annex", by=ORGANISERS + " activity_organiser"),
    "notice.own_annex": own("draft_notice", "draft_notice.annex", by=ORGANISERS + " activity_organiser"),
    # certificates at the desk
    "certificate.record": own("certificate", by="certificate_officer"),
    "certificate.change": own("certificate", by="certificate_officer"),
    "certificate.decide": own("asked", by="certificate_officer"),
    "certificate.sheet": own("sheet", by="certificate_officer"),
    "certificate.specimen": own("sheet", by="certificate_officer"),
    "certificate.bundle": own("sheet", by="certificate_officer"),
    # outcomes at the desk
    "outcome.show": own("contest", "contest.handed", by=ORGANISERS),
    "outcome.enter": own("contest", "contest.empty", by=ORGANISERS),
    "outcome.confirm": own("contest", "contest.handed", by=ORGANISERS),
    "outcome.draft_notice": own("contest", "contest.final", by=ORGANISERS),
    "outcome.correct": own("line", by=ORGANISERS),
    "outcome.correction": own("correction", by=ORGANISERS),
    # the door of an activity
    "attendance.picture": own("ticket", by="member"),
    "attendance.desk": own("activity", by=ORGANISERS + " activity_organiser checkin_helper"),
    "attendance.check_in": own("activity", by=ORGANISERS + " activity_organiser checkin_helper"),
    "attendance.undo": own("activity", "attendance", by=ORGANISERS + " activity_organiser checkin_helper"),
    "attendance.group": own("activity", by=ORGANISERS + " activity_organiser checkin_helper"),
    "attendance.sheet": own("activity", by=ORGANISERS + " activity_organiser checkin_helper"),
    "attendance.paper": own("activity", by=ORGANISERS + " activity_organiser checkin_helper"),
    "attendance.screen": own("activity", by=ORGANISERS + " activity_organiser checkin_helper"),
    "attendance.field": own("activity", "today", by=ORGANISERS + " activity_organiser checkin_helper"),
    "attendance.roster_file": own("activity", "today", by=ORGANISERS + " activity_organiser checkin_helper"),
    "attendance.upload": own("activity", "today", by=ORGANISERS + " activity_organiser checkin_helper"),
    "attendance.points_of": own("activity", by=ORGANISERS + " activity_organiser"),
    "attendance.point": own("activity", "point", by=ORGANISERS + " activity_organiser"),
    "attendance.close_point": own("activity", "point", by=ORGANISERS + " activity_organiser"),
    "attendance.hours": own("activity", by=ORGANISERS + " activity_organiser"),
    "attendance.hours_file": own("activity", by=ORGANISERS + " activity_organiser"),
    "attendance.own_hours": own("ticket", by="member"),
    "attendance.here": public("today", hidden="draft.session"),
    # skill experience: whoever books for a school may book what is free
    "booking.keep": public("slot"),
    "booking.wait": public("full_slot"),
    "booking.single": public("slot"),
    "booking.propose": public("term", "visiting"),
    "booking.fill": own("kept_visit", by=PUPILS),
    "booking.agree": own("filled_visit", by=PUPILS),
    "booking.cancel": own("visit", by=PUPILS),
    "booking.move": own("visit", "slot", by=PUPILS),
    "booking.supplement": own("visit", by=PUPILS),
    "booking.approve": own("asked_visit", by="unit_manager"),
    "booking.set_approval": own("unit", by="unit_manager"),
    "booking.show": own("visit", by=f"{PUPILS} {ORGANISERS}"),
    "booking.arrive": own("today_visit", by=f"{PUPILS} {ORGANISERS}"),
    "booking.decide": own("visit2", by=ORGANISERS),
    "booking.correct": own("done_visit", by=ORGANISERS),
    "booking.slot": own("slot", by=ORGANISERS),
    "booking.close": own("over_slot", by=ORGANISERS),
    "booking.merge": own("pair_slot", by=ORGANISERS),
    "booking.remove": own("slot", by=ORGANISERS),
    "booking.off": own("term", by=ORGANISERS),
    "booking.open_season": own("plain_term", by=ORGANISERS),
    "booking.season": own("term", by=ORGANISERS),
    "booking.terms": own("term", by=ORGANISERS),
    "booking.new_theme": own("term", by=ORGANISERS),
    "booking.theme": own("term", "theme", by=ORGANISERS),
    "booking.close_theme": own("term", "theme", by=ORGANISERS),
    "booking.repeat": own("term", "theme", by=ORGANISERS),
    "booking.coverage": own("term", by=ORGANISERS),
    # review
    "registration.review": own("registration", by=ORGANISERS + " activity_organiser reviewer"),
    "registration.unmask": own("registration", by=ORGANISERS + " activity_organiser reviewer"),
    "registration.end": own("registration", by=ORGANISERS + " activity_organiser"),
    "registration.bulk_show": own("bulk", by="reviewer"),
    "registration.bulk_undo": own("bulk", by="reviewer"),
    # stamped paper
    "stamped_copy.form": own("registration", by=ORGANISERS + " contestant activity_organiser reviewer"),
    "stamped_copy.send": own("registration", by=ORGANISERS + " contestant activity_organiser reviewer"),
    "stamped_copy.list_": own("team", by=ORGANISERS + " contestant"),
    "stamped_copy.send_list": own("team", by=ORGANISERS + " contestant"),
    "stamped_copy.send_batch": own("behalf", by=ORGANISERS + " activity_organiser reviewer"),
    "stamped_copy.picture": own("copy", by=ORGANISERS + " contestant activity_organiser reviewer"),
    "stamped_copy.file": own("copy", by=ORGANISERS + " contestant activity_organiser reviewer"),
    "stamped_copy.decide": own("copy", by=ORGANISERS + " activity_organiser reviewer"),
    # records that look alike: the district's desk
    "twin.compare": desk("pair"),
    "twin.part": desk("pair"),
    "twin.undo": desk("merge"),
    # the reserve: the district's, whoever's contest it was
    "pipeline.candidate": public("candidate"),
    "pipeline.leave": public("reserve"),
    # what departments report: their own, and whoever accepts it or reads it once it counts
    "indicator.report": own("report.handed", by=ACCEPTED_BY),
    "indicator.edit_report": own("report.draft", by="reporter"),
    "indicator.correct_report": own("report.final", by="reporter"),
    "indicator.add_evidence": own("report.draft", by="reporter"),
    "indicator.remove_evidence": own("report.draft", "report.draft.evidence", by="reporter"),
    "indicator.evidence": own("report.final", "report.final.evidence", by=ACCEPTED_BY + " auditor"),
    "indicator.submit_report": own("report.draft", by="reporter"),
    "indicator.accept_report": own("report.handed", by="lead_reviewer aggregator"),
    "indicator.return_report": own("report.handed", by="lead_reviewer aggregator"),
    # administration: a role of the whole district
    "account.confirm_claim": desk("claim"),
    "account.refuse_claim": desk("claim"),
    "account.give": public("account"),
    "account.disable": public("account"),
    "account.enable": public("disabled_account"),
    "account.reset_factor": public("account"),
    "account.revoke": public("grant"),
    "account.confirm_grant": public("waiting_grant"),
}

WORDS = {
    "plan": "yongchuan-2023",
    "locale": "en",
    "mode": "large",
    "indicator": "G00.skilled_total",
    "style": "css/shapes.css",
    "bootstrap": "css/bootstrap.min.css",
}


def rules(app: Flask) -> Iterable[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def parameters(rule: Rule) -> list[str]:
    """Names of the parameters, from left to right."""
    return [name for is_dynamic, name in rule._trace if is_dynamic]


def fill(rule: Rule, codes: Mapping[str, str], kinds: Iterable[str] | None = None) -> str:
    """The path of a rule with these objects in it."""
    wanted = tuple(kinds) if kinds is not None else PLACES[rule.endpoint].kinds if rule.arguments else ()
    values = [codes.get(kind) or WORDS[kind] for kind in wanted]
    return put(rule, values)


def put(rule: Rule, values: Iterable[str]) -> str:
    path, left = "", list(values)
    for is_dynamic, text in rule._trace:
        path += left.pop(0) if is_dynamic else text.lstrip("|")
    assert not left, rule
    return path


def every(app: Flask) -> list[tuple[Rule, str]]:
    """Every endpoint with each of its methods."""
    return [(rule, method) for rule in rules(app) for method in methods(rule)]


def name(rule: Rule, method: str) -> str:
    return f"{rule.endpoint} {method}"


Data = dict[str, Any]
