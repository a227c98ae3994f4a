"""Screens of one's own account: log in, sign up, profile, photo."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certs.errors import RegistryError
from certs.people.access import own_person, photo_for
from certs.people.actions import change_profile, remove_photo, set_photo
from certs.people.documents import document_number
from certs.people.forms import ContactForm, LoginForm, PhotoForm, SignUpForm, add_refusal
from certs.people.models import Person
from certs.people.queries import consents_of, demo_logins, events_of, has_photo
from certs.people.rules import NOTICE_VERSION, mask_for_staff
from config.htmx import render_page

BACKEND = "certs.people.backends.IdentifierBackend"


class Login(LoginView):
    """Django's view with our form; in demo mode it lists the demo's logins."""

    template_name = "certs/people/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demo_logins=demo_logins(), **kwargs)


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Register a candidate and log them in."""
    if request.user.is_authenticated:
        return redirect("profile")
    form = SignUpForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (person := form.register()):
        login(request, person, backend=BACKEND)
        messages.success(request, _("注册完成，已为您登录。请核对下面的资料。"))
        return redirect("profile")
    return render_page(request, "certs/people/sign_up.html", {"form": form, "notice_version": NOTICE_VERSION})


@login_not_required
@require_GET
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """Show the notice that people agree to."""
    return render_page(request, "certs/people/privacy_notice.html", {"notice_version": NOTICE_VERSION})


@require_http_methods(["GET", "POST"])
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """Show one's own data; POST changes mobile and e-mail."""
    person = own_person(request)
    if request.method != "POST":
        return _profile_page(request, person)
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            change_profile(
                person=Person.objects.get(pk=person.pk), by=person, at=timezone.now(), **form.cleaned_data
            )
        except RegistryError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("资料已保存。"))
            return redirect("profile")
    return _profile_page(request, person, contact=form)


@require_POST
def photo_set(request: HttpRequest) -> HttpResponse:
    """Store one's own photo."""
    person = own_person(request)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        data, consent = form.cleaned_data["photo"], form.cleaned_data["consent_photo"]
        try:
            set_photo(person=person, data=data, consent=consent, by=person, at=timezone.now())
        except RegistryError as error:
            add_refusal(form, error, field="photo")
        else:
            messages.success(request, _("照片已更新。"))
            return HttpResponseRedirect(_to_photo())
    return _profile_page(request, person, photo=form)


@require_POST
def photo_remove(request: HttpRequest) -> HttpResponse:
    """Erase one's own photo."""
    person = own_person(request)
    remove_photo(person=person, by=person, at=timezone.now())
    messages.success(request, _("照片已删除，对照片的同意已撤回。"))
    return redirect("profile")


@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve a photo to its person or to staff."""
    found = photo_for(request, pk)
    response = HttpResponse(bytes(found.jpeg), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{found.sha256}"'
    return response


def _profile_page(
    request: HttpRequest,
    person: Person,
    *,
    contact: ContactForm | None = None,
    photo: PhotoForm | None = None,
) -> HttpResponse:
    context = {
        "person": person,
        "number": mask_for_staff(document_number(person)),
        "has_photo": has_photo(person),
        "consents": consents_of(person),
        "events": events_of(person),
        "contact": contact or ContactForm(initial={"mobile": person.mobile, "email": person.email}),
        "photo_form": photo or PhotoForm(),
    }
    return render_page(request, "certs/people/profile.html", context)


def _to_photo() -> str:
    return reverse("profile") + "#photo"
