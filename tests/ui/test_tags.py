"""The tags of config.ui: what they write into a page."""

from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from config import ui


def rendered(source: str, **context: object) -> str:
    html = Template("{% load ui %}" + source).render(Context(context))
    return " ".join(html.split())


def test_card_shows_title_clause_and_content() -> None:
    html = rendered('{% card title="有效期" mark="自定" kind="next" id="v" %}<p>两年</p>{% endcard %}')
    assert html == (
        '<section class="card next" id="v"> <header><h2>有效期</h2> '
        '<span class="clause">自定</span></header> <p>两年</p> </section>'
    )


def test_card_escapes_its_title() -> None:
    assert "<h2>&lt;b&gt;</h2>" in rendered("{% card title=title %}{% endcard %}", title="<b>")


def test_empty_says_what_to_do_next() -> None:
    html = rendered('{% empty title="还没有成绩" %}<p>先参加考试。</p>{% endempty %}')
    assert html == '<div class="empty"> <h2>还没有成绩</h2> <p>先参加考试。</p> </div>'


def test_notice_shows_kind_and_title() -> None:
    html = rendered('{% notice "warn" title="注意" %}即将到期{% endnotice %}')
    assert html == '<div class="notice warn"><strong>注意</strong>即将到期</div>'


def test_pill_escapes_its_word() -> None:
    assert rendered('{% pill "good" word %}', word="<合格>") == '<span class="pill good">&lt;合格&gt;</span>'


def test_pill_refuses_an_unknown_kind() -> None:
    with pytest.raises(ValueError, match="A pill is one of"):
        ui.pill("great", "合格")


@pytest.mark.parametrize(
    ("source", "text", "anchor"),
    [
        ("§1.7.4", "标准 §1.7.4", "clause-1.7.4"),
        ("Standard: §2.1", "标准 §2.1", "clause-2.1"),
        ("D3", "本平台规定 D3", "clause-D3"),
        ("practice", "鉴定惯例", "clause-practice"),
    ],
)
def test_clause_names_its_source(source: str, text: str, anchor: str) -> None:
    assert f">{text}</" in ui.clause(source)
    assert ui.clause_id(source) == anchor


def test_clause_shows_other_text_as_it_is() -> None:
    assert ui.clause("民法典 <201>") == '<span class="clause">民法典 &lt;201&gt;</span>'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("59.96"), "59.9"),
        (Decimal("60"), "60.0"),
        (72, "72.0"),
        (Decimal("0.04"), "0.0"),
        (None, "—"),
    ],
)
def test_points_cut_off(value: Decimal | int | None, text: str) -> None:
    assert ui.points(value) == text


@given(st.decimals(min_value=0, max_value=100, places=4))
def test_points_never_show_more_than_there_is(value: Decimal) -> None:
    assert 0 <= value - Decimal(ui.points(value)) < Decimal("0.1")


def test_pager_keeps_the_query_string() -> None:
    request = RequestFactory().get("/people/", {"q": "林 晓", "page": "2"})
    html = rendered("{% pager page %}", page=Paginator(range(50), 20).page(2), request=request)
    assert 'href="?q=%E6%9E%97+%E6%99%93&amp;page=1" rel="prev"' in html
    assert 'href="?q=%E6%9E%97+%E6%99%93&amp;page=3" rel="next"' in html
    assert '<span aria-current="page">2</span>' in html
    assert "共 50 条" in html


def test_pager_is_silent_on_a_single_page() -> None:
    request = RequestFactory().get("/people/")
    assert rendered("{% pager page %}", page=Paginator(range(5), 20).page(1), request=request) == ""


def test_weights_chart_scales_to_the_longest_track() -> None:
    rows = [
        {"label": "概述", "value": Decimal("8"), "full": 20, "text": "8 / 20", "low": True},
        {"label": "基础", "value": 5},
    ]
    html = rendered('{% weights_chart rows label="得分" %}', rows=rows)
    assert '<rect class="track" width="100.00%"' in html
    assert '<rect class="fill" width="40.00%"' in html
    assert '<rect class="fill" width="25.00%"' in html
    assert '<span class="value">8 / 20</span>' in html
    assert '<span class="value">5</span>' in html
    assert html.count('<li class="low">') == 1


def test_weights_chart_draws_nothing_from_nothing() -> None:
    assert "<li" not in rendered("{% weights_chart rows %}", rows=[])
    assert 'class="fill" width="0.00%"' in rendered(
        "{% weights_chart rows %}", rows=[{"label": "空", "value": 0}]
    )


def test_progress_says_its_value_in_words() -> None:
    html = rendered('{% progress 41 90 "已答 41 题，共 90 题" %}')
    assert 'role="img" aria-label="已答 41 题，共 90 题"' in html
    assert 'class="fill" width="45.56%"' in html


def test_html_lang_follows_the_language() -> None:
    with override("en"):
        assert ui.html_lang() == "en"
    with override("zh-hans"):
        assert ui.html_lang() == "zh-Hans"
