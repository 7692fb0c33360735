"""Paper on demand, from the frozen facts alone: nothing drawn is kept."""

from collections.abc import Iterable

from certificates import paper, signature, viewer
from models.certificate import Certificate, State
from services.certificate import signing
from services.certificate.checking import FINGERPRINT, SPECIMEN, fault_of
from services.certificate.order import Order, facts_of
from services.certificate.reasons import BadOrders, Fault, NotGenuine, NotSigned, NotValid
from services.notification import sending
from services.stamp import Stamp


def pdf(certificate: Certificate) -> bytes:
    """The certificate with its signed facts attached. Raises NotSigned, NotValid, NotGenuine."""
    sheet = _sheet(certificate)
    attached = signature.bundle(signing.statement(certificate), certificate.signature or "", sheet.facts)
    return paper.draw(
        sheet.facts,
        link=sheet.link,
        site=sheet.site,
        fingerprint=sheet.fingerprint,
        attachment=attached,
    )


def picture(certificate: Certificate) -> bytes:
    """The same as a PNG, for phones that cannot show a PDF."""
    return viewer.picture(pdf(certificate))


def bundle(certificates: Iterable[Certificate], *, title: str) -> bytes:
    """Many certificates as one file to print. Raises NotSigned, NotValid, NotGenuine."""
    return paper.draw_all([_sheet(row) for row in certificates], title=title)


def specimen(order: Order, *, stamp: Stamp) -> bytes:
    """How it will look, as a PNG: its number is none, and its code leads to the page of checking. Raises BadOrders."""
    facts = facts_of(order, number=SPECIMEN, version=1, day=stamp.today)
    if (why := fault_of(facts)) is not None:
        raise BadOrders([Fault(1, order.name, why)])
    link = sending.absolute("/certificate")
    return viewer.picture(paper.draw(facts, link=link, site=signing.site(), fingerprint=FINGERPRINT))


def _sheet(certificate: Certificate) -> paper.Sheet:
    if certificate.state is State.QUEUED:
        raise NotSigned
    if not certificate.is_valid:
        raise NotValid
    if not signing.is_genuine(certificate):
        raise NotGenuine
    return paper.Sheet(
        signing.facts(certificate),
        signing.link(certificate),
        signing.site(),
        signing.fingerprint(certificate),
    )
