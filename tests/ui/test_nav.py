"""The bar: who sees which places, and which one is here."""

from dataclasses import dataclass, field

import pytest
from django.template import Context
from django.test import RequestFactory, override_settings
from django.urls import path, reverse

from config import ui
from tests.ui.urls import refuse

urlpatterns = [
    path("", refuse, name="home"),
    path("results/", refuse, name="results"),
    path("results/mine/", refuse, name="my_results"),
]


@dataclass
class Visitor:
    """Somebody with permissions, as a request knows them."""

    permissions: set[str] = field(default_factory=set)
    is_authenticated: bool = True

    def has_perm(self, permission: str) -> bool:
        return permission in self.permissions


def entries(visitor: Visitor, address: str = "/") -> list[list[ui.NavEntry]]:
    request = RequestFactory().get(address)
    request.user = visitor  # type: ignore[assignment]
    return ui.nav_entries(Context({"request": request}))


@pytest.mark.parametrize("item", [*ui.NAV, *ui.STAFF_NAV], ids=lambda item: item.url_name)
def test_nav_names_places_that_exist(item: ui.NavItem) -> None:
    assert reverse(item.url_name)


def test_nav_of_a_visitor_is_empty() -> None:
    assert entries(Visitor(is_authenticated=False)) == []


def test_nav_without_a_request_is_empty() -> None:
    assert ui.nav_entries(Context({})) == []


@override_settings(ROOT_URLCONF="tests.ui.test_nav")
def test_nav_of_a_candidate_has_no_staff_places() -> None:
    assert entries(Visitor()) == [
        [ui.NavEntry("首页", "/", True), ui.NavEntry("成绩", "/results/mine/", False)]
    ]


@override_settings(ROOT_URLCONF="tests.ui.test_nav")
def test_nav_of_a_registrar_adds_the_desk() -> None:
    groups = entries(Visitor({"certs.publish_results"}), "/results/")
    assert groups[1] == [ui.NavEntry("成绩公布", "/results/", True)]


@override_settings(ROOT_URLCONF="tests.ui.test_nav")
def test_nav_marks_the_longest_beginning_of_the_address() -> None:
    groups = entries(Visitor({"certs.publish_results"}), "/results/mine/3/")
    assert [entry.href for group in groups for entry in group if entry.current] == ["/results/mine/"]
