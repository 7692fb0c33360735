"""Doors of 报名表设置: what a registration asks; its files; and rules waived for one person."""

from typing import Any

from flask import Response, current_app, request, url_for

from blueprints import policy, web
from blueprints.download import send
from forms.activity import StepForm
from forms.questionnaire import FieldForm, MoveForm, WaiverForm
from forms.registration import AnswersForm
from models.activity import Activity, EntryMode, Track
from models.person import DocumentType, Person
from models.registration import Registration
from services import activity as activities
from services import person as people
from services import questionnaire as questionnaires
from services import registration as registrations
from services import upload as uploads
from services.errors import Missing, Refused
from services.questionnaire import Field
from services.text import _, name_key

door = web.Door("questionnaire", __name__)

running = policy.holding(*activities.RUN)


def _locale() -> str:
    return str(current_app.extensions["locale"]())


# --- the form of an activity ------------------------------------------------------------------------


@door.get("/desk/activity/<code>/form", policy=running)
def edit(code: str) -> Response:
    """The presets; folded below them the fields, the library, and beside it the form as people will see it."""
    return _desk(activities.get_run(web.principal(), code), MoveForm(formdata=None))


@door.post("/desk/activity/<code>/form/move", policy=running)
def move(code: str) -> Any:
    """One move on the fields: it is in force at once."""
    activity = activities.get_run(web.principal(), code)
    form = MoveForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                now = questionnaires.of(activity)
                fields = form.fields(now, activity.kind)
                _save(activity, fields, form.seen.data)
                answer.go_to(f"{url_for('questionnaire.edit', code=code)}#f-{_anchor(form)}")
            return answer.response
    return _desk(activity, form)


def _anchor(form: MoveForm) -> str:
    known = form.key.data in questionnaires.LIBRARY or str(form.key.data).startswith("own_")
    return str(form.key.data) if known and form.move.data not in ("drop", "preset") else "top"


def _save(activity: Activity, fields: tuple[Field, ...], seen: str | None) -> None:
    by = web.visitor().account
    questionnaires.save(activity, fields, seen=seen or "", by=by, stamp=web.stamp())


def _desk(activity: Activity, form: MoveForm) -> Response:
    now = questionnaires.of(activity)
    modes = [track.mode for track in activity.tracks]
    return web.page(
        "questionnaire/edit.html",
        activity=activity,
        form=form,
        now=now,
        mode=questionnaires.fitting(now, activity.kind),
        advised=next((mode for mode in modes if mode is not EntryMode.SINGLE), EntryMode.SINGLE),
        presets=questionnaires.PRESET_WORDS,
        left=[field for field in questionnaires.LIBRARY.values() if field.key not in now.keys],
        elsewhere=questionnaires.ELSEWHERE,
        is_public=questionnaires.is_public(activity),
        preview=_preview(now),
        words=questionnaires,
        may_edit=activity.is_editable,
    )


def _preview(now: questionnaires.Form) -> AnswersForm:
    return AnswersForm.of(now, None, locale=_locale(), meta={"csrf": False})


@door.get("/desk/activity/<code>/form/preview", policy=running)
def preview(code: str) -> Response:
    """The form as people will see it, alone on its page."""
    activity = activities.get_run(web.principal(), code)
    now = questionnaires.of(activity)
    return web.page("questionnaire/preview.html", activity=activity, preview=_preview(now))


@door.both("/desk/activity/<code>/form/field", policy=running)
def add_field(code: str) -> Any:
    return _field(activities.get_run(web.principal(), code), None)


@door.both("/desk/activity/<code>/form/field/<key>", policy=running)
def edit_field(code: str, key: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    field = questionnaires.of(activity).find(key)
    if field is None:
        raise Missing
    return _field(activity, field)


def _field(activity: Activity, before: Field | None) -> Any:
    """One field, new or to be changed."""
    now = questionnaires.of(activity)
    at = now.fields.index(before) if before else len(now.fields)
    form = FieldForm(
        before=before,
        earlier=[field for field in now.fields[:at] if field.key != "remark"],
        locale=_locale(),
        data=FieldForm.values_of(before) | {"seen": now.mark},
    )
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                _save(activity, form.fields(questionnaires.of(activity)), form.seen.data)
                answer.go("questionnaire.edit", code=activity.code, flash=_("报名表已更新。"))
            return answer.response
    return web.page("questionnaire/field.html", form=form, activity=activity, before=before)


# --- files that came with an entry ------------------------------------------------------------------


@door.get("/registration/<code>/file/<key>", policy=policy.signed_in)
def file(code: str, key: str) -> Response:
    """A file that was sent with an entry: for the person, and for those who review it."""
    return send(questionnaires.file_of(_entry(code), key))


def _entry(code: str) -> Registration:
    try:
        return registrations.get_own(web.principal(), code)
    except Missing:
        return registrations.get_review(web.principal(), code)


# --- waivers ----------------------------------------------------------------------------------------


class NotFound(Refused):
    sentence = _("没有找到姓名和证件号码一致的人。请核对，或请对方先登记身份信息。")


@door.both("/desk/activity/<code>/track/<track_code>/waivers", policy=running, uploads=True)
def waivers(code: str, track_code: str) -> Any:
    """豁免: whose rule is put aside, by whom and why. `?entry=` names the person by their entry."""
    activity = activities.get_run(web.principal(), code)
    track = activities.get_track(activity, track_code)
    row = _entry_asked(track)
    rules = registrations.rules_of(track)
    form = WaiverForm(
        rules=[(rule, registrations.RULE_WORDS[rule]) for rule in rules], is_known=row is not None
    )
    if form.validate_on_submit():
        with web.refusals(form, NotFound="document_number", AlreadyWaived="rule", WaiverReason="reason"):
            sound = _evidence(form)
            with web.writing(form) as answer:
                by = web.visitor().account
                evidence = (
                    uploads.receive(sound, sound.name, "waiver", by, stamp=web.stamp()) if sound else None
                )
                person = row.person if row else _named(form)
                registrations.waive(
                    track,
                    person,
                    form.rule.data,
                    form.reason.data,
                    by=by,
                    stamp=web.stamp(),
                    evidence=evidence,
                )
                answer.go(
                    "questionnaire.waivers", code=code, track_code=track_code, flash=_("已豁免，原因已留存。")
                )
            return answer.response
    return web.page(
        "questionnaire/waivers.html",
        form=form,
        activity=activity,
        track=track,
        row=row,
        rules=rules,
        rows=registrations.waivers_of(track),
        words=registrations.RULE_WORDS,
        verb=StepForm(formdata=None),
    )


def _entry_asked(track: Track) -> Registration | None:
    code = request.args.get("entry", "")
    if not code:
        return None
    row = registrations.get_review(web.principal(), code)
    if row.track_id != track.id:
        raise Missing
    return row


def _evidence(form: WaiverForm) -> uploads.Sound | None:
    sent = form.evidence.data
    return uploads.check(sent.read(), sent.filename) if getattr(sent, "filename", "") else None


def _named(form: WaiverForm) -> Person:
    kind, number = DocumentType(form.document_type.data), form.document_number.data
    found = people.find_by_document(kind, number)
    if found is None or name_key(found.name) != name_key(form.name.data):
        raise NotFound
    return found


@door.post("/desk/activity/<code>/track/<track_code>/waivers/<waiver>/end", policy=running)
def end_waiver(code: str, track_code: str, waiver: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    row = registrations.get_waiver(activities.get_track(activity, track_code), waiver)
    with web.writing() as answer:
        registrations.end_waiver(row, stamp=web.stamp())
        answer.go("questionnaire.waivers", code=code, track_code=track_code, flash=_("豁免已撤回。"))
    return answer.response


@door.get("/desk/activity/<code>/track/<track_code>/waivers/<waiver>/evidence", policy=running)
def evidence(code: str, track_code: str, waiver: str) -> Response:
    activity = activities.get_run(web.principal(), code)
    row = registrations.get_waiver(activities.get_track(activity, track_code), waiver)
    if row.evidence is None:
        raise Missing
    return send(row.evidence)
