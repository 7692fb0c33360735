"""Doors of the review desk: the queue, one entry, many at once and taking that back. Their endpoints are those of
`registration`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, request, url_for
from werkzeug.datastructures import MultiDict

from blueprints import consequences, policy, web
from blueprints.registration import door, mask
from blueprints.stamped_copy import PICTURES
from forms.registration import VerbForm
from forms.review import WAYS, BulkForm, EndForm, ReviewForm, TickForm, UnmaskForm, with_fields
from models.account import Role
from models.base import db
from models.registration import Consent, Registration, Source, State
from services import access, privacy
from services import attendance as attendances
from services import questionnaire as questionnaires
from services import registration as registrations
from services import stamped_copy as stamped_copies
from services.errors import Missing, TooOften
from services.person import phones
from services.questionnaire import Kind
from services.registration import REVIEWERS, Wanted
from services.stamp import clock
from services.text import _

__all__ = ["door"]

review_policy = policy.holding(*REVIEWERS)

NARROWING = ("activity", "track", "unit", "state", "source", "consent", "mended", "q")


# --- the queue -----------------------------------------------------------------------------------


@door.get("/desk/registrations", policy=review_policy)
def queue() -> Any:
    """资格审查: those who wait, the oldest first."""
    who, wanted = web.principal(), _wanted(request.args)
    found = registrations.queue(who, wanted, page=web.page_number())
    return web.page(
        "registration/queue.html",
        found=found,
        short=registrations.lacking(row.party_id for row in found.rows),
        wanted=wanted,
        state=request.args.get("state", State.SUBMITTED.value),
        waiting=registrations.waiting_counts(who),
        tracks=registrations.tracks_in_reach(who, wanted.activity) if wanted.activity else [],
        units=registrations.units_in_reach(who, wanted.activity),
        recent=registrations.find_undoable(web.visitor().account, clock.now()),
        returned=registrations.was_returned,
        form=TickForm(formdata=None),
        verb=VerbForm(),
        mask=mask,
    )


def _wanted(args: MultiDict[str, str]) -> Wanted:
    """How the address narrows the queue. What no enum knows narrows nothing."""
    state = args.get("state", State.SUBMITTED.value)
    return Wanted(
        activity=args.get("activity", "")[:16],
        track=args.get("track", "")[:16],
        unit=args.get("unit", "")[:16],
        state=State(state) if state in set(State) else None,
        source=Source(args["source"]) if args.get("source") in set(Source) else None,
        consent=Consent(args["consent"]) if args.get("consent") in set(Consent) else None,
        is_mended=args.get("mended") == "1",
        text=args.get("q", "").strip()[:64],
    )


# --- one entry -----------------------------------------------------------------------------------


@door.both("/desk/registrations/<code>", policy=review_policy)
def review(code: str) -> Any:
    """One entry with all a reviewer needs, and the decision."""
    row = registrations.get_review(web.principal(), code)
    form = review_form(row)
    if form.validate_on_submit():
        with web.refusals(form, NoReason="note"):
            with web.writing(form) as answer:
                _decide(row, form)
                answer.go(**_next_waiting(row), flash=_("已处理，报名人会收到通知。"))
            return answer.response
    return _review_page(row, form, UnmaskForm())


def field_names(row: Registration) -> dict[str, str]:
    """What the fields are called that a reviewer may ask about: those of the person, and those of the entry's form."""
    personal = {key: str(name) for key, name in registrations.PERSONAL.items()}
    return personal | {field.key: str(field.label) for field, _said in questionnaires.answers_of(row)}


@dataclass(frozen=True)
class Mended:
    """A field that was mended, as people read it."""

    label: str
    old: str
    new: str
    is_phone: bool
    is_file: bool


def mended(row: Registration) -> list[Mended]:
    """What the applicant changed since the entry was sent back, old beside new."""
    found, answer = [], row.answer
    fields = questionnaires.of_answer(answer, row.activity) if answer is not None else None
    for change in registrations.changes(row):
        field = fields.find(change.key) if fields is not None else None
        if field is None:
            continue
        old, new = questionnaires.say(field, change.old), questionnaires.say(field, change.new)
        found.append(Mended(str(field.label), old, new, field.kind is Kind.PHONE, field.kind is Kind.FILE))
    return found


def review_form(row: Registration, **more: Any) -> ReviewForm:
    asked = field_names(row)
    kind = with_fields(asked, {key: registrations.phrases_of(key) for key in asked})
    return kind(state=row.state, data={"version": row.version}, **more)


def _decide(row: Registration, form: ReviewForm) -> None:
    by, note = web.visitor().account, form.note.data or ""
    registrations.require_version(row, form.seen_version())
    if form.decision.data == "accept":
        registrations.accept(row, by=by, note=note, stamp=web.stamp())
    elif form.decision.data == "send_back":
        registrations.send_back(row, note, asked=form.comments(), by=by, stamp=web.stamp())
    else:
        registrations.reject(row, note, by=by, stamp=web.stamp())


def _next_waiting(row: Registration) -> dict[str, Any]:
    """The next entry of the same activity that waits, else the queue."""
    db.session.flush()
    waiting = registrations.queue(web.principal(), Wanted(activity=row.activity.code))
    if waiting.rows:
        return {"endpoint": "registration.review", "code": waiting.rows[0].code}
    return {"endpoint": "registration.queue"}


def _papers(row: Registration, found: stamped_copies.Behalf | None) -> list[list[stamped_copies.StampedCopy]]:
    """The stamped paper about an entry: its own, else the list it was entered from, if one may see all of that."""
    own = stamped_copies.sendings(row)
    if own or found is None or not stamped_copies.may_have(web.principal(), found.batch):
        return own
    return stamped_copies.sendings(found.batch)


def _review_page(row: Registration, form: ReviewForm, unmask_form: UnmaskForm, number: str = "") -> Any:
    found = stamped_copies.behalf_of(row)
    return web.page(
        "registration/review.html",
        row=row,
        form=form,
        unmask_form=unmask_form,
        number=number,
        mask=mask,
        mask_phone=phones.mask,
        shown=questionnaires.answers_of(row),
        changes=mended(row),
        scans=_papers(row, found),
        behalf=found,
        pictures=PICTURES,
        comments=registrations.open_comments(row),
        said=registrations.all_comments(row),
        names=field_names(row),
        arrivals=attendances.arrivals([row]).get(row.id, []),
        reasons=registrations.judge_entry(row),
        twins=_twins(row),
        short=registrations.lacking([row.party_id]).get(row.party_id or 0),
    )


def _twins(row: Registration) -> list[str]:
    """For each other entry here that may be of the same person: the pair, for those who compare; for others nothing."""
    who = web.principal()
    return [
        f"{row.person.code}.{other.code}" if privacy.may_compare(who, row.person, other) else ""
        for other in privacy.standing_twins(row.person, row.activity_id)
    ]


@door.post("/desk/registrations/<code>/unmask", policy=review_policy)
def unmask(code: str) -> Any:
    """The full document number, once, for a reason that is kept (R13)."""
    row = registrations.get_review(web.principal(), code)
    form = UnmaskForm()
    number = ""
    if form.validate_on_submit():
        with web.refusals(form), web.writing(form) as answer:
            number = registrations.unmask(row, form.reason.data, by=web.visitor().account, stamp=web.stamp())
            answer.go("registration.review", code=row.code)
    no = g.get("refused")
    shown = _review_page(row, review_form(row, formdata=None), form, number)
    if isinstance(no, TooOften):
        shown.status_code, shown.headers["Retry-After"] = 429, str(no.retry_after)
    elif form.errors and no is None:
        shown.status_code = 422
    return shown


# --- an organiser ends an entry ------------------------------------------------------------------


@door.both("/desk/registrations/<code>/end", policy=policy.holding(Role.ORGANISER))
def end(code: str) -> Any:
    """代为退赛、更换: who is concerned, what it costs, then the one button with a reason."""
    row = registrations.get_review(web.principal(), code)
    access.require(web.principal(), [Role.ORGANISER], row.activity.scopes)
    standing_by = registrations.standing_by(row)
    form = EndForm(standing_by=[(each.code, each.person.name) for each in standing_by])
    if form.validate_on_submit():
        note = form.note.data or ""
        with web.refusals(form):
            with web.writing(form) as answer:
                other = next((each for each in standing_by if each.code == form.instead.data), None)
                if other is None:
                    registrations.withdraw(row, note=note, stamp=web.stamp())
                else:
                    registrations.replace(row, other, by=web.visitor().account, note=note, stamp=web.stamp())
                answer.go("registration.review", code=row.code, flash=_("已处理，报名人会收到通知。"))
            return answer.response
    return web.page(
        "registration/end.html",
        form=form,
        row=row,
        found=consequences.of_entries([row], web.stamp()),
        short=registrations.would_lack(row),
    )


# --- many at once --------------------------------------------------------------------------------


@door.both("/desk/registrations/bulk", policy=review_policy)
def bulk() -> Any:
    """批量处理: who, what they will be told, who is left out and why; then the one button."""
    if request.method == "GET":
        said = {"entries": request.args.getlist("entries"), "decision": request.args.get("decision", "")}
        form = BulkForm(formdata=None, data=said)
        if form.state() is None or not form.seen_versions():
            flash(str(_("请先勾选要处理的报名。")), "warning")
            return redirect(url_for("registration.queue"))
    else:
        form = BulkForm()
    seen = form.seen_versions()
    rows = _in_reach(seen)
    if form.validate_on_submit():
        if len(rows) < len(seen):
            raise Missing
        with web.refusals(form, NoReason="note"):
            with web.writing(form) as answer:
                made = registrations.decide_all(
                    rows,
                    WAYS[str(form.decision.data)],
                    form.note.data or "",
                    seen=seen,
                    by=web.visitor().account,
                    stamp=web.stamp(),
                )
                answer.go(
                    "registration.bulk_show", code=made.code, flash=_("已处理 %(n)s 份报名。", n=len(rows))
                )
            return answer.response
    state = form.state() or State.ACCEPTED
    db.session.expire_all()  # a refusal rolled back what was changed; what is shown is what stands
    found = registrations.preview(rows, state, seen=seen, by=web.visitor().account, stamp=web.stamp())
    return web.page("registration/bulk.html", form=form, found=found, state=state)


def _in_reach(codes: Sequence[str] | dict[str, int]) -> list[Registration]:
    """Those of some entries that one may review, in their order."""
    found = []
    for code in codes:
        try:
            found.append(registrations.get_review(web.principal(), code))
        except Missing:
            continue
    return found


@door.get("/desk/registrations/bulk/<code>", policy=review_policy)
def bulk_show(code: str) -> Any:
    """What was decided on many, and for half an hour the way back."""
    row = registrations.get_bulk(web.visitor().account, code)
    return _bulk_page(row, VerbForm())


@door.post("/desk/registrations/bulk/<code>/undo", policy=review_policy)
def bulk_undo(code: str) -> Any:
    """Take the decision back as a whole; those changed since are named and left."""
    row = registrations.get_bulk(web.visitor().account, code)
    within = {each.code for each in _in_reach(list(row.rows))}
    form = VerbForm()
    left: list[registrations.Left] = []
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                left = registrations.undo(row, within=within, stamp=web.stamp())
                answer.go("registration.bulk_show", code=row.code, flash=_undone(len(row.rows), left))
            return answer.response
    return _bulk_page(row, form)


def _undone(size: int, left: Sequence[registrations.Left]) -> object:
    if not left:
        return _("已整体撤回 %(n)s 份，重新等待审核。", n=size)
    names = str(_("；")).join(
        str(_("%(name)s（%(reason)s）", name=each.registration.person.name, reason=str(each.reason)))
        for each in left
    )
    return _("已撤回 %(n)s 份；未撤回：%(names)s", n=size - len(left), names=names)


def _bulk_page(row: registrations.Bulk, form: VerbForm) -> Any:
    entries = registrations.entries_of(row)
    return web.page(
        "registration/bulk_show.html",
        row=row,
        entries=entries,
        touched={each.code for each in registrations.changed_since(row, entries)},
        may_undo=registrations.may_undo(row, clock.now()),
        until=row.made_at + registrations.UNDO,
        form=form,
    )
