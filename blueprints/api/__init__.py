"""The JSON API below /api/v1 and its OpenAPI document: what the pages show and do, for programs."""

from blueprints.api import activity, certificate, document, me, notice, plan, registration
from blueprints.api.room import door

__all__ = ["activity", "certificate", "document", "door", "me", "notice", "plan", "registration"]
