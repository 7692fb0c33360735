"""单位推荐: those who entered by themselves and name the unit."""

from typing import Any

from blueprints import policy, web
from blueprints.party.room import account, door
from blueprints.party.unit import managed
from forms.party import RecommendForm
from services import party as parties
from services.text import _


@door.get("/organisation/<code>/recommendations", policy=policy.signed_in)
def recommendations(code: str) -> Any:
    unit = managed(web.principal(), code)
    return web.page(
        "party/recommendations.html",
        unit=unit,
        rows=parties.to_recommend(unit),
        done=parties.recommended(unit),
    )


@door.both("/organisation/<code>/recommendations/<entry>", policy=policy.signed_in)
def recommend(code: str, entry: str) -> Any:
    """Recommend with an opinion, or decline with the reason."""
    unit = managed(web.principal(), code)
    row = parties.get_named(unit, entry)
    form = RecommendForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="note"):
            with web.writing(form) as answer:
                if form.decision.data == "recommend":
                    parties.recommend(row, unit, form.note.data, by=account(), stamp=web.stamp())
                    said = _("已推荐，将由主办单位审核。")
                else:
                    parties.decline(row, form.note.data, by=account(), stamp=web.stamp())
                    said = _("已退回本人，并说明了原因。")
                answer.go("party.recommendations", code=code, flash=said)
            return answer.response
    return web.page("party/recommend.html", form=form, unit=unit, row=row)
