"""Every address of the product; each room brings its own."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from config import gallery

# The rooms with screens. A room joins by a line here and a urls.py of its own.
ROOMS = (
    "syllabus.standard",
    "exams.analysis",
    "exams.bank",
    "exams.assembly",
    "exams.delivery",
    "exams.practice",
    "certs.people",
    "certs.results",
    "certs.certificates",
    "certs.home",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("ui/", gallery.ui, name="ui"),
    *(path("", include(f"{room}.urls")) for room in ROOMS),
]
