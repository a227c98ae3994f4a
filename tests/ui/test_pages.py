"""Refusals, errors, the gallery and the switch of language."""

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override
from django.views.defaults import server_error

pytestmark = pytest.mark.urls("tests.ui.urls")


def body(response: HttpResponse) -> str:
    return response.content.decode()


def test_unknown_address_is_404(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "没有这个页面" in body(response)


def test_forbidden_page_is_403(client: Client) -> None:
    response = client.get("/forbid/")
    assert response.status_code == 403
    assert "您没有查看此页的权限" in body(response)


def test_misread_request_is_400(client: Client) -> None:
    response = client.get("/misread/")
    assert response.status_code == 400
    assert "浏览器发来的请求无法理解" in body(response)


def test_refusal_is_409_and_says_what_why_and_what_to_do(client: Client) -> None:
    response = client.get("/refuse/")
    assert response.status_code == 409
    page = body(response)
    assert "<h1>离上次考试不足 30 天。</h1>" in page
    assert "本平台规定 D5" in page
    assert "12 月 9 日以后可以再考。" in page


def test_fault_is_500_without_any_context(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/fall/")
    assert response.status_code == 500
    assert "系统出错" in body(response)
    assert server_error(RequestFactory().get("/")).status_code == 500


def test_form_without_token_is_403_and_says_so() -> None:
    response = Client(enforce_csrf_checks=True).post("/i18n/setlang/", {"language": "en"})
    assert response.status_code == 403
    assert "这份表单已经过期" in body(response)


def test_locked_page_says_how_long() -> None:
    assert "15 分钟" in render_to_string("certs/people/locked.html", request=RequestFactory().get("/login/"))


def test_gallery_is_for_development_only(client: Client, settings: LazySettings) -> None:
    assert client.get("/ui/").status_code == 404
    settings.DEBUG = True
    response = client.get("/ui/")
    assert response.status_code == 200
    page = body(response)
    assert page.count('data-theme="light"') == page.count('data-theme="dark"') == 1


def test_gallery_form_ties_errors_to_fields(client: Client, settings: LazySettings) -> None:
    settings.DEBUG = True
    page = body(client.get("/ui/"))
    assert '<a href="#id_light-refused-document_number">证件号码</a>' in page
    described = (
        'aria-describedby="id_light-refused-document_number_helptext id_light-refused-document_number_error"'
    )
    assert described in page
    assert 'id="id_light-refused-document_number_error"' in page
    assert 'aria-invalid="true"' in page


def test_language_switch_changes_the_language_and_returns(client: Client) -> None:
    client.cookies["django_language"] = "zh-hans"
    page = body(client.get("/refuse/"))
    assert '<html lang="zh-Hans">' in page
    assert '<input type="hidden" name="next" value="/refuse/">' in page

    response = client.post("/i18n/setlang/", {"language": "en", "next": "/refuse/"})
    assert response.status_code == 302
    assert response.headers["Location"] == "/refuse/"
    assert '<html lang="en">' in body(client.get("/refuse/"))


def test_language_switch_does_not_leave_the_site(client: Client) -> None:
    response = client.post("/i18n/setlang/", {"language": "en", "next": "https://example.com/"})
    assert response.headers["Location"] == "/"


def test_demo_banner_shows_in_demo_mode_only(client: Client, settings: LazySettings) -> None:
    with override("zh-hans"):
        assert "演示环境" not in body(client.get("/refuse/"))
        settings.DEMO = True
        assert "演示环境" in body(client.get("/refuse/"))


def test_page_loads_scripts_that_the_policy_allows(client: Client) -> None:
    response = client.get("/refuse/")
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "<script>" not in body(response)


def test_fragment_behind_the_door_sends_the_whole_browser_to_log_in(client: Client) -> None:
    page = client.get("/profile/")
    assert (page.status_code, page.headers["Location"]) == (302, "/login/?next=/profile/")

    fragment = client.get("/profile/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (200, "/login/?next=/profile/")


def test_refusal_answers_a_fragment_with_the_same_page(client: Client) -> None:
    response = client.get("/refuse/", headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert "<h1>离上次考试不足 30 天。</h1>" in body(response)
