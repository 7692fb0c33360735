"""The doors of notices: read by everybody; written, published and withdrawn at the desk."""

from typing import Any

from flask import Response, g, request

from blueprints import download, offers, policy, web
from blueprints.activity import public_url
from forms.activity import StepForm
from forms.notice import AnnexForm, NoticeForm
from models.activity import Activity, Notice, NoticeKind
from services import activity as activities
from services import upload as uploads
from services.activity import leaflet, prose
from services.activity import notice as notices
from services.text import _

door = web.Door("notice", __name__)

writing = policy.holding(*notices.WRITE)

ANNEX_KINDS = uploads.PAPERS | {"docx", "xlsx"}
MOST_FILES, MOST_BYTES = 2000, 2_000_000_000
"""An organiser's annexes over the years: more than the allowance of a person."""


@door.get("/notice", policy=policy.everyone, cached=True)
def index() -> Response:
    kind = request.args.get("kind", "")
    chosen = NoticeKind(kind) if kind in list(NoticeKind) else None
    text = request.args.get("q", "").strip()[:60]
    found = notices.list_public(chosen, text, web.page_number())
    return web.page("notice/index.html", found=found, kind=chosen, text=text, kinds=list(NoticeKind))


@door.get("/notice/<code>", policy=policy.everyone, cached=True)
def show(code: str) -> Response:
    notice = notices.get_public(code)
    return web.page(
        "notice/show.html", notice=notice, body=prose.blocks(notice.body), leaflet=_leaflet(notice)
    )


@door.get("/notice/<code>/text", policy=policy.everyone)
def text(code: str) -> Response:
    """The notice as plain text, to be copied."""
    return Response(_leaflet(notices.get_public(code)) + "\n", 200, content_type="text/plain; charset=utf-8")


@door.get("/notice/<code>/<annex_code>", policy=policy.everyone)
def annex(code: str, annex_code: str) -> Response:
    """A file that the notice carries."""
    return download.send(notices.get_annex(notices.get_public(code), annex_code).upload)


# --- at the desk -----------------------------------------------------------------------------------


@door.get("/desk/notices", policy=writing)
def listing() -> Response:
    return web.page("notice/listing.html", found=notices.of_desk(web.principal(), web.page_number()))


@door.both("/desk/notice/new", policy=writing)
def create() -> Any:
    activity = _about()
    form = NoticeForm(organisations=_units(activity))
    if form.validate_on_submit():
        with web.refusals(form, NoSuchUnit="organisation", NotYours="organisation"):
            with web.writing(form) as answer:
                entry = form.entry(activity=activity.code if activity else None)
                made = notices.draft(entry, by=web.principal(), stamp=web.stamp())
                answer.go("notice.edit", code=made.code, flash=_("草稿已保存。可以添加附件，然后发布。"))
            return answer.response
    return web.page("notice/new.html", form=form, activity=activity)


@door.both("/desk/notice/<code>", policy=writing)
def edit(code: str) -> Any:
    notice = notices.get_write(web.principal(), code)
    form = NoticeForm(organisations=_own(notice), data=NoticeForm.values_of(notice))
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                entry = form.entry(organisation=notice.organisation.code)
                notices.edit(notice, entry, stamp=web.stamp())
                answer.go("notice.edit", code=code, flash=_("已保存。"))
            return answer.response
    return _desk_page(notice, form)


@door.post("/desk/notice/<code>/publish", policy=writing)
def publish(code: str) -> Any:
    return _step(code, notices.publish, _("已发布。"))


@door.post("/desk/notice/<code>/withdraw", policy=writing)
def withdraw(code: str) -> Any:
    return _step(code, notices.withdraw, _("已撤回，公众不再看到。"))


@door.post("/desk/notice/<code>/annex", policy=writing, uploads=True)
def add_annex(code: str) -> Any:
    notice = notices.get_write(web.principal(), code)
    form = AnnexForm()
    if form.validate_on_submit():
        with web.refusals(form, **dict.fromkeys(("WrongKind", "TooLarge", "Damaged", "Empty"), "file")):
            sent = form.file.data
            sound = uploads.check(sent.read(), sent.filename or "", kinds=ANNEX_KINDS)
            with web.writing(form) as answer:
                kept = uploads.receive(
                    sound,
                    sound.name,
                    "annex",
                    web.visitor().account,
                    stamp=web.stamp(),
                    kinds=ANNEX_KINDS,
                    most_files=MOST_FILES,
                    most_bytes=MOST_BYTES,
                )
                notices.add_annex(notice, kept, form.title.data, stamp=web.stamp())
                answer.go("notice.edit", code=code, flash=_("附件已添加。"))
            return answer.response
    notice = notices.get_write(web.principal(), code)
    return _desk_page(
        notice, NoticeForm(organisations=_own(notice), formdata=None, data=NoticeForm.values_of(notice)), form
    )


@door.post("/desk/notice/<code>/annex/<annex_code>/remove", policy=writing)
def remove_annex(code: str, annex_code: str) -> Any:
    def verb(notice: Notice, *, stamp: Any) -> None:
        kept = notices.remove_annex(notices.get_annex(notice, annex_code), stamp=stamp)
        uploads.discard(kept, stamp=stamp)

    return _step(code, verb, _("附件已删除。"))


@door.get("/desk/notice/<code>/annex/<annex_code>", policy=writing)
def own_annex(code: str, annex_code: str) -> Response:
    """A file of a notice that is not public yet."""
    return download.send(notices.get_annex(notices.get_write(web.principal(), code), annex_code).upload)


def _step(code: str, verb: Any, said: object) -> Any:
    notice = notices.get_write(web.principal(), code)
    form = StepForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                verb(notice, stamp=web.stamp())
                answer.go("notice.edit", code=code, flash=said)
            return answer.response
    notice = notices.get_write(web.principal(), code)
    own = NoticeForm(organisations=_own(notice), formdata=None, data=NoticeForm.values_of(notice))
    own.form_errors.extend(form.form_errors)
    return _desk_page(notice, own)


def _desk_page(notice: Notice, form: NoticeForm, annex_form: AnnexForm | None = None) -> Response:
    faulty = annex_form is not None and annex_form.errors
    return web.page(
        "notice/edit.html",
        notice=notice,
        form=form,
        annex_form=annex_form or AnnexForm(formdata=None),
        step=StepForm(formdata=None),
        body=prose.blocks(notice.body),
        leaflet=_leaflet(notice) if notice.is_public else "",
        status=422 if faulty and "refused" not in g else None,
    )


def _about() -> Activity | None:
    """The activity that a new notice speaks of."""
    code = request.args.get("activity", "")
    return activities.get_run(web.principal(), code) if code else None


def _units(activity: Activity | None) -> Any:
    units = offers.organisers(web.principal())
    if activity is not None:
        units = [activity.organiser, *(unit for unit in units if unit.code != activity.organiser.code)]
    return [(unit.code, unit.name) for unit in units]


def _own(notice: Notice) -> Any:
    return [(notice.organisation.code, notice.organisation.name)]


def _leaflet(notice: Notice) -> str:
    files = [
        (each.title, public_url("notice.annex", code=notice.code, annex_code=each.code))
        for each in notice.annexes
    ]
    return leaflet.of_notice(notice, public_url("notice.show", code=notice.code), files)
