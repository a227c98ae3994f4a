"""The door to papers: who may see their reports, their items, and change them."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from exams.assembly.enums import PaperState
from exams.assembly.models import Blueprint, Paper
from exams.assembly.queries import has_swapped
from exams.bank.enums import Pool

ASSEMBLE = "exams.assemble_papers"
SEE_LIVE = "exams.see_live_items"


def may_assemble(user: Any) -> bool:
    """Return whether the user may assemble, freeze and withdraw papers."""
    return bool(user.has_perm(ASSEMBLE))


def may_see_papers(user: Any) -> bool:
    """Return whether the user may see papers and their reports."""
    return may_assemble(user) or bool(user.has_perm(SEE_LIVE))


def is_reader(user: Any, paper: Paper) -> bool:
    """Return whether the user is named as one who may see this live paper."""
    return any(one.person_id == user.pk for one in paper.readers.all())


def may_see_items(user: Any, paper: Paper) -> bool:
    """Return whether the user may see the items and keys of a paper.

    Of a live paper only the named, and only while they may see live items; practice papers are no secret.
    """
    if paper.pool == Pool.PRACTICE:
        return may_see_papers(user)
    return bool(user.has_perm(SEE_LIVE)) and is_reader(user, paper)


def needs_reason(paper: Paper) -> bool:
    """Return whether each look at the paper's items takes a reason: a live one that is sealed."""
    return paper.pool == Pool.LIVE and paper.state == PaperState.SEALED


def may_name_readers(user: Any, paper: Paper) -> bool:
    """Return whether the user may name further readers: one of them, or anybody where there is none yet."""
    if paper.pool != Pool.LIVE or not may_assemble(user):
        return False
    return is_reader(user, paper) or not paper.readers.all()


def is_draft(paper: Paper) -> bool:
    """Return whether the paper may still be changed, sealed or dropped."""
    return paper.state == PaperState.DRAFT and not paper.withdrawn_at


def may_swap(user: Any, paper: Paper) -> bool:
    """Return whether the user may swap items of the paper: its maker, or anybody where it has none.

    Who changes a paper does not approve it, so that two people stand behind each item.
    """
    is_maker = paper.frozen_by_id in {None, user.pk}
    return is_draft(paper) and is_maker and may_assemble(user) and may_see_items(user, paper)


def why_not_seal(user: Any, paper: Paper) -> str:
    """Return in words why the user cannot approve a draft; empty where he can."""
    if not may_assemble(user):
        return _("批准试卷需要组卷权限。")
    if paper.frozen_by_id == user.pk:
        return _("这份试卷由您定稿，须由另一位有组卷权限的人核对后批准。")
    if has_swapped(paper, user.pk):
        return _("这份试卷有您换上的题目，须由另一位有组卷权限的人核对后批准。")
    if not may_see_items(user, paper):
        return _("批准前要核对题目与答案；请定稿人先把您列为查看人。")
    return ""


def staff(request: HttpRequest) -> AbstractBaseUser:
    """Return who is asking, when they may see papers; 403 otherwise."""
    if not request.user.is_authenticated or not may_see_papers(request.user):
        raise PermissionDenied
    return request.user


def get_paper(code: str) -> Paper:
    """Return the paper of this code, or 404."""
    if "\0" in code:  # PostgreSQL takes no such text
        raise Http404
    rows = Paper.objects.select_related("blueprint", "level__standard", "run")
    paper = rows.prefetch_related("readers__person").filter(code=code).first()
    if paper is None:
        raise Http404
    return paper


def get_paper_with_items(user: Any, code: str) -> Paper:
    """Return a paper whose items the user may see, or 404, or 403."""
    paper = get_paper(code)
    if not may_see_items(user, paper):
        raise PermissionDenied
    return paper


def get_draft(user: Any, code: str) -> Paper:
    """Return a draft whose items the user may swap, or 404, or 403."""
    paper = get_paper(code)
    if not may_swap(user, paper):
        raise PermissionDenied
    return paper


def get_blueprint(code: str) -> Blueprint:
    """Return the blueprint of this code, retired or not, with its sections and quotas, or 404."""
    row = Blueprint.objects.prefetch_related("sections", "quotas").filter(code=code).first()
    if row is None:
        raise Http404
    return row
