"""学时: how long everybody was there, for the organiser; and one's own."""

from typing import Any

from flask import Response, request

from blueprints import policy, web
from blueprints.attendance.gate import door, organising
from blueprints.download import as_file
from services import activity as activities
from services import attendance as attendances
from services import registration as registrations
from services.attendance import hours_sheet
from services.errors import Missing
from services.export import MEDIA_TYPES
from services.transaction import transaction


@door.get("/desk/activity/<code>/hours", policy=organising)
def hours(code: str) -> Any:
    """Person by sitting, with sum and share."""
    activity = activities.get_run(web.principal(), code)
    lines = attendances.hours_of_activity(activity)
    return web.page(
        "attendance/hours.html",
        activity=activity,
        lines=lines,
        some_open=any(cell.is_open for line in lines for cell in line.cells.values()),
    )


@door.get("/desk/activity/<code>/hours.xlsx", policy=organising)
def hours_file(code: str) -> Response:
    """The same as a file; `?as=csv` as text."""
    activity = activities.get_run(web.principal(), code)
    ending = request.args.get("as", "xlsx")
    if ending not in MEDIA_TYPES:
        raise Missing
    with transaction():
        data = hours_sheet.take(activity, ending=ending, stamp=web.stamp())
    name = f"{hours_sheet.title(activity)} {web.stamp().today.isoformat()}.{ending}"
    return as_file(data, MEDIA_TYPES[ending], name)


@door.get("/registration/<code>/hours", policy=policy.signed_in)
def own_hours(code: str) -> Any:
    """For the holder: when they came and left, and the hours of it."""
    row = registrations.get_own(web.principal(), code)
    came = {each.session_id: each for each in attendances.arrivals([row]).get(row.id, [])}
    left = {each.session_id: each for each in attendances.departures([row]).get(row.id, [])}
    return web.page(
        "attendance/own_hours.html",
        row=row,
        line=attendances.hour_lines([row])[0],
        sittings=attendances.sittings(row.activity, row.track),
        came=came,
        left=left,
    )
