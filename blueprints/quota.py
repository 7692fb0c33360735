"""Doors of 名额设置: the places of an activity beside those of its tracks."""

from typing import Any

from blueprints import policy, web
from forms.quota import QuotaForm
from models.activity import Activity
from models.quota import Kind
from services import activity as activities
from services import organisation as organisations
from services import questionnaire as questionnaires
from services import quota as quotas
from services.activity import UnknownUnit
from services.text import _

door = web.Door("quota", __name__)

running = policy.holding(*activities.RUN)


@door.both("/desk/activity/<code>/quotas", policy=running)
def edit(code: str) -> Any:
    """What is set, taken and left, and beside it the form that sets one more or changes one."""
    activity = activities.get_run(web.principal(), code)
    form = QuotaForm(
        tracks=[(track.code, track.name) for track in activity.tracks], options=_options(activity)
    )
    if form.validate_on_submit():
        with web.refusals(form, UnknownUnit="unit", BelowHeld="capacity", KeptTooMany="capacity"):
            with web.writing(form) as answer:
                _set(activity, form)
                answer.go("quota.edit", code=code, flash=_("名额已保存。"))
            return answer.response
    return web.page(
        "quota/edit.html",
        form=form,
        activity=activity,
        rows=quotas.of_activity(activity),
        name=quotas.label,
        Kind=Kind,
    )


def _set(activity: Activity, form: QuotaForm) -> None:
    capacity, stamp = form.capacity.data, web.stamp()
    if form.kind.data == "total":
        quotas.set_total(activity, capacity, stamp=stamp)
        return
    if form.kind.data == "choice":
        field, _colon, option = form.option.data.partition(":")
        quotas.set_choice(activity, field, option, capacity, stamp=stamp)
        return
    track = activities.get_track(activity, form.track.data)
    if form.kind.data == "unit":
        unit = organisations.find_by_name(form.unit.data)
        if unit is None:
            raise UnknownUnit([form.unit.data])
        quotas.allot(track, unit, capacity, stamp=stamp)
        return
    quotas.keep(track, form.name.data, form.kept_for(), capacity, form.released_at.data, stamp=stamp)


def _options(activity: Activity) -> list[tuple[str, object]]:
    """The options of the form of which each may have places of its own."""
    return [
        (quotas.key_of(field.key, option.value), f"{field.label} · {option.label}")
        for field in questionnaires.of(activity).fields
        if field.sensitivity is not questionnaires.Sensitivity.SENSITIVE
        for option in field.options
    ]
