"""From draft to seal: swapping items, naming readers, approval."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from config.htmx import Refusal, render_page
from exams.assembly import actions
from exams.assembly.access import (
    ASSEMBLE,
    get_draft,
    get_paper,
    may_name_readers,
    staff,
    why_not_seal,
)
from exams.assembly.forms.papers import ReaderForm, SwapForm
from exams.assembly.screens import swap_context
from exams.assembly.views.papers import paper_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ASSEMBLE, raise_exception=True)
def swap(request: HttpRequest, code: str, position: int) -> HttpResponse:
    """The items that can take a place in a draft, and taking it."""
    draft, now = get_draft(request.user, code), timezone.now()
    if not draft.items.filter(position=position).exists():
        raise Http404
    context = swap_context(draft, position, timezone.localdate(now))
    form = SwapForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        actions.record_view(
            paper=draft, by=staff(request), at=now, reason=_("第 %(number)d 题换题") % {"number": position}
        )
        return render_page(request, "exams/assembly/swap.html", context, status=422 if form.is_bound else 200)
    wanted = form.cleaned_data["version"]
    chosen = next((one for one in context["equals"] if one.item.version.pk == wanted), None)
    if chosen is None:
        raise Refusal(_("所选的题目已不能替换这道题。"), remedy=_("请重新打开换题页面选择。"))
    actions.swap_item(paper=draft, position=position, version=chosen.item.version, by=staff(request), at=now)
    words = {"number": position, "code": chosen.item.version.item.code}
    messages.success(request, _("第 %(number)d 题已换成 %(code)s；复核无误，试卷仍满足全部要求。") % words)
    return redirect(f"{reverse('paper_items', args=[draft.code])}#item-{position}")


@require_POST
@permission_required(ASSEMBLE, raise_exception=True)
def seal(request: HttpRequest, code: str) -> HttpResponse:
    """Approve a draft: from then on it is never changed."""
    draft = get_paper(code)
    if obstacle := why_not_seal(request.user, draft):
        raise Refusal(obstacle, remedy=_("请与定稿人联系。"))
    seen = request.POST.get("sha256", "")
    actions.seal_paper(paper=draft, by=staff(request), at=timezone.now(), seen=seen)
    messages.success(request, _("试卷 %(code)s 已批准封存。") % {"code": draft.code})
    return redirect("paper", draft.code)


@require_POST
@permission_required(ASSEMBLE, raise_exception=True)
def name_reader(request: HttpRequest, code: str) -> HttpResponse:
    """Let somebody else see the items of a live paper."""
    found = get_paper(code)
    if not may_name_readers(request.user, found):
        raise PermissionDenied
    form = ReaderForm(request.POST, paper=found)
    if not form.is_valid():
        return paper_page(request, found, status=422, reader_form=form)
    actions.name_reader(paper=found, person=form.chosen, by=staff(request), at=timezone.now())
    messages.success(request, _("%(name)s 现在可以查看这份试卷的题目。") % {"name": form.chosen})
    return redirect("paper", found.code)
