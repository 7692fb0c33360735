"""The pass that a phone's own scanner opens, and the check-in desk of an activity."""

from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, g, redirect, request, url_for

from blueprints import policy, web
from blueprints.attendance.gate import Stand, checking, door, stand
from blueprints.registration import mask
from certificates import pass_image
from certificates.reading import read_codes
from forms.attendance import CheckInForm, UndoForm
from forms.base import Form
from models.activity import Activity
from models.attendance import Attendance, Direction, Way
from models.registration import Registration
from services import attendance as attendances
from services import registration as registrations
from services import words
from services.attendance import CheckIn
from services.errors import Missing
from services.stamp import clock
from services.text import _

_WORDS = {
    ("open", Direction.IN): _("签到成功"),
    ("open", Direction.OUT): _("离场已登记"),
    ("warn", Direction.IN): _("此前已签到"),
    ("warn", Direction.OUT): _("此前已离场"),
}
FIELDS = {"UnknownPass": "pass_code", "WrongActivity": "pass_code", "NoPassInPicture": "photo"}


# --- the pass --------------------------------------------------------------------------------------


@door.get("/pass/<pass_code>", policy=policy.everyone)
def show(pass_code: str) -> Any:
    """Behind the QR of a pass: for staff of that activity who it is, for the holder their entry, for anybody else a
    page that is the same whether or not the pass exists.
    """
    who = web.principal()
    if web.visitor().lacks_second_factor:
        return redirect(url_for("account.second_factor", next=request.path))
    row = attendances.find_by_pass(pass_code)
    if row is not None and attendances.find_gate(who, row.activity) is not None:
        return _at_the_door(row)
    if row is not None and who.person_id is not None and row.person_id == who.person_id:
        return redirect(url_for("registration.show", code=row.code))
    if "staff" in request.args and not who.is_signed_in:
        return redirect(url_for("account.sign_in", next=request.path))
    return web.page("attendance/neutral.html")


def _at_the_door(row: Registration, form: CheckInForm | None = None) -> Any:
    now = clock.now()
    gate = attendances.get_gate(web.principal(), row.activity.code)
    sittings = [each for each in attendances.sittings(row.activity, row.track) if each in gate.sittings]
    here = {each.place: each for each in attendances.arrivals([row]).get(row.id, [])}
    return web.page(
        "attendance/pass.html",
        row=row,
        form=form or CheckInForm(formdata=None),
        button=Form(formdata=None),
        closed=attendances.why_closed(row),
        sittings=sittings,
        usual=attendances.usual_sitting(sittings, now),
        here=here,
        done=_done(row.activity),
        mask=mask,
        moment=now,
    )


@door.get("/registration/<code>/pass.png", policy=policy.signed_in)
def picture(code: str) -> Response:
    """The pass as a picture that can be saved by a long press. For the holder only."""
    row = registrations.get_own(web.principal(), code)
    if not attendances.shows_pass(row, clock.now()):
        raise Missing
    site = current_app.extensions["yongjiang"].public_base_url
    activity = row.activity
    lines = [activity.title, *([row.track.name] if len(activity.tracks) > 1 else [])]
    when = words.say_span(activity.starts_at, activity.ends_at, this_year=clock.today().year)
    drawn = pass_image.draw(
        attendances.pass_link(row, site),
        attendances.say_pass(row),
        [*lines, f"{row.person.name} · {when}"],
    )
    return Response(drawn, content_type="image/png")


# --- the check-in desk -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What the helper sees and hears after a pass was read."""

    tone: str
    word: str
    row: Registration | None = None
    attendance: Attendance | None = None


@door.get("/desk/activity/<code>/checkin", policy=checking)
def desk(code: str) -> Any:
    """The door of one sitting: camera, photo, typed code, and the list."""
    return _desk_page(stand(code))


@door.post("/desk/activity/<code>/checkin", policy=checking, uploads=True)
def check_in(code: str) -> Any:
    """One pass: scanned, photographed, typed, ticked in the list, or opened by its link. A photo is not kept."""
    form = CheckInForm()
    here = stand(code, form.sitting.data or "")
    if form.validate_on_submit():
        with web.refusals(form, **FIELDS):
            text = _pass_in(form.photo.data.read()) if form.is_photo else form.pass_code.data
            way = form.chosen_way()
            with web.writing(form) as answer:
                done = attendances.admit(
                    text,
                    here.activity,
                    here.sitting,
                    way=way,
                    direction=form.chosen_direction(),
                    point=here.point,
                    by=web.visitor().account,
                    stamp=web.stamp(),
                )
                _lead_on(answer, here, done, way)
            return answer.response
    row = attendances.find_by_pass(form.pass_code.data or "")
    if form.way.data == Way.LINK.value and row is not None and row.activity_id == here.activity.id:
        return _at_the_door(row, form)
    return _desk_page(here, form)


def _pass_in(data: bytes) -> str:
    """The one pass in a picture. Raises `NoPassInPicture`."""
    try:
        texts = read_codes(data)
    except ValueError as no_picture:
        raise attendances.NoPassInPicture(
            _("这个文件不是能识别的照片。请拍照上传，支持 JPG、PNG、WebP 格式。")
        ) from no_picture
    found = {attendances.read_pass(text): text for text in texts if attendances.read_pass(text)}
    if len(found) > 1:
        raise attendances.NoPassInPicture(_("照片里有几个入场码，请一次只拍一个。"))
    if not found:
        raise attendances.NoPassInPicture
    return next(iter(found.values()))


@door.both("/desk/activity/<code>/checkin/<attendance_code>/undo", policy=checking)
def undo(code: str, attendance_code: str) -> Any:
    """A mistake is undone by a row of its own, with a reason."""
    gate = attendances.get_gate(web.principal(), code)
    activity = gate.activity
    row = attendances.find(activity, attendance_code)
    if row is None or not gate.may_undo(row, web.principal().account_id):
        raise Missing
    form = UndoForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="reason"):
            with web.writing(form) as answer:
                attendances.undo(row, form.reason.data, by=web.visitor().account, stamp=web.stamp())
                answer.go(
                    "attendance.desk",
                    code=code,
                    session=row.session.code if row.session else None,
                    flash=_("离场已撤销。") if row.direction is Direction.OUT else _("签到已撤销。"),
                )
            return answer.response
    return web.page("attendance/undo.html", form=form, activity=activity, row=row)


def _lead_on(answer: web.Answer, here: Stand, done: CheckIn, way: Way) -> None:
    """Where a check-in leads: back to the page, which says whose it was."""
    said = {"again" if done.again else "done": done.attendance.code}
    if way is Way.LINK:
        answer.go("attendance.show", pass_code=done.attendance.registration.pass_code, **said)
        return
    kept = {name: request.args[name] for name in ("q", "here", "page", "way") if request.args.get(name)}
    answer.go(
        "attendance.desk",
        code=here.activity.code,
        session=here.sitting_code,
        point=here.point_code,
        **said,
        **kept,
    )


def _done(activity: Activity) -> Result | None:
    """The check-in that led here, as its address says."""
    for name, tone in (("done", "open"), ("again", "warn")):
        row = attendances.find(activity, request.args.get(name, ""))
        if row is not None:
            return Result(tone, str(_WORDS[tone, row.direction]), row.registration, row)
    return None


def _refused(form: CheckInForm | None, activity: Activity) -> Result | None:
    """A refusal, with who it concerns where it is somebody of this activity."""
    if form is None:
        return None
    sentences = [*form.form_errors, *(each for errors in form.errors.values() for each in errors)]
    if not sentences:
        return None
    row = attendances.find_by_pass(form.pass_code.data or "") if "refused" in g else None
    known = row is not None and row.activity_id == activity.id
    return Result("full", str(sentences[0]), row if known else None)


def _desk_page(at: Stand, form: CheckInForm | None = None) -> Any:
    """The whole page, or for its own script the two parts that change."""
    activity, sitting = at.activity, at.sitting
    here = {"yes": True, "no": False}.get(request.args.get("here", ""))
    text = request.args.get("q", "").strip()[:64]
    refused = _refused(form, activity)
    part = request.headers.get("HX-Request") == "true"
    if form is None or form.way.data not in (Way.TYPED.value, Way.PHOTO.value):
        form = CheckInForm(formdata=None, sitting=sitting.code if sitting else "")
    takes_exit = sitting is not None and sitting.takes_exit
    way = "out" if takes_exit and request.args.get("way") == "out" else "in"
    form.direction.data = way
    return web.page(
        "attendance/_parts.html" if part else "attendance/desk.html",
        status=200 if refused is None else 409 if "refused" in g else 422,
        at=at,
        activity=activity,
        sitting=sitting,
        sittings=at.gate.sittings,
        takes_exit=takes_exit,
        way=way,
        inside=attendances.inside(activity, sitting) if takes_exit else None,
        own_id=None if at.gate.is_whole else web.principal().account_id,
        tally=attendances.count(activity, sitting),
        found=attendances.roster(activity, sitting, text=text, here=here, page=web.page_number()),
        result=refused or _done(activity),
        form=form,
        button=Form(formdata=None),
        text=text,
        here=request.args.get("here", ""),
        mask=mask,
        moment=clock.now(),
    )
