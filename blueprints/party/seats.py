"""名额分配: all units' requests of an activity in one table, decided at once."""

from collections import defaultdict
from typing import Any

from blueprints import policy, web
from blueprints.party.room import account, door
from forms.party import numbers, seats_form
from models.party import Party
from services import activity as activities
from services import party as parties
from services.party import Decision
from services.text import _


@door.both("/desk/activities/<code>/seats", policy=policy.holding(*activities.RUN))
def seats(code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    rows = parties.requests(activity)
    kind = seats_form(
        [
            (row.code, row.organisation.label if row.organisation else row.name, row.allotted, row.note)
            for row in rows
        ]
    )
    form = kind()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                said = {
                    key: Decision(given, form[f"note_{key}"].data or "")
                    for key, given in numbers(form, "seats_").items()
                }
                done = parties.allot(activity, said, by=account(), stamp=web.stamp())
                answer.go("party.seats", code=code, flash=_("已保存，%(n)s 个单位会收到通知。", n=done))
            return answer.response
    by_track: dict[Any, list[Party]] = defaultdict(list)
    for row in rows:
        by_track[row.track].append(row)
    return web.page(
        "party/seats.html",
        activity=activity,
        form=form,
        tracks=[(track, group, parties.allotted(track)) for track, group in by_track.items()],
    )
