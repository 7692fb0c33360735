"""What every form carries: the CSRF token and a one-time key (R20, R62)."""

import secrets
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField


def new_key() -> str:
    return secrets.token_urlsafe(16)


class Form(FlaskForm):
    """Base of all forms that write. Choices come in by the constructor of each form."""

    idempotency_key = HiddenField(default=new_key)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return bool(super().validate_on_submit(extra_validators))

    def refuse(self, sentence: object, field: str | None = None) -> None:
        """Show a refusal in place: at a field, or above the form."""
        if field and field in self:
            self[field].errors = [*self[field].errors, str(sentence)]
        else:
            self.form_errors.append(str(sentence))


def strip(value: Any) -> Any:
    """A WTForms filter: spaces at the ends say nothing."""
    return value.strip() if isinstance(value, str) else value
