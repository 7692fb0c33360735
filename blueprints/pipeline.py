"""选手梯队: how far the year's reserve has come, who is proposed, who is in."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask import Response, request

from blueprints import policy, web
from forms.pipeline import CandidateForm, ConfirmForm, LeaveForm
from models.pipeline import State, Tier
from services import indicator as indicators
from services import person as people
from services import pipeline as pipelines
from services import words
from services.errors import Denied, Missing
from services.pipeline import Candidate
from services.stamp import clock
from services.text import _

door = web.Door("pipeline", __name__)

reading = policy.holding(*pipelines.READERS)
deciding = policy.holding(*pipelines.CONFIRMERS)


@door.get("/pipeline", policy=reading)
def index() -> Response:
    """One year: done and target, what waits, skills by tiers, what changed lately."""
    year = _chosen_year()
    target, today = pipelines.target(), clock.today()
    pace = indicators.expected_pace(target, target.plan, today) if target and year == today.year else None
    done = pipelines.in_reserve(year)
    table = pipelines.by_skill_and_tier(year)
    depth = max((_depth(counts) for _skill, counts in table), default=1)
    return web.page(
        "pipeline/index.html",
        year=year,
        year_choices=[(value, str(value)) for value in _years()],
        done=done,
        target=int(target.target) if target else None,
        pace=float(pace.share) if pace and pace.share is not None else None,
        tone=_tone(done, target.target, pace.share) if target and pace and pace.share is not None else None,
        funnel=pipelines.funnel(year),
        candidates=pipelines.count_candidates(year),
        table=[(skill, counts[:depth]) for skill, counts in table],
        tiers=[words.label(tier) for tier in Tier][:depth],
        recent=pipelines.recent(year),
        history=[(str(value), count) for value, count in pipelines.history(_years())],
        mask=people.names.mask_name,
        may_confirm=pipelines.may_confirm(web.principal()),
    )


@door.both("/pipeline/candidates", policy=deciding)
def candidates() -> Any:
    """待确认: the ticked ones come in, all or none."""
    _require_confirmer()
    year, form = _chosen_year(), ConfirmForm()
    if form.validate_on_submit():
        chosen = [_candidate(year, code) for code in form.codes()]
        with web.refusals(form):
            with web.writing(form) as answer:
                done = pipelines.confirm(chosen, by=web.visitor().account, stamp=web.stamp())
                said = _("已确认 %(count)s 人入库。", count=len(done))
                answer.go("pipeline.candidates", year=year, flash=said)
            return answer.response
    skill, page = request.args.get("skill", "")[:80], web.page_number()
    found = pipelines.candidates(year)
    skills = sorted({each.skill for each in found})
    shown = [each for each in found if not skill or each.skill == skill]
    pages = max(1, -(-len(shown) // pipelines.PAGE))
    page = min(page, pages)
    return web.page(
        "pipeline/candidates.html",
        form=form,
        year=year,
        rows=shown[(page - 1) * pipelines.PAGE : page * pipelines.PAGE],
        ticked=set(form.codes()),
        skills=skills if len(skills) > 1 else [],
        skill=skill,
        page=page,
        pages=pages,
        total=len(shown),
    )


@door.both("/pipeline/candidates/<code>", policy=deciding)
def candidate(code: str) -> Any:
    """One candidate with every award that speaks for them."""
    _require_confirmer()
    year = _chosen_year()
    row = _candidate(year, code)
    form = CandidateForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="reason"):
            with web.writing(form) as answer:
                by, stamp = web.visitor().account, web.stamp()
                if form.decision.data == "confirm":
                    pipelines.confirm([row], by=by, stamp=stamp)
                    said = _("已确认入库。")
                else:
                    pipelines.decline(row, form.reason.data or "", by=by, stamp=stamp)
                    said = _("已记为不入库。今后有新的依据时会再次列为候选。")
                answer.go("pipeline.candidates", year=year, flash=said)
            return answer.response
    return web.page("pipeline/candidate.html", form=form, row=row, year=year)


@door.get("/pipeline/members", policy=reading)
def members() -> Response:
    """Those in reserve: masked, except for those who decide on them."""
    year, skill = _chosen_year(), request.args.get("skill", "")[:80]
    page = web.page_number()
    rows, total = pipelines.members(year, skill=skill, page=page)
    may_confirm = pipelines.may_confirm(web.principal())
    return web.page(
        "pipeline/members.html",
        rows=rows,
        year=year,
        skill=skill,
        skills=[name for name, _tiers in pipelines.by_skill_and_tier(year)],
        page=page,
        pages=max(1, -(-total // pipelines.PAGE)),
        total=total,
        may_confirm=may_confirm,
        say_name=(lambda name: name) if may_confirm else people.names.mask_name,
    )


@door.both("/pipeline/members/<code>/leave", policy=deciding)
def leave(code: str) -> Any:
    """出库, with the reason."""
    _require_confirmer()
    row = pipelines.get(code)
    if row.state is not State.CONFIRMED:
        raise Missing
    form = LeaveForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="reason"):
            with web.writing(form) as answer:
                pipelines.leave(row, form.reason.data, by=web.visitor().account, stamp=web.stamp())
                answer.go("pipeline.members", year=row.year, flash=_("已出库，相应的统计已随之更正。"))
            return answer.response
    return web.page("pipeline/leave.html", form=form, row=row)


def _tone(done: float, target: float, share: Fraction) -> str:
    """达到序时, 略滞后, 严重滞后: as the targets page says it."""
    expected = target * float(share)
    return "open" if done >= expected else "near" if done >= expected * 0.8 else "behind"


def _depth(counts: Sequence[int]) -> int:
    """How many tiers are in use: those above the highest one that anybody reached say nothing yet."""
    return max((place for place, count in enumerate(counts, 1) if count), default=1)


def _require_confirmer() -> None:
    if not pipelines.may_confirm(web.principal()):
        raise Denied


def _candidate(year: int, code: str) -> Candidate:
    """A person whom a basis proposes in that year."""
    found = pipelines.candidates(year, [people.get(code).id])
    if not found:
        raise Missing(_("此人现在不在候选名单中：可能已被处理，或其依据已被更正。"))
    return found[0]


def _years() -> list[int]:
    """This year and the years before it that a plan or an entry can speak of, newest first."""
    this = clock.today().year
    return [this, this - 1, this - 2]


def _chosen_year() -> int:
    text = request.args.get("year", "")
    return int(text) if text in {str(year) for year in _years()} else clock.today().year
