"""The standard for everybody to read: three levels, one level as a tree, the rules and our decisions."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from config.htmx import render_page
from syllabus.standard import queries
from syllabus.standard.access import open_level
from syllabus.standard.content import read_value
from syllabus.standard.enums import Mode
from syllabus.standard.models import Function, Rule

# The standard's clauses that pages cite, with what they say and where the product follows them.
CLAUSES = (
    ("1.2", _lazy("职业定义"), _lazy("学习内容与各级别的范围")),
    ("1.3", _lazy("职业等级：三级、二级、一级，一级最高"), _lazy("标准、证书与成绩均按级别区分")),
    ("1.5", _lazy("职业能力特征"), _lazy("学习内容")),
    ("1.6", _lazy("基本文化程度：大学专科或同等学历"), _lazy("申报条件中的学历要求")),
    ("1.7.2", _lazy("申报条件"), _lazy("各级别页面的“申报条件”，符合一条即可")),
    (
        "1.7.3",
        _lazy("鉴定方式：理论知识考试与操作技能考核"),
        _lazy("分别考试、分别评定，可以机考、笔试或口试"),
    ),
    ("1.7.4", _lazy("满分与合格线、有效期与补考、场所设备"), _lazy("合格线 60 分（含），合格成绩 2 年有效")),
    ("2.1", _lazy("各级别的职业功能与工作内容"), _lazy("二级、一级的名称；比重暂定（D1）")),
    ("2.2", _lazy("工作要求：级别依次递进，高级别涵盖低级别"), _lazy("各级别页面的职业功能、要求与比重")),
    ("2.2.1", _lazy("三级的要求与比重"), _lazy("三级页面；试卷各职业功能的分值恰好等于比重")),
)


@require_safe
@login_not_required
def standard(request: HttpRequest) -> HttpResponse:
    """The three levels side by side."""
    levels = queries.current_levels()
    functions = queries.functions_of(levels)
    rows = [
        {
            "level": level,
            "functions": functions[level.pk],
            "weights": weight_rows(functions[level.pk], says_provisional=False),
            "is_provisional": any(one.is_provisional for one in functions[level.pk]),
        }
        for level in levels
    ]
    return render_page(request, "syllabus/standard/standard.html", {"rows": rows})


@require_safe
@login_not_required
def standard_level(request: HttpRequest, number: int) -> HttpResponse:
    """One level as a tree, in the edition that `?edition=` names or the newest."""
    level, editions = open_level(number, request.GET.get("edition", ""))
    tree = queries.level_tree(level)
    context = {
        "level": level,
        "tree": tree,
        "parts": [(part, _("、").join(str(Mode(one).label) for one in part.modes)) for part in tree.parts],
        "weights": weight_rows([one.row for one in tree.functions]),
        "editions": editions,
        "is_newest": level == editions[0],
    }
    return render_page(request, "syllabus/standard/level.html", context)


@require_safe
@login_not_required
def rules(request: HttpRequest) -> HttpResponse:
    """Every figure the product works by, with its clause and how sure it is, and our decisions."""
    groups = [
        {"label": label, "rules": [(one, shown_value(one)) for one in members]}
        for label, members in queries.rules_by_group().items()
    ]
    clauses = [{"number": number, "subject": subject, "here": here} for number, subject, here in CLAUSES]
    context = {"groups": groups, "decisions": queries.decisions(), "clauses": clauses}
    return render_page(request, "syllabus/standard/rules.html", context)


def weight_rows(functions: list[Function], *, says_provisional: bool = True) -> list[dict[str, object]]:
    """Return the rows of a chart of weights; provisional ones may say so."""
    return [
        {
            "label": one.name,
            "value": one.weight,
            "text": _("%(weight)d 暂定") % {"weight": one.weight}
            if one.is_provisional and says_provisional
            else one.weight,
        }
        for one in functions
    ]


def shown_value(rule: Rule) -> str:
    """Return a rule's value as people read it: yes or no, a number, or numbers with a stroke between."""
    value = read_value(rule.value)
    if isinstance(value, bool):
        return pgettext("rule value", "是") if value else pgettext("rule value", "否")
    if isinstance(value, list):
        return " / ".join(str(one) for one in value)
    return str(value)
