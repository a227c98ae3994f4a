"""Screens of staff: the list of people, one person, roles, the full document number."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from certs.errors import RegistryError
from certs.people import actions
from certs.people.access import grant_for_admin, own_person, person_for_staff
from certs.people.documents import document_number
from certs.people.enums import Permission
from certs.people.forms import FindForm, PeopleSearchForm, RoleForm
from certs.people.models import Person
from certs.people.queries import (
    consents_of,
    events_of,
    find_person,
    has_photo,
    held_grants,
    person_rows,
    search_people,
)
from certs.people.rules import mask_for_staff
from config.htmx import render_page

PAGE = 25


@require_GET
@permission_required(Permission.SEE_PEOPLE, raise_exception=True)
def people(request: HttpRequest) -> HttpResponse:
    """List people, searched and filtered."""
    form = PeopleSearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "role": ""}
    page = Paginator(search_people(wanted["q"], role=wanted["role"]), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "find_form": FindForm(),
        "page_obj": page,
        "rows": person_rows(page.object_list),
        "total": page.paginator.count,
    }
    return render_page(request, "certs/people/people.html", context, fragment="certs/people/_people.html")


@require_POST
@permission_required(Permission.SEE_PEOPLE, raise_exception=True)
def people_find(request: HttpRequest) -> HttpResponse:
    """Go to the person of a document number."""
    form = FindForm(request.POST)
    found = find_person(form.cleaned_data["number"]) if form.is_valid() else None
    if found is None:
        messages.warning(request, _("没有找到这个证件号码。请核对后输入完整的号码。"))
        return redirect("people")
    return redirect("person", found.pk)


@require_GET
@never_cache
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person to staff, the number masked."""
    return _person_page(request, person_for_staff(request, pk))


@require_POST
@never_cache
def person_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the full document number once, to the registrar, with an audit entry."""
    shown = person_for_staff(request, pk, Permission.SEE_FULL_DOCUMENT)
    number = actions.see_full_document(person=shown, by=own_person(request), at=timezone.now())
    return _person_page(request, shown, full_number=number)


@require_POST
def role_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant a role."""
    chosen = person_for_staff(request, pk, Permission.GRANT_ROLES)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _person_page(request, chosen, role_form=form)
    try:
        actions.grant_role(person=chosen, by=own_person(request), at=timezone.now(), **form.cleaned_data)
    except RegistryError as error:
        form.add_error(None, error.message + error.remedy)
        return _person_page(request, chosen, role_form=form)
    messages.success(request, _("角色已授予。"))
    return redirect("person", pk)


@require_POST
def role_revoke(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    """End a role grant; a refusal becomes the refusal page."""
    chosen = person_for_staff(request, pk, Permission.GRANT_ROLES)
    grant = grant_for_admin(request, chosen, grant_pk)
    actions.revoke_role(grant=grant, by=own_person(request), at=timezone.now())
    messages.success(request, _("角色已撤销。"))
    if own_person(request).has_perm(Permission.SEE_PEOPLE):
        return redirect("person", pk)
    return redirect("profile")  # whoever ended their own role sees no people any more


def _person_page(
    request: HttpRequest, shown: Person, *, full_number: str = "", role_form: RoleForm | None = None
) -> HttpResponse:
    context = {
        "person": shown,
        "number": mask_for_staff(document_number(shown)),
        "full_number": full_number,
        "has_photo": has_photo(shown),
        "grants": held_grants(shown),
        "consents": consents_of(shown),
        "events": events_of(shown),
        "may_grant": request.user.has_perm(Permission.GRANT_ROLES),
        "may_see_number": request.user.has_perm(Permission.SEE_FULL_DOCUMENT),
        "role_form": role_form or RoleForm(),
    }
    return render_page(request, "certs/people/person.html", context)
