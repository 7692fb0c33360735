"""What a registration asks, as data: a library of fields, an activity's own, and the versions of its form."""

from models.questionnaire import Questionnaire

__all__ = ["Questionnaire"]
