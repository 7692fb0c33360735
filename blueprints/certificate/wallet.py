"""One's own certificates; the paper also for the officers who issued it."""

from flask import Response

from blueprints import policy, web
from blueprints.certificate.room import door, file, unlisted
from models.certificate import Certificate
from services import certificate as certificates


@door.get("/certificate/mine", policy=policy.signed_in)
def mine() -> Response:
    """我的证书."""
    rows = certificates.of_person(web.principal().person_id)
    return unlisted(web.page("certificate/mine.html", rows=rows, facts=certificates.facts))


@door.get("/certificate/<code>", policy=policy.signed_in)
def show(code: str) -> Response:
    """One certificate as the paper looks, with its download."""
    row = certificates.get_seen(web.principal(), code)
    return unlisted(
        web.page(
            "certificate/show.html",
            row=row,
            facts=certificates.facts(row),
            is_mine=certificates.is_holder(web.principal(), row),
        )
    )


@door.get("/certificate/<code>.pdf", policy=policy.signed_in)
def pdf(code: str) -> Response:
    row = certificates.get_seen(web.principal(), code)
    return file(certificates.pdf(row), "application/pdf", f"{_name(row)}.pdf")


@door.get("/certificate/<code>.png", policy=policy.signed_in)
def picture(code: str) -> Response:
    """The page as a picture: kept by a long press, where a phone shows no PDF."""
    row = certificates.get_seen(web.principal(), code)
    return file(certificates.picture(row), "image/png", f"{_name(row)}.png", inline=True)


def _name(row: Certificate) -> str:
    """荣誉证书 张三 YC-JS-2026-0017-0003-7"""
    facts = certificates.facts(row)
    return f"{facts.heading} {facts.name} {facts.number}"
