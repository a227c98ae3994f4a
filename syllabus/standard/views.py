"""The standard for everybody to read: three levels, one level as a tree, the rules and our decisions."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.htmx import render_page
from syllabus.standard import queries
from syllabus.standard.access import open_level
from syllabus.standard.models import Function


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
            "weights": weight_rows(functions[level.pk]),
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
        "weights": weight_rows([one.row for one in tree.functions]),
        "editions": editions,
        "is_newest": level == editions[0],
    }
    return render_page(request, "syllabus/standard/level.html", context)


@require_safe
@login_not_required
def rules(request: HttpRequest) -> HttpResponse:
    """Every figure the product works by, with its clause and how sure it is, and our decisions."""
    context = {"groups": queries.rules_by_group(), "decisions": queries.decisions()}
    return render_page(request, "syllabus/standard/rules.html", context)


def weight_rows(functions: list[Function]) -> list[dict[str, object]]:
    """Return the rows of a chart of weights; provisional ones say so and take the second colour."""
    return [
        {
            "label": one.name,
            "value": one.weight,
            "text": _("%(weight)d 暂定") % {"weight": one.weight} if one.is_provisional else one.weight,
            "low": one.is_provisional,
        }
        for one in functions
    ]
