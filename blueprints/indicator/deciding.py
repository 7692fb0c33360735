"""Doors of those who accept a report or send it back: another person than who entered it."""

from typing import Any

from blueprints import policy, web
from blueprints.indicator.reporting import report_page
from blueprints.indicator.room import door
from forms.report import AcceptForm, ReturnForm
from services.indicator import reporting, rights
from services.text import _

reviewer = policy.holding(*rights.DECIDE)


@door.post("/desk/report/<code>/accept", policy=reviewer)
def accept_report(code: str) -> Any:
    row = rights.get_decide(web.principal(), code)
    form = AcceptForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                reporting.accept(row, by=web.principal(), version=form.seen_version(), stamp=web.stamp())
                answer.go("indicator.report", code=code, flash=_("已采用，数字计入目标任务。"))
            return answer.response
    return report_page(rights.get_decide(web.principal(), code), form=form)


@door.post("/desk/report/<code>/return", policy=reviewer)
def return_report(code: str) -> Any:
    row = rights.get_decide(web.principal(), code)
    form = ReturnForm()
    if form.validate_on_submit():
        with web.refusals(form, NoNote="note"):
            with web.writing(form) as answer:
                reporting.send_back(row, form.note.data, by=web.principal(), stamp=web.stamp())
                answer.go("indicator.report", code=code, flash=_("已退回，填报人会收到通知。"))
            return answer.response
    return report_page(rights.get_decide(web.principal(), code), return_form=form)
