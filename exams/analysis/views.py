"""The report of the whole bank: it names items and places of keys, so it is for who sees live items."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from config.htmx import render_page
from exams.analysis.demands import paper_demands
from exams.analysis.screens import problem_rows, section_screens
from exams.bank.access import SEE_LIVE
from exams.bank.report import bank_report
from syllabus.standard.queries import current_levels


@require_GET
@permission_required(SEE_LIVE, raise_exception=True)
def item_report(request: HttpRequest) -> HttpResponse:
    """What the bank of a level holds and misses, by part and pool; what is missed stands first."""
    levels = current_levels()
    chosen = next((one for one in levels if str(one.number) == request.GET.get("level")), None)
    level = chosen or next(iter(levels), None)
    context: dict[str, object] = {"levels": levels, "level": level, "problems": [], "sections": []}
    if level:
        report = bank_report(demands=paper_demands(), level=level.number)
        context |= {
            "problems": problem_rows(report),
            "sections": section_screens(report),
            "thresholds": report.thresholds,
        }
    return render_page(request, "exams/analysis/report.html", context)
