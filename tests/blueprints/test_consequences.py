"""What targets lose, as it is said before a button."""

from flask import Flask

from app.demo import load
from blueprints import consequences
from models.activity import Kind, Level, Series
from services.transaction import transaction
from tests.support import factories


def test_calling_off_says_people_only_of_indicators_that_count_people(context: Flask) -> None:
    load.load_plans()
    with transaction():
        activity = factories.activity("示例大赛", Kind.COMPETITION)
        activity.series = Series.DISTRICT
        activity.level = Level.DISTRICT
        track = factories.track(activity)
        rows = [factories.accepted(track) for _each in range(3)]
    with context.test_request_context():
        said = [str(each) for each in consequences.of_activity(activity, factories.stamp()).lost_indicators]
        left = [str(each) for each in consequences.of_entries(rows[:2], factories.stamp()).lost_indicators]
    assert "指标“全区职业技能大赛”将不再计入本次活动" in said
    assert not [each for each in said if "全区职业技能大赛" in each and "人" in each]
    assert not [each for each in left if "全区职业技能大赛" in each]
    assert [each for each in said if each.endswith("预计少计 3 人")]
    assert [each for each in left if each.endswith("预计少计 2 人")]
