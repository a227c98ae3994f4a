"""The one door from a view to a result, an attempt on the desk, or a person's ledger."""

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from certs.people.access import own_person
from certs.people.enums import Permission
from certs.people.models import Person
from certs.results.models import PartResult
from certs.results.queries import centres_for, ledger_rows
from exams.delivery.models import Attempt
from exams.sittings.models import Centre

PUBLISH = Permission.PUBLISH_RESULTS


def publisher(request: HttpRequest) -> Person:
    """Return who is logged in, where they may publish results at one centre at least."""
    person = own_person(request)
    if not person.has_perm(PUBLISH):
        raise PermissionDenied
    return person


def is_everywhere(person: Person) -> bool:
    """Return whether the person publishes for all centres: then also what belongs to none."""
    return person.has_perm(PUBLISH, Centre())


def own_centres(person: Person) -> list[Centre]:
    """Return the centres for which the person publishes."""
    return centres_for(person, PUBLISH)


def centre_filter(person: Person) -> Q:
    """Return the condition on `centre` that narrows a list to what the person may publish."""
    return Q() if is_everywhere(person) else Q(centre__in=own_centres(person))


def may_publish(person: Person, thing: Model) -> bool:
    """Return whether the person publishes for the centre of `thing`."""
    return person.has_perm(PUBLISH, thing)


def person_for_publisher(request: HttpRequest, pk: int) -> Person:
    """Return a person with a result or a real sitting at one of the publisher's centres; 403 before 404."""
    by = publisher(request)
    person = get_object_or_404(Person, pk=pk)
    if is_everywhere(by):
        return person
    own = Q(person=person) & centre_filter(by)
    if not PartResult.objects.filter(own).exists() and not Attempt.objects.filter(own, kind="real").exists():
        raise Http404
    return person


def result_for_publisher(request: HttpRequest, pk: int) -> PartResult:
    """Return a ledger row of one of the publisher's centres."""
    by = publisher(request)
    row = get_object_or_404(ledger_rows(), pk=pk)
    if not may_publish(by, row):
        raise Http404
    return row


def own_result(request: HttpRequest, pk: int) -> PartResult:
    """Return one of one's own results; 404 for everyone else's."""
    return get_object_or_404(ledger_rows(), pk=pk, person_id=own_person(request).pk)
