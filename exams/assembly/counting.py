"""An independent count of whether a paper satisfies what it is held to.

Nothing here knows the solver: `check_paper` is the second piece of code that counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from exams.assembly.rules import (
    Placed,
    Specification,
    contents_of,
    enemies_met,
    knowledge_caps,
    mean_facility,
    points_by,
)


def contradictions(specification: Specification) -> list[str]:
    """Return what no bank could satisfy: section points and weights that do not add up to the same.

    Standard: §2.2 (each function's points equal its weight)
    """
    weights = specification.points
    sections = sum(section.count * section.points for section in specification.sections)
    if not specification.has_criteria and sections != weights:
        text = _("各大题分值合计 %(sections)d 分，各职业功能比重合计 %(weights)d 分，两者必须相等。")
        return [text % {"sections": sections, "weights": weights}]
    return []


def per_content(paper: Iterable[Placed], specification: Specification) -> Counter[tuple[str, str]]:
    """Return what each work content has: items in theory, points in skill.

    Practice: domain.md 5
    """
    found: Counter[tuple[str, str]] = Counter()
    for one in paper:
        for part, points in one.shares():
            found[part.function, part.work_content] += points if specification.has_criteria else 1
    return found


def check_paper(paper: Sequence[Placed], specification: Specification) -> list[str]:
    """Return every demand that the paper misses, in words; an empty list for a paper that fits.

    Standard: §2.2 (each function's points equal its weight); the rest Practice: domain.md 5.
    """
    return [
        *_check_items(paper, specification),
        *_check_weights(paper, specification),
        *_check_quotas(paper, specification),
    ]


def _check_items(paper: Sequence[Placed], specification: Specification) -> Iterator[str]:
    items = [one.item for one in paper]
    if len({item.id for item in items}) != len(items):
        yield _("同一题目出现了两次。")
    for first, second in enemies_met(items):
        yield _("互斥的题目 %(first)s 和 %(second)s 出现在同一卷。") % {"first": first, "second": second}
    counts = Counter(item.type for item in items)
    for section in specification.sections:
        found = counts.pop(section.type, 0)
        if not section.fewest <= found <= section.count:
            wanted = section.count if section.least is None else f"{section.least}–{section.count}"
            words = {"type": section.type, "wanted": wanted, "found": found}
            yield _("题型 %(type)s 应为 %(wanted)s 题，实为 %(found)d 题。") % words
    for item_type in counts:
        yield _("蓝图没有题型 %(type)s。") % {"type": item_type}
    for one in paper:
        fixed = specification.points_of(one.item.type)
        bounds = [(fixed, fixed) if fixed else (part.least, part.most) for part in one.item.parts]
        if any(not least <= points <= most for (least, most), points in zip(bounds, one.points, strict=True)):
            words = {"code": one.item.code, "points": "、".join(map(str, one.points))}
            yield _("题目 %(code)s 的分值（%(points)s）超出了允许的范围。") % words


def _check_weights(paper: Sequence[Placed], specification: Specification) -> Iterator[str]:
    limits = specification.limits
    by_function = points_by(paper, "function")
    for code, weight in specification.weights.items():
        if (found := by_function.pop(code, 0)) != weight:
            words = {"code": code, "weight": weight, "found": found}
            yield _("职业功能 %(code)s 应为 %(weight)d 分，实为 %(found)d 分。") % words
    for code in by_function:
        yield _("职业功能 %(code)s 不在这份卷中。") % {"code": code}
    counted = per_content(paper, specification)
    for content in contents_of(specification):
        if counted[content] < limits.least_per_work_content:
            words = {"code": content[1], "least": limits.least_per_work_content, "found": counted[content]}
            text = (
                _("工作内容 %(code)s 至少 %(least)d 分，实为 %(found)d 分。")
                if specification.has_criteria
                else _("工作内容 %(code)s 至少 %(least)d 题，实为 %(found)d 题。")
            )
            yield text % words
    carried: Counter[tuple[str, str]] = Counter()
    for one in paper:
        for part, points in one.shares():
            carried[part.function, part.requirement] += points
    for point, cap in knowledge_caps(specification).items():
        if carried[point] > cap:
            words = {"code": point[1], "cap": cap, "found": carried[point]}
            yield _("知识点 %(code)s 至多 %(cap)d 分，实为 %(found)d 分。") % words


def _check_quotas(paper: Sequence[Placed], specification: Specification) -> Iterator[str]:
    limits = specification.limits
    mean = mean_facility(paper)
    if not limits.facility_least <= mean <= limits.facility_most:
        words = {"least": limits.facility_least, "most": limits.facility_most, "mean": f"{mean:.4f}"}
        yield _("平均难度应在 %(least)s–%(most)s 之间，实为 %(mean)s。") % words
    for quota in specification.quotas:
        found = points_by(paper, quota.attribute).get(quota.value, 0)
        too_few = quota.least is not None and found < quota.least
        if too_few or (quota.most is not None and found > quota.most):
            words = {
                "attribute": quota.attribute,
                "value": quota.value,
                "least": 0 if quota.least is None else quota.least,
                "most": specification.points if quota.most is None else quota.most,
                "found": found,
            }
            yield _("%(attribute)s %(value)s 应为 %(least)d–%(most)d 分，实为 %(found)d 分。") % words
