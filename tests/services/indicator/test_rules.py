from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.activity import Activity, Kind, Level, Series
from models.indicator import Deliverable, Indicator, Outcome, Source
from models.person import Category, SkillLevel
from services.indicator import Aspect, Profile, fed_by, feeds, nearly, noted, profile_of
from tests.support.plan import indicator, plan

RULES = plan().indicators
FED = [row for row in RULES if row.is_fed_by_activities]
TAGS = [tag.code for tag in plan().tags]

profiles = st.builds(
    Profile,
    kind=st.sampled_from([kind.value for kind in Kind]),
    series=st.none() | st.sampled_from([series.value for series in Series]),
    level=st.none() | st.sampled_from([level.value for level in Level]),
    clause=st.none() | st.integers(0, 19),
    tags=st.frozensets(st.sampled_from(TAGS), max_size=4),
    participant_categories=st.frozensets(st.sampled_from([each.value for each in Category]), max_size=3),
    skill_level=st.none() | st.sampled_from([level.value for level in SkillLevel]),
)


def fitting(row: Indicator) -> Profile:
    """The least profile that meets a rule."""
    return Profile(
        kind=row.activity_kinds[0],
        series=row.series,
        level=row.activity_level,
        tags=frozenset(row.tags_any[:1]),
        participant_categories=frozenset(row.participant_categories),
        skill_level=row.min_skill_level,
    )


def codes(found: list[object]) -> set[str]:
    return {feed.indicator.code for feed in found}  # type: ignore[attr-defined]


def test_fourteen_indicators_are_fed_by_activities() -> None:
    assert len(FED) == 14  # fifteen are automatic or mixed; the reserve is fed by confirmations


@pytest.mark.parametrize("row", FED, ids=lambda row: row.code)
def test_every_rule_with_kinds_is_met_by_some_profile(row: Indicator) -> None:
    (feed,) = feeds(fitting(row), [row])
    assert feed.is_fed
    assert feed.outcome is row.outcome


@given(profiles)
def test_a_profile_without_a_required_tag_never_feeds(profile: Profile) -> None:
    for feed in feeds(profile, RULES):
        assert not feed.indicator.tags_any or profile.tags.intersection(feed.indicator.tags_any)


@given(profiles)
def test_what_is_fed_meets_the_whole_rule(profile: Profile) -> None:
    for feed in feeds(profile, RULES):
        row = feed.indicator
        assert profile.kind in row.activity_kinds
        assert row.feed is not Source.MANUAL
        assert row.series in (None, profile.series)
        assert row.activity_level in (None, profile.level)
        if row.min_skill_level is not None:
            assert profile.skill_level is not None
            assert SkillLevel(profile.skill_level).order >= SkillLevel(row.min_skill_level).order
        if row.participant_categories and profile.participant_categories:
            assert profile.participant_categories.intersection(row.participant_categories)


@given(profiles)
def test_an_indicator_is_fed_or_nearly_fed_but_never_both(profile: Profile) -> None:
    assert codes([*feeds(profile, RULES)]).isdisjoint(codes([*nearly(profile, RULES)]))


@given(profiles)
def test_adding_what_is_missing_feeds(profile: Profile) -> None:
    for feed in nearly(profile, RULES):
        added = profile
        for condition in feed.missing:
            one = condition.values[0]
            match condition.aspect:
                case Aspect.TAG:
                    added = replace(added, tags=added.tags | {one})
                case Aspect.CATEGORY:
                    added = replace(added, participant_categories=added.participant_categories | {one})
                case Aspect.SERIES:
                    added = replace(added, series=one)
                case Aspect.LEVEL:
                    added = replace(added, level=one)
                case Aspect.SKILL_LEVEL:
                    added = replace(added, skill_level=one)
        assert feed.indicator.code in codes([*feeds(added, RULES)])


@given(profiles, st.frozensets(st.sampled_from(TAGS)))
def test_more_tags_never_feed_less(profile: Profile, more: frozenset[str]) -> None:
    tagged = replace(profile, tags=profile.tags | more)
    assert codes([*feeds(profile, RULES)]) <= codes([*feeds(tagged, RULES)])


def test_one_class_counts_under_several_clauses() -> None:
    profile = Profile(
        kind="training_class",
        clause=5,
        tags=frozenset({"public_base", "brand"}),
        participant_categories=frozenset({"enterprise_employee"}),
    )
    assert codes([*feeds(profile, RULES)]) == {"T05.trained", "T08.brand_trained", "T13.employees"}


def test_a_class_open_to_everybody_counts_only_those_of_the_category() -> None:
    feed = next(
        each
        for each in feeds(Profile(kind="training_class"), RULES)
        if each.indicator.code == "T13.employees"
    )
    assert [(limit.aspect, limit.values) for limit in feed.limits] == [
        (Aspect.CATEGORY, ("enterprise_employee",))
    ]


def test_a_class_for_others_lacks_the_category() -> None:
    profile = Profile(kind="training_class", participant_categories=frozenset({"jobseeker"}))
    assert "T13.employees" not in codes([*feeds(profile, RULES)])
    missing = {each.indicator.code: each.missing for each in nearly(profile, RULES)}
    assert missing["T13.employees"][0].values == ("enterprise_employee",)


def test_another_series_is_an_answer_and_none_an_omission() -> None:
    drill = indicator("T07.post_drills")
    assert nearly(Profile(kind="competition", series="industry"), [drill]) == []
    (feed,) = nearly(Profile(kind="competition"), [drill])
    assert [(each.aspect, each.values) for each in feed.missing] == [(Aspect.SERIES, ("post_drill",))]


def test_an_industry_contest_of_a_unit_is_no_district_one() -> None:
    contests = indicator("T07.industry_competitions")
    assert feeds(Profile(kind="competition", series="industry", level="unit"), [contests]) == []
    assert feeds(Profile(kind="competition", series="industry", level="district"), [contests])


def test_a_level_below_the_least_does_not_count() -> None:
    row = indicator("T05.high_skilled")
    base = Profile(kind="assessment", tags=frozenset({"public_base"}))
    assert feeds(replace(base, skill_level="intermediate_worker"), [row]) == []
    assert feeds(replace(base, skill_level="technician"), [row])


def test_an_award_needs_a_proposed_title_beside_it() -> None:
    (feed,) = feeds(Profile(kind="competition", series="industry"), [indicator("T18.district_experts")])
    assert feed.outcome is Outcome.AWARD_WON
    assert [limit.aspect for limit in feed.limits] == [Aspect.NEED]


def test_job_fairs_and_the_reserve_are_not_fed_by_activities() -> None:
    assert feeds(Profile(kind="job_fair"), RULES) == []
    assert all("T07.reserve_contestants" not in codes([*feeds(Profile(kind=kind), RULES)]) for kind in Kind)


def test_what_is_nearly_fed_names_the_activitys_own_clause_first() -> None:
    found = nearly(Profile(kind="training_class", clause=8), RULES)
    assert found[0].indicator.code == "T08.brand_trained"
    lacking = [len(feed.missing) for feed in found[1:]]
    assert lacking == sorted(lacking)


def test_things_that_feed_an_indicator_keep_their_order() -> None:
    row = indicator("T15.assessed")
    candidates = [
        (Profile(kind="assessment"), "b"),
        (Profile(kind="forum"), "x"),
        (Profile(kind="competition"), "a"),
    ]
    assert fed_by(row, candidates) == ["b", "a"]


def test_an_activity_is_noted_under_tasks_without_a_number() -> None:
    tasks = [
        Deliverable(code="D12.industry_forums", clause=12, activity_kinds=["forum"]),
        Deliverable(code="D04.summit_forum", clause=4, activity_kinds=["forum"]),
    ]
    assert [task.code for task in noted(Profile(kind="forum", clause=12), tasks)] == ["D12.industry_forums"]
    assert noted(Profile(kind="forum"), tasks) == []


def test_the_profile_of_an_activity() -> None:
    activity = Activity(
        kind=Kind.COMPETITION,
        level=Level.DISTRICT,
        series=Series.INDUSTRY,
        clause=7,
        tags=["rural"],
        audience=["enterprise_employee"],
    )
    profile = profile_of(activity)
    assert profile.kind == "competition"
    assert "T07.industry_competitions" in codes([*feeds(profile, RULES)])
    assert hash(profile) == hash(profile_of(activity))
