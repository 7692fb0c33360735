"""Doors of the bureau for records that may be one person: the list, side by side, merging, and taking that back."""

from typing import Any

from blueprints import policy, web
from blueprints.registration import mask
from forms.registration import VerbForm
from forms.twin import MergeForm
from models.person import Person
from services import privacy
from services.person import phones
from services.privacy import DECIDERS, Merge
from services.stamp import clock
from services.text import _

door = web.Door("twin", __name__)

DECIDES = policy.holding(*DECIDERS)
DECIDES_FRESH = policy.holding(*DECIDERS, fresh=True)


@door.get("/desk/twins", policy=DECIDES)
def index() -> Any:
    """疑似重复人员, the surest first; and what was merged lately."""
    privacy.may_decide(web.principal())
    return _index(VerbForm())


def _index(form: VerbForm) -> Any:
    merges = privacy.recent_merges()
    return web.page(
        "twin/index.html",
        pairs=privacy.likely_twins(),
        merges=merges,
        undoable={row.id for row in merges if privacy.may_undo(row, clock.now())},
        form=form,
        mask=mask,
    )


@door.both("/desk/twins/<pair>", policy=DECIDES_FRESH)
def compare(pair: str) -> Any:
    """Side by side, what would clash, and the one button."""
    one, two = privacy.get_pair(web.principal(), pair)
    form = MergeForm(one=one.code, other=two.code)
    if form.validate_on_submit():
        old, new = (two, one) if form.keep.data == one.code else (one, two)
        with web.refusals(form):
            with web.writing(form) as answer:
                privacy.merge(old, new, form.reason.data or "", stamp=web.stamp())
                answer.go("twin.index", flash=_("已合并。30 天内可以撤销。"))
            return answer.response
    return _compare(one, two, form)


def _compare(one: Person, two: Person, form: MergeForm) -> Any:
    return web.page(
        "twin/compare.html",
        one=one,
        other=two,
        form=form,
        button=VerbForm(),
        clash=privacy.collisions(one, two),
        back=privacy.collisions(two, one),
        merged=one.merged_into_id is not None or two.merged_into_id is not None,
        mask=mask,
        mask_phone=phones.mask,
    )


@door.post("/desk/twins/<pair>/part", policy=DECIDES_FRESH)
def part(pair: str) -> Any:
    """不是同一人: not shown again."""
    one, two = privacy.get_pair(web.principal(), pair)
    form = VerbForm()
    if form.validate_on_submit():
        with web.writing(form) as answer:
            privacy.part(one, two, stamp=web.stamp())
            answer.go("twin.index", flash=_("已记下：不是同一人。"))
        return answer.response
    return _compare(one, two, MergeForm(one=one.code, other=two.code, formdata=None))


@door.post("/desk/merges/<code>/undo", policy=DECIDES_FRESH)
def undo(code: str) -> Any:
    """Take a merge back; what does not come back by itself is named."""
    row: Merge = privacy.get_merge(web.principal(), code)
    form = VerbForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                left = privacy.unmerge(row, stamp=web.stamp())
                said = str(_("；")).join(str(each) for each in left)
                answer.go(
                    "twin.index",
                    flash=_("已撤销合并。须另行处理：%(left)s", left=said) if left else _("已撤销合并。"),
                )
            return answer.response
    return _index(form)
