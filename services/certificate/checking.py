"""Whether words can be printed: asked of every order before any number is given."""

from collections.abc import Sequence

from certificates import paper
from certificates.facts import Facts
from services.certificate.order import Order, facts_of
from services.certificate.reasons import Fault
from services.stamp import Stamp
from services.text import Sentence, _

SPECIMEN = "YC-ZM-2000-0001-0001-0"
"""As long as a number is."""

SITE = "example.org"
FINGERPRINT = "0000 0000 0000 0000 0000"
FEW = 5


def faults_of(orders: Sequence[Order], *, stamp: Stamp) -> list[Fault]:
    """Everything that stands in the way of printing these, row by row."""
    found = []
    for row, order in enumerate(orders, 1):
        sentence = fault_of(facts_of(order, number=SPECIMEN, version=1, day=stamp.today))
        if sentence is not None:
            found.append(Fault(row, order.name, sentence))
    return found


def fault_of(facts: Facts) -> Sentence | None:
    """Why these words cannot be put on paper; None where they can."""
    try:
        paper.check(facts, site=SITE, fingerprint=FINGERPRINT)
    except paper.Unprintable as no:
        listed = " ".join(f"{character} (U+{ord(character):04X})" for character in no.characters[:FEW])
        return _("字库中没有 %(characters)s，请核对或改用规范字。", characters=listed)
    except paper.DoesNotFit:
        return _("文字过长，证书上排不下，请缩短后再签发。")
    return None
