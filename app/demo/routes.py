"""Which thing each parameter of each route names, so that a test of rights can put another's in its place."""

from typing import Any

from flask import Flask, url_for

from app import policies

OF_ENDPOINT: dict[str, dict[str, str]] = {
    "account.badge": {"token": "badge_token"},
    "account.badges_of": {"code": "activity"},
    "account.withdraw_badge": {"code": "activity", "badge": "badge"},
    "account.confirm_claim": {"code": "claim"},
    "account.refuse_claim": {"code": "claim"},
    "account.confirm_grant": {"code": "grant"},
    "account.revoke": {"code": "grant"},
    "account.end_sign_in": {"code": "sign_in"},
    "api.activity": {"code": "activity"},
    "api.notice": {"code": "notice"},
    "attendance.here": {"code": "session"},
    "attendance.own_hours": {"code": "registration"},
    "attendance.picture": {"code": "registration"},
    "attendance.show": {"pass_code": "pass"},
    "booking.close": {"code": "slot"},
    "booking.close_theme": {"code": "season", "theme": "theme"},
    "booking.coverage": {"code": "season"},
    "booking.keep": {"code": "slot"},
    "booking.merge": {"code": "slot"},
    "booking.new_theme": {"code": "season"},
    "booking.off": {"code": "season"},
    "booking.open_season": {"code": "season"},
    "booking.propose": {"season": "season", "code": "theme"},
    "booking.remove": {"code": "slot"},
    "booking.repeat": {"code": "season", "theme": "theme"},
    "booking.season": {"code": "season"},
    "booking.set_approval": {"code": "organisation"},
    "booking.single": {"code": "slot"},
    "booking.slot": {"code": "slot"},
    "booking.terms": {"code": "season"},
    "booking.theme": {"code": "season", "theme": "theme"},
    "booking.wait": {"code": "slot"},
    "certificate.proof": {"token": "certificate_token"},
    "certificate.sheet": {"code": "sheet"},
    "certificate.specimen": {"code": "sheet"},
    "certificate.bundle": {"code": "sheet"},
    "notice.show": {"code": "notice"},
    "notice.text": {"code": "notice"},
    "notice.annex": {"code": "notice", "annex_code": "annex"},
    "notice.withdraw": {"code": "notice"},
    "organisation.accept": {"token": "invitation_token"},
    "organisation.invitation": {"token": "invitation_token"},
    "organisation.application": {"code": "application"},
    "organisation.letter": {"code": "application"},
    "organisation.decide": {"code": "application"},
    "outcome.show": {"code": "contest", "track_code": "handed_track"},
    "outcome.enter": {"code": "contest", "track_code": "open_track"},
    "outcome.confirm": {"code": "contest", "track_code": "handed_track"},
    "outcome.draft_notice": {"code": "contest", "track_code": "handed_track"},
    "outcome.correct": {"code": "outcome_line"},
    "outcome.correction": {"code": "correction"},
    "party.ask": {"code": "organisation", "track_code": "unit_track"},
    "party.begin": {"code": "organisation", "track_code": "unit_track"},
    "party.consent": {"token": "consent_token"},
    "party.consent_own": {"code": "registration"},
    "party.create": {"code": "team_track"},
    "party.invitation": {"token": "party_token"},
    "party.join": {"token": "party_token"},
    "party.recommend": {"code": "organisation", "entry": "registration"},
    "party.recommendations": {"code": "organisation"},
    "party.seats": {"code": "activity"},
    "party.unit": {"code": "organisation"},
    "registration.bulk_show": {"code": "bulk"},
    "registration.bulk_undo": {"code": "bulk"},
    "registration.create": {"code": "track"},
    "registration.end_reviewer": {"code": "activity", "grant_code": "grant"},
    "registration.reviewers": {"code": "activity"},
    "questionnaire.file": {"code": "registration", "key": "field"},
    "stamped_copy.form": {"code": "registration"},
    "stamped_copy.list_": {"code": "party"},
    "stamped_copy.send": {"code": "registration"},
    "stamped_copy.send_batch": {"code": "behalf"},
    "stamped_copy.send_list": {"code": "party"},
    "twin.undo": {"code": "merge"},
}
OF_ROOM: dict[str, dict[str, str]] = {
    "account": {"code": "account"},
    "activity": {"code": "activity"},
    "api": {"code": "registration"},
    "attendance": {
        "code": "activity",
        "attendance_code": "attendance",
        "place": "session",
        "point_code": "point",
    },
    "booking": {"code": "booking", "slot": "slot"},
    "certificate": {"code": "certificate"},
    "desk": {"code": "activity", "track_code": "track", "session_code": "session"},
    "indicator": {"code": "report", "evidence_code": "evidence"},
    "notice": {"code": "draft_notice", "annex_code": "draft_annex"},
    "notification": {"code": "message"},
    "organisation": {"code": "organisation", "member": "member", "invitation": "invitation"},
    "quota": {"code": "activity"},
    "questionnaire": {"code": "activity", "track_code": "track", "key": "field", "waiver": "waiver"},
    "intake": {"code": "intake", "line_code": "intake_line"},
    "roster": {"code": "activity"},
    "party": {"code": "party", "member": "party_member", "entry": "registration"},
    "registration": {"code": "registration"},
    "stamped_copy": {"code": "stamped_copy"},
    "token": {"code": "token"},
    "twin": {"pair": "twins"},
    "venue": {"code": "venue", "station": "station"},
}
"""By the room of the endpoint, where the endpoint says nothing of its own."""

NOBODYS = frozenset(
    {
        "account.appoint", "account.demo_sign_in", "api.list_indicators", "bootstrap.static", "indicator.show",
        "pipeline.candidate", "pipeline.leave", "site.display", "site.language", "static",
    }
)  # fmt: skip
"""Their parameters name nothing that somebody owns."""


def objects_of(endpoint: str, parameters: list[str]) -> dict[str, str] | None:
    """Parameter -> kind of thing; None where a parameter is not known here."""
    known = OF_ROOM.get(endpoint.partition(".")[0], {}) | OF_ENDPOINT.get(endpoint, {})
    if not set(parameters) <= known.keys():
        return None
    return {name: known[name] for name in parameters}


def with_objects(app: Flask) -> tuple[list[dict[str, Any]], list[str]]:
    """Every route that names somebody's things, each parameter with the kind it names; and endpoints not known here."""
    routes, unknown = [], []
    for route in policies.listing(app):
        if not route["objects"] or route["endpoint"] in NOBODYS:
            continue
        named = objects_of(route["endpoint"], route["objects"])
        if named is None:
            unknown.append(route["endpoint"])
        else:
            routes.append({**route, "objects": named})
    return routes, sorted(set(unknown))


def addresses(routes: list[dict[str, Any]], keys: dict[str, str], kind: str) -> list[dict[str, Any]]:
    """The addresses at which an owner's thing of a kind is opened or changed; `keys` are all things of that owner."""
    made = []
    for route in routes:
        if kind in route["objects"].values():
            values: dict[str, Any] = {}
            values.update((name, keys[what]) for name, what in route["objects"].items())
            url = url_for(route["endpoint"], **values)
            made.append({"endpoint": route["endpoint"], "methods": route["methods"], "url": url})
    return made
