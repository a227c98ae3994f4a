"""Printing papers: each piece as a PDF, for those who may see its items; each print of a live one is kept."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.htmx import render_page
from exams.assembly import actions
from exams.assembly.access import get_paper_with_items, needs_reason, staff
from exams.assembly.forms.printing import PrintForm
from exams.assembly.printing.pieces import find_piece, print_piece


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def print_paper(request: HttpRequest, code: str, piece: str) -> HttpResponse:
    """One piece as a PDF; of a sealed live paper after a reason is given, which is kept with who and when."""
    paper = get_paper_with_items(request.user, code)
    found = find_piece(paper, piece)
    if found is None:
        raise Http404
    reason = ""
    if needs_reason(paper):
        form = PrintForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            context = {"paper": paper, "piece": found, "form": form}
            status = 422 if form.is_bound else 200
            return render_page(request, "exams/assembly/print_reason.html", context, status=status)
        reason = form.cleaned_data["reason"]
    pdf = print_piece(paper, found)
    actions.record_view(paper=paper, by=staff(request), at=timezone.now(), reason=reason, printed=found.code)
    name = f'inline; filename="{paper.code}-{found.code}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})
