"""The door to papers: who may see their reports, their items, and change them."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from exams.assembly.models import Paper
from exams.bank.enums import Pool

ASSEMBLE = "exams.assemble_papers"
SEE_LIVE = "exams.see_live_items"


def may_assemble(user: Any) -> bool:
    """Return whether the user may assemble, freeze and withdraw papers."""
    return bool(user.has_perm(ASSEMBLE))


def may_see_papers(user: Any) -> bool:
    """Return whether the user may see papers and their reports."""
    return may_assemble(user) or bool(user.has_perm(SEE_LIVE))


def may_see_items(user: Any, paper: Paper) -> bool:
    """Return whether the user may see the items and keys of a paper."""
    return bool(user.has_perm(SEE_LIVE)) or (paper.pool == Pool.PRACTICE and may_see_papers(user))


def staff(request: HttpRequest) -> AbstractBaseUser:
    """Return who is asking, when they may see papers; 403 otherwise."""
    if not request.user.is_authenticated or not may_see_papers(request.user):
        raise PermissionDenied
    return request.user


def get_paper(code: str) -> Paper:
    """Return the paper of this code, or 404."""
    paper = Paper.objects.select_related("blueprint", "level__standard").filter(code=code).first()
    if paper is None:
        raise Http404
    return paper


def get_paper_with_items(user: Any, code: str) -> Paper:
    """Return a paper whose items the user may see, or 404, or 403."""
    paper = get_paper(code)
    if not may_see_items(user, paper):
        raise PermissionDenied
    return paper
