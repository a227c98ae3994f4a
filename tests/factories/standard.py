"""Standards for tests. `LevelFactory(complete=True)` is a small level that everything else can be built on.

complete=True: parts theory and skill; functions 1 (weight 50), 2 (45) and B (basics, 5); two work contents in
each (1.1, 1.2, …, B.2) with the requirements 1.1.S1, 1.1.S2 (skill) and 1.1.K1, 1.1.K2 (knowledge).
"""

import datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from syllabus.standard import models

LEVEL_NAMES = {3: "三级", 2: "二级", 1: "一级"}
_SOURCES = {
    "pass_mark": {"certainty": "standard", "clause": "§1.7.4"},
    "minutes": {"certainty": "practice", "clause": "§4"},
    "valid_years": {"certainty": "standard", "clause": "§1.7.4"},
}


class StandardFactory(DjangoModelFactory):
    class Meta:
        model = models.Standard
        django_get_or_create = ("code", "edition")

    code = "csm"
    edition = "2026.1"
    loaded_at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


class PartFactory(DjangoModelFactory):
    class Meta:
        model = models.Part

    level = factory.SubFactory("tests.factories.standard.LevelFactory")
    code = "theory"
    name = factory.LazyAttribute(lambda part: {"theory": "理论知识考试", "skill": "操作技能考核"}[part.code])
    position = factory.LazyAttribute(lambda part: {"theory": 1, "skill": 2}[part.code])
    pass_mark = Decimal(60)
    minutes = factory.LazyAttribute(lambda part: {"theory": 90, "skill": 120}[part.code])
    valid_years = 2
    modes = factory.LazyFunction(lambda: ["computer", "paper"])
    sources = factory.LazyFunction(lambda: {key: dict(value) for key, value in _SOURCES.items()})


class RequirementFactory(DjangoModelFactory):
    class Meta:
        model = models.Requirement

    work_content = factory.SubFactory("tests.factories.standard.WorkContentFactory")
    kind = "knowledge"
    position = factory.Sequence(lambda number: number + 1)
    code = factory.LazyAttribute(
        lambda one: f"{one.work_content.code}.{'S' if one.kind == 'skill' else 'K'}{one.position}"
    )
    text = factory.LazyAttribute(
        lambda one: f"{'能说明要求' if one.kind == 'skill' else '知识点'} {one.code}"
    )
    importance = "X"
    provenance = "standard"


class WorkContentFactory(DjangoModelFactory):
    class Meta:
        model = models.WorkContent
        skip_postgeneration_save = True

    class Params:
        complete = factory.Trait(
            skill_1=factory.RelatedFactory(RequirementFactory, "work_content", kind="skill", position=1),
            skill_2=factory.RelatedFactory(RequirementFactory, "work_content", kind="skill", position=2),
            knowledge_1=factory.RelatedFactory(
                RequirementFactory, "work_content", kind="knowledge", position=1
            ),
            knowledge_2=factory.RelatedFactory(
                RequirementFactory, "work_content", kind="knowledge", position=2
            ),
        )

    function = factory.SubFactory("tests.factories.standard.FunctionFactory")
    position = factory.Sequence(lambda number: number + 1)
    code = factory.LazyAttribute(lambda one: f"{one.function.code}.{one.position}")
    name = factory.LazyAttribute(lambda one: f"工作内容 {one.code}")


class FunctionFactory(DjangoModelFactory):
    class Meta:
        model = models.Function
        skip_postgeneration_save = True

    class Params:
        basics = factory.Trait(code="B", name="相关基础知识", is_basics=True, weight=5, position=99)
        complete = factory.Trait(
            content_1=factory.RelatedFactory(WorkContentFactory, "function", position=1, complete=True),
            content_2=factory.RelatedFactory(WorkContentFactory, "function", position=2, complete=True),
        )

    level = factory.SubFactory("tests.factories.standard.LevelFactory")
    position = factory.Sequence(lambda number: number + 1)
    code = factory.LazyAttribute(lambda one: str(one.position))
    name = factory.LazyAttribute(lambda one: f"职业功能 {one.code}")
    weight = 20
    is_basics = False
    is_provisional = False


class LevelFactory(DjangoModelFactory):
    class Meta:
        model = models.Level
        django_get_or_create = ("standard", "number")
        skip_postgeneration_save = True

    class Params:
        parts = factory.Trait(
            theory=factory.RelatedFactory(PartFactory, "level", code="theory"),
            skill=factory.RelatedFactory(PartFactory, "level", code="skill"),
        )
        complete = factory.Trait(
            parts=True,
            function_1=factory.RelatedFactory(FunctionFactory, "level", position=1, weight=50, complete=True),
            function_2=factory.RelatedFactory(FunctionFactory, "level", position=2, weight=45, complete=True),
            function_b=factory.RelatedFactory(FunctionFactory, "level", basics=True, complete=True),
        )

    standard = factory.SubFactory(StandardFactory)
    number = 3
    name = factory.LazyAttribute(lambda level: LEVEL_NAMES[level.number])
    clause = factory.LazyAttribute(lambda level: f"§2.2.{4 - level.number}")
    effective_on = datetime.date(2026, 1, 1)
    checksum = factory.LazyAttribute(lambda level: f"{level.number}" * 64)


class EligibilityRouteFactory(DjangoModelFactory):
    class Meta:
        model = models.EligibilityRoute

    level = factory.SubFactory(LevelFactory)
    position = factory.Sequence(lambda number: number + 1)
    code = factory.LazyAttribute(lambda route: f"{route.level.number}-{route.position}")
    text = "取得初级技术职称"
    allows = "full"
    requires = factory.LazyFunction(lambda: {"technical_title": "junior"})


class WeightVectorFactory(DjangoModelFactory):
    class Meta:
        model = models.WeightVector

    level = factory.SubFactory(LevelFactory)
    code = "national"
    name = "职业道德 10 分的权重"
    certainty = "practice"
    clause = "§5"


class RuleFactory(DjangoModelFactory):
    class Meta:
        model = models.Rule
        django_get_or_create = ("standard", "code")

    standard = factory.SubFactory(StandardFactory)
    code = factory.Sequence(lambda number: f"test.rule_{number}")
    name = factory.LazyAttribute(lambda rule: f"规则 {rule.code}")
    group = "results"
    value = 30
    unit = "天"
    certainty = "decision"
    clause = "D5"
    note = ""
    position = factory.Sequence(lambda number: number + 1)


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = models.Decision

    standard = factory.SubFactory(StandardFactory)
    position = factory.Sequence(lambda number: number + 1)
    code = factory.LazyAttribute(lambda decision: f"D{decision.position}")
    title = factory.LazyAttribute(lambda decision: f"决定 {decision.code}")
    text = "没有来源说明，由我们决定。"
