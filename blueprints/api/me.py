"""Who the token speaks for, masked (R13)."""

from typing import Any

from marshmallow import fields

from blueprints import policy, web
from blueprints.api.room import door
from blueprints.api.shape import Code, Label, Moment, ShownSchema, word
from models.person import Category, DocumentType, Person, SkillLevel
from models.token import TokenScope
from services.account.contacts import mask_email
from services.person import documents, phones


class PersonSchema(ShownSchema):
    name = fields.String(required=True)
    document_type = word(DocumentType, attribute="document.type", allow_none=True, dump_default=None)
    document_number = fields.String(
        required=True, allow_none=True, metadata={"description": "First and last four characters."}
    )
    category = word(Category, required=True)
    category_label = Label(attribute="category", required=True)
    skill_level = word(SkillLevel, required=True)
    skill_level_label = Label(attribute="skill_level", required=True)
    workplace = fields.String(required=True, allow_none=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        if attr == "document_number":
            return masked_document(obj)
        return super().get_attribute(obj, attr, default)


class TokenSchema(ShownSchema):
    code = Code(required=True)
    label = fields.String(required=True)
    scopes = fields.List(word(TokenScope), attribute="chosen", required=True)
    expires_at = Moment(required=True)


class MeSchema(ShownSchema):
    code = Code(required=True)
    display_name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True, metadata={"description": "Masked: 138****1234"})
    email = fields.String(required=True, allow_none=True, metadata={"description": "Masked: w***@example.cn"})
    language = fields.String(required=True)
    person = fields.Nested(PersonSchema, required=True, allow_none=True)
    token = fields.Nested(TokenSchema, required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        match attr:
            case "phone":
                return phones.mask(obj.phone) if obj.phone else None
            case "email":
                return mask_email(obj.email) if obj.email else None
            case "token":
                return key().key
        return super().get_attribute(obj, attr, default)


def masked_document(person: Person) -> str | None:
    document = person.document
    return documents.mask(document.type, document.number) if document else None


def key() -> web.Bearer:
    who = web.visitor()
    assert isinstance(who, web.Bearer)
    return who


@door.get("/me", policy=policy.signed_in, answers=MeSchema, tags=["me"])
def me(_asked: dict[str, Any]) -> Any:
    """The account and the person behind the token."""
    return web.visitor().account
