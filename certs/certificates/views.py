"""Screens of certificates: one's own, and the registrar's."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from certs.certificates import actions
from certs.certificates.access import centres_of, certificate_for_staff, file_for
from certs.certificates.enums import CertificateEventKind, CertificateState
from certs.certificates.forms import RevokeForm, SearchForm
from certs.certificates.models import Certificate
from certs.certificates.queries import certificates_of, events_of, last_failure, search_certificates
from certs.certificates.rules import state
from certs.errors import RegistryError
from certs.people.access import own_person
from certs.people.enums import Permission
from config.htmx import render_page

PAGE = 25
_PILL = {CertificateState.DUE: "info", CertificateState.VALID: "good", CertificateState.REVOKED: "bad"}


def _row(certificate: Certificate) -> dict[str, object]:
    """Return a certificate with its state in words; staff see in the list that making it failed."""
    found = state(certificate.issued_at, certificate.revoked_at)
    row = {"certificate": certificate, "state": found, "label": found.label, "pill": _PILL[found]}
    if found == CertificateState.DUE and getattr(certificate, "has_failed", False):
        row |= {"label": CertificateEventKind.FAILED.label, "pill": "bad"}
    return row


@require_GET
@never_cache
def my_certificates(request: HttpRequest) -> HttpResponse:
    """List one's own certificates."""
    rows = [_row(certificate) for certificate in certificates_of(own_person(request)).select_related("level")]
    return render_page(request, "certs/certificates/mine.html", {"rows": rows})


@require_GET
@never_cache
def certificate_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """Serve the stored file, byte for byte as it was issued."""
    certificate = file_for(request, number)
    response = HttpResponse(bytes(certificate.pdf or b""), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{certificate.number}.pdf"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_GET
@permission_required(Permission.ISSUE_CERTIFICATES, raise_exception=True)
def certificates(request: HttpRequest) -> HttpResponse:
    """List certificates for the registrar, searched and filtered."""
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "level": "", "state": ""}
    found = search_certificates(
        wanted["q"], level=wanted["level"], of_state=wanted["state"], centres=centres_of(own_person(request))
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [_row(certificate) for certificate in page.object_list],
        "is_filtered": any(wanted.values()),
    }
    template, fragment = "certs/certificates/certificates.html", "certs/certificates/_certificates.html"
    return render_page(request, template, context, fragment=fragment)


@require_GET
@never_cache
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one certificate with its history to the registrar."""
    return _certificate_page(request, certificate_for_staff(request, pk), RevokeForm())


@require_POST
def certificate_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a certificate, with a reason."""
    chosen, form = certificate_for_staff(request, pk), RevokeForm(request.POST)
    if not form.is_valid():
        return _certificate_page(request, chosen, form)
    try:
        actions.revoke_certificate(
            certificate=chosen, reason=form.cleaned_data["reason"], by=own_person(request), at=timezone.now()
        )
    except RegistryError as error:
        form.add_error(None, error.message + error.remedy)
        return _certificate_page(request, chosen, form)
    messages.success(request, _("证书已撤销。"))
    return redirect("certificate", pk)


def _certificate_page(request: HttpRequest, chosen: Certificate, form: RevokeForm) -> HttpResponse:
    context = {
        **_row(chosen),
        "events": events_of(chosen),
        "failure": last_failure(chosen) if chosen.issued_at is None else None,
        "form": form if chosen.issued_at and not chosen.revoked_at else None,
    }
    return render_page(request, "certs/certificates/certificate_detail.html", context)
