"""The forms to be stamped, filled from what was entered, through `certificates`."""

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image, UnidentifiedImageError

from certificates import form_sheet, list_sheet
from certificates.layout import DoesNotFit, Unprintable
from models.activity import Track
from models.party import Party
from models.registration import Registration
from services import questionnaire as questionnaires
from services import upload as uploads
from services.errors import Missing, Refused
from services.notification import sending as notices
from services.person import documents, phones
from services.questionnaire import Kind
from services.stamp import Stamp
from services.stamped_copy.finding import Owner, page_of
from services.stamped_copy.sending import usual_stamp
from services.text import _
from services.words import label

PROMISE = _(
    "我保证所填内容真实、准确，符合报名条件，同意主办单位为本次活动核对这些信息；遵守竞赛规程和安全规定。如有不实，愿承担相应责任。"
)


PHOTO: Final = (480, 640)
"""Pixels of a printed photo: some 300 an inch."""


class CannotPrint(Refused):
    """Something cannot be drawn: a character that no font has, a text too long for its box."""


def link_of(owner: Owner) -> str:
    """The page to which the stamped paper is sent back."""
    return notices.absolute(page_of(owner))


def form_pdf(registration: Registration, *, stamp: Stamp) -> bytes:
    """报名表 of one person. Raises `CannotPrint`."""
    person, track = registration.person, registration.track
    document = person.document
    answers = questionnaires.answers_of(registration)
    fields = [
        (str(_("姓名")), person.name),
        (str(_("性别")), str(label(person.sex)) if person.sex else ""),
        (str(_("出生日期")), person.birth_date.isoformat() if person.birth_date else ""),
        (str(_("手机")), phones.mask(person.phone) if person.phone else ""),
        (str(_("证件类型")), str(label(document.type)) if document else ""),
        (str(_("证件号码")), documents.mask(document.type, document.number) if document else ""),
        *((str(field.label), _said(field.kind, said)) for field, said in answers if _is_printed(field.kind)),
    ]
    facts = form_sheet.FormFacts(
        title=registration.activity.title,
        contest=track.contest,
        division=str(label(track.division)) if track.division else "",
        fields=tuple(fields),
        promise=str(PROMISE),
        opinion=registration.opinion,
        stamped_by=usual_stamp(registration),
        code=_spaced(registration.code),
        link=link_of(registration),
        site=_site(),
        printed_on=stamp.today.isoformat(),
        photo=_photo(registration),
    )
    try:
        return form_sheet.draw(facts)
    except (DoesNotFit, Unprintable) as fault:
        raise _cannot(fault) from fault


def _photo(registration: Registration) -> bytes | None:
    """The photo that was sent with the entry, no larger than its box needs; None: one is glued on by hand."""
    try:
        data = uploads.content(questionnaires.file_of(registration, "photo"))
        with Image.open(io.BytesIO(data)) as picture:
            picture.thumbnail(PHOTO, Image.Resampling.LANCZOS)
            paper = Image.new("RGB", picture.size, "white")
            shown = picture.convert("RGBA")
            paper.paste(shown, mask=shown)
    except (Missing, UnidentifiedImageError, OSError):
        return None
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=85)
    return out.getvalue()


def list_pdf(owner: Party | Track, registrations: Sequence[Registration], *, stamp: Stamp) -> bytes:
    """报名汇总表: the people of a party; or some of a track, to be looked at only. Raises `CannotPrint`."""
    facts = list_sheet.ListFacts(
        title=owner.activity.title,
        unit=_unit(owner),
        rows=tuple(_line(row) for row in registrations),
        code=_spaced(owner.code),
        link=link_of(owner) if isinstance(owner, Party) else notices.absolute(f"/register/{owner.code}"),
        site=_site(),
        printed_on=stamp.today.isoformat(),
        opinion=owner.opinion if isinstance(owner, Party) else "",
    )
    try:
        return list_sheet.draw(facts)
    except (DoesNotFit, Unprintable) as fault:
        raise _cannot(fault) from fault


def _line(row: Registration) -> tuple[str, ...]:
    """What stands under the headings of domain.md 2.8 after the serial number."""
    person, party, answer = row.person, row.party, row.answer
    document, unit = person.document, row.organisation
    leader = ""
    if party is not None and party.leader:
        leader = " ".join(part for part in (party.leader, party.leader_phone or "") if part)
    return (
        (party.name if party is not None else unit.label if unit is not None else ""),
        person.name,
        str(label(person.sex)) if person.sex else "",
        documents.mask(document.type, document.number) if document else "",
        unit.name if unit is not None else answer.workplace if answer is not None else "",
        row.track.contest,
        str(label(row.track.division)) if row.track.division else "",
        (answer.coach if answer is not None and answer.coach else party.coach if party is not None else ""),
        phones.mask(person.phone) if person.phone else "",
        leader,
        str(label(row.state)) if row.state.value in ("standby", "waitlisted") else "",
    )


def _unit(owner: Party | Track) -> str:
    if isinstance(owner, Track):
        return owner.activity.organiser.name
    return owner.organisation.name if owner.organisation is not None else owner.name


def _is_printed(kind: Kind) -> bool:
    """Files have their own place; what was agreed to stands in the promise."""
    return kind not in (Kind.FILE, Kind.AGREEMENT)


def _said(kind: Kind, said: str) -> str:
    return phones.mask(said) if kind is Kind.PHONE and said else said


def _spaced(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _site() -> str:
    return notices.absolute("/").partition("://")[2].rstrip("/")


def _cannot(fault: DoesNotFit | Unprintable) -> CannotPrint:
    if isinstance(fault, Unprintable):
        signs = str(_("、")).join(fault.characters)
        return CannotPrint(_("这些字符无法打印：%(signs)s。请修改报名信息，或手写填表。", signs=signs))
    return CannotPrint(_("“%(field)s”内容太长，表格中放不下。请缩短后再打印。", field=fault.field[:40]))
