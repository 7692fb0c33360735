"""One's own certificates for programs: what the wallet shows. The paper is fetched from its page, with a sign-in."""

from typing import Any

from marshmallow import fields

from blueprints import policy, web
from blueprints.activity import public_url
from blueprints.api.room import door
from blueprints.api.shape import Code, Label, Moment, ShownSchema, word
from models.certificate import Kind, State
from services import certificate as certificates

FROM_FACTS = frozenset({"heading", "name", "award", "activity", "contest", "issuer", "issued_on"})


class CertificateSchema(ShownSchema):
    code = Code(required=True)
    url = fields.String(required=True)
    number = fields.String(required=True)
    version = fields.Integer(attribute="version_no", required=True)
    kind = word(Kind, required=True)
    kind_label = Label(attribute="kind", required=True)
    state = word(State, required=True)
    state_label = Label(attribute="state", required=True)
    heading = fields.String(required=True)
    name = fields.String(required=True)
    award = fields.String(required=True)
    activity = fields.String(required=True)
    contest = fields.String(required=True)
    issuer = fields.String(required=True)
    issued_on = fields.Date(required=True)
    signed_at = Moment(required=True, allow_none=True)
    check_url = fields.String(
        required=True, allow_none=True, metadata={"description": "The public page that its QR code leads to."}
    )

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        if attr in FROM_FACTS:
            return getattr(certificates.facts(obj), attr)
        match attr:
            case "url":
                return public_url("certificate.show", code=obj.code)
            case "check_url":
                return public_url("certificate.proof", token=obj.token) if obj.is_valid else None
        return super().get_attribute(obj, attr, default)


class CertificateListSchema(ShownSchema):
    items = fields.List(fields.Nested(CertificateSchema), required=True)


@door.get("/me/certificates", policy=policy.signed_in, answers=CertificateListSchema, tags=["me"])
def my_certificates(_asked: dict[str, Any]) -> Any:
    """Everything one holds or held, the newest first."""
    return {"items": certificates.of_person(web.principal().person_id)}
