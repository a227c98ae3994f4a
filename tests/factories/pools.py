"""Pools of imagined items for the solver: the weights and knowledge points of 三级, without a database."""

import random
from decimal import Decimal

from exams.assembly.rules import Limits, PoolItem, PoolPart, Section, Specification, theory_item

WEIGHTS = {"1": 20, "2": 15, "3": 14, "4": 17, "5": 14, "6": 15, "B": 5}
# Knowledge points of each work content, as in fixtures/standards/level3.yaml.
CONTENTS = {
    "1": {"1.1": 2, "1.2": 5},
    "2": {"2.1": 5, "2.2": 3, "2.3": 6},
    "3": {"3.1": 3, "3.2": 10},
    "4": {"4.1": 4, "4.2": 8},
    "5": {"5.1": 3, "5.2": 4, "5.3": 4},
    "6": {"6.1": 6, "6.2": 6},
    "B": {"B.1": 2, "B.2": 4},
}
SYLLABUS = tuple(
    (function, content, f"{content}.K{number}")
    for function, contents in CONTENTS.items()
    for content, count in contents.items()
    for number in range(1, count + 1)
)
SECTIONS = (Section("single", 60, 1), Section("true_false", 20, 1), Section("multiple", 10, 2))
LIMITS = Limits(Decimal("0.645"), Decimal("0.655"), 1, 1)
THEORY = Specification(SECTIONS, WEIGHTS, SYLLABUS, LIMITS)
SHARES = {"single": 60, "true_false": 23, "multiple": 17}
DIFFICULTIES = {1: 15, 2: 30, 3: 30, 4: 18, 5: 7}


def make_pool(size: int, seed: int = 1) -> list[PoolItem]:
    """Return `size` items, spread by the weights of functions and the shares of types and difficulties."""
    draw = random.Random(seed)
    by_function = {function: [point for point in SYLLABUS if point[0] == function] for function in WEIGHTS}
    items = []
    for number in range(size):
        function = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        _function, content, knowledge = draw.choice(by_function[function])
        item_type = draw.choices(list(SHARES), list(SHARES.values()))[0]
        difficulty = draw.choices(list(DIFFICULTIES), list(DIFFICULTIES.values()))[0]
        code = f"3-{knowledge}-L{number:04d}"
        items.append(theory_item(number, code, item_type, (function, content, knowledge), difficulty))
    return items


SKILL_SECTIONS = tuple(
    Section(name, 3, 0, least=0) for name in ("short_answer", "essay", "situation", "reply", "oral")
)
SKILL = Specification(SKILL_SECTIONS, WEIGHTS, SYLLABUS, Limits(Decimal("0.60"), Decimal("0.70"), 0, None))


def make_tasks(size: int, seed: int = 1) -> list[PoolItem]:
    """Return `size` skill tasks: three to five criteria of 2 to 8 points in one to three functions."""
    draw = random.Random(seed)
    functions = list(WEIGHTS)
    tasks = []
    for number in range(size):
        some = draw.choices(functions, list(WEIGHTS.values()), k=draw.randint(1, 3))
        parts = []
        for _criterion in range(draw.randint(3, 5)):
            function, content, requirement = draw.choice([one for one in SYLLABUS if one[0] in some])
            least = draw.randint(2, 4)
            parts.append(PoolPart(function, content, requirement, "", least, least + draw.randint(0, 4)))
        section = draw.choice(SKILL_SECTIONS)
        difficulty = draw.choices(list(DIFFICULTIES), list(DIFFICULTIES.values()))[0]
        tasks.append(PoolItem(number, f"3-S-L{number:03}", section.type, tuple(parts), difficulty))
    return tasks
