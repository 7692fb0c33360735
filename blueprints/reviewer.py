"""Doors of 审核员: who reviews an activity, appointing one, ending it. Their endpoints are those of `registration`."""

from typing import Any

from blueprints import policy, web
from blueprints.review import door
from forms.base import Form
from forms.reviewer import ReviewerForm
from models.account import Role, ScopeKind
from models.activity import Activity
from services import activity as activities
from services.access import Scope
from services.account.grants import ONE_DAY
from services.errors import TooOften
from services.registration import reviewers as words
from services.stamp import clock, local_day, local_moment
from services.text import _

__all__ = ["door"]

ORGANISES = policy.holding(Role.ORGANISER)


@door.both("/desk/activity/<code>/reviewers", policy=ORGANISES)
def reviewers(code: str) -> Any:
    """Who reviews this activity; appoint another."""
    activity = activities.get_run(web.principal(), code)
    form = ReviewerForm(_places(activity), data={"last_day": local_day(activity.ends_at)})
    status = None
    if form.validate_on_submit():
        try:
            words.admit(web.visitor().account)
        except TooOften as no:
            form.refuse(no.sentence)
            status = 429
        else:
            activity = activities.get_run(
                web.principal(), code
            )  # counting ended the transaction it was read in
            with web.refusals(form, NobodyThere="known_by", OverBefore="last_day"):
                account = words.find_account(form.known_by.data, form.name.data)
                scope, last = _scope(activity, form), form.last_day.data
                with web.writing(form) as answer:
                    words.appoint(
                        activity,
                        account,
                        scope,
                        by=web.visitor().account,
                        ends_at=local_moment(last) + ONE_DAY if last else None,
                        stamp=web.stamp(),
                    )
                    answer.go("registration.reviewers", code=code, flash=_("已委任，对方会收到通知。"))
                return answer.response
    activity = activities.get_run(web.principal(), code)  # a refusal has ended the transaction, too
    return web.page(
        "registration/reviewers.html",
        status=status,
        activity=activity,
        form=form,
        rows=words.reviewers_of(activity, clock.now()),
        gives_units=words.gives_units(web.principal()),
        button=Form(formdata=None),
        day_before=lambda moment: local_day(moment - ONE_DAY / 86_400),
    )


def _places(activity: Activity) -> list[tuple[str, str]]:
    """What one may be appointed for: the whole, a track, and by the district a unit."""
    made = [(ScopeKind.ACTIVITY.value, str(_("整个活动")))]
    if len(activity.tracks) > 1:
        made += [(f"{ScopeKind.TRACK.value}:{track.code}", track.name) for track in activity.tracks]
    if words.gives_units(web.principal()):
        made += [
            (
                f"{ScopeKind.UNIT.value}:{unit.code}",
                str(_("单位：%(name)s（含其他活动的报名）", name=unit.name)),
            )
            for unit in words.units_within(activity)
        ]
    return made


def _scope(activity: Activity, form: ReviewerForm) -> Scope:
    kind, _colon, code = form.place.data.partition(":")
    return words.scope_of(web.principal(), activity, ScopeKind(kind), code)


@door.post("/desk/activity/<code>/reviewers/<grant_code>/end", policy=ORGANISES)
def end_reviewer(code: str, grant_code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    found = words.get_reviewer(web.principal(), activity, grant_code, clock.now())
    with web.writing() as answer:
        words.end(activity, found, stamp=web.stamp())
        answer.go("registration.reviewers", code=code, flash=_("已结束，对方会收到通知。"))
    return answer.response
