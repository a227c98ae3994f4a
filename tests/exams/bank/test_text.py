"""Text of items: what of Markdown is understood, what never gets through, plain text and faults."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from exams.bank.text import faults, formula_fault, pictures, plain, render, render_line

DIGEST = "0123456789abcdef" * 4
PICTURE = f"![服务流程图](pic:{DIGEST})"


def address(digest: str) -> str:
    return f"/pictures/{digest}/"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("一段。", "<p>一段。</p>"),
        ("一段。\n\n二段。", "<p>一段。</p>\n<p>二段。</p>"),
        ("一行\n二行", "<p>一行<br>\n二行</p>"),
        ("**注意：**请看**“甲”**乙", "<p><strong>注意：</strong>请看<strong>“甲”</strong>乙</p>"),
        ("2*3*4=24，（____），_下_", "<p>2*3*4=24，（____），_下_</p>"),
        ("1. 一\n2. 二", "<ol>\n<li>一</li>\n<li>二</li>\n</ol>"),
        ("> 来信", "<blockquote>\n<p>来信</p>\n</blockquote>"),
        ("# 不是标题", "<p># 不是标题</p>"),
        ("5 元 $5 和 $6", "<p>5 元 $5 和 $6</p>"),
        ("公式 =$B$2/$B$10", "<p>公式 =$B$2/$B$10</p>"),
    ],
)
def test_text_is_rendered(text: str, html: str) -> None:
    assert render(text) == html


def test_table_scrolls_and_aligns_numbers() -> None:
    html = render("| 项目 | 金额 |\n|---|--:|\n| 收入 | 120 |")
    assert html.startswith('<div class="scroll"><table')
    assert '<td class="n">120</td>' in html


def test_picture_has_its_address_and_its_words() -> None:
    html = render(PICTURE, picture_url=address)
    assert html == f'<p><img class="picture" src="/pictures/{DIGEST}/" alt="服务流程图"></p>'
    assert pictures(f"{PICTURE} {PICTURE}") == [DIGEST]


def test_picture_that_is_nowhere_is_its_words() -> None:
    assert render(PICTURE, picture_url=lambda _: "") == (
        '<p><span class="picture missing">服务流程图</span></p>'
    )


def test_formula_becomes_mathml_with_chinese_words() -> None:
    html = render(r"流失率 $\frac{流失客户数}{期初客户数}\times 100\%$")
    assert (
        "<mfrac><mrow><mtext>流失客户数</mtext></mrow><mrow><mtext>期初客户数</mtext></mrow></mfrac>" in html
    )
    assert "<mo>×</mo>" in html


@pytest.mark.parametrize(
    "formula",
    [r"\href{javascript:alert(1)}{a}", r"\style{color:red}{x}", r"\frac{", "a & b", r"\class{a}{b}"],
)
def test_formula_outside_the_subset_is_shown_as_typed_and_named(formula: str) -> None:
    assert formula_fault(formula)
    html = render(f"${formula}$")
    assert "<math" not in html
    assert faults(f"前 ${formula}$ 后")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[链接](https://example.org)",
        "![x](javascript:alert(1))",
        "![x](https://example.org/x.png)",
        "<https://example.org>",
        "`代码`",
    ],
)
def test_markup_that_is_not_understood_stays_as_typed(text: str) -> None:
    html = render(text)
    assert unescape(re.sub(r"</?p>", "", html)) == text
    assert "<a" not in html
    assert "<img" not in html


ALLOWED = re.compile(
    r"</?(?:p|br|strong|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|img|div|span|math|m[a-z]+)"
    r"(?: (?:class|src|alt|start|display|stretchy|fence|form)=\"[^\"<>]*\")*>"
)


@given(st.text(alphabet="<>&\"'*_$\\{}[]()!|-#`:=/ \n\t甲1aonscript^", max_size=80) | st.text(max_size=80))
def test_no_text_gets_markup_through_that_we_did_not_write(text: str) -> None:
    for html in (render(text), render_line(text)):
        assert "<" not in ALLOWED.sub("", html)
        assert "on" not in re.findall(r" (\w+)=", "".join(ALLOWED.findall(html)))
    assert "\n" not in plain(text)
    faults(text)
    pictures(text)


def test_line_has_no_blocks() -> None:
    assert render_line("**甲**\n\n- 乙") == "<strong>甲</strong><br>\n<br>\n- 乙"


def test_plain_text_says_what_the_reader_sees() -> None:
    text = f"**甲**\n\n- 乙\n\n| 丙 | 丁 |\n|---|---|\n| $x$ | {PICTURE} |"
    assert plain(text) == "甲 乙 丙 丁 x 服务流程图"


def test_faults_name_pictures_without_words_and_links() -> None:
    assert "替代文字" in faults(f"![](pic:{DIGEST})")[0]
    assert "链接" in faults("[甲](http://example.org)")[0]
    assert faults(f"{PICTURE} $x^2$ **重**") == []


def test_every_item_of_the_repository_reads_as_it_is_written() -> None:
    for path in Path("fixtures/items").rglob("*.yaml"):
        for item in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["items"]:
            for text in (item["stem"], item.get("explanation", ""), *item.get("options", ())):
                assert not faults(text)
                if item["type"] in {"single", "multiple", "true_false"}:
                    assert unescape(re.sub(r"<[^>]+>", "", render(text))) == text.strip()


def test_filters_are_at_hand_in_templates() -> None:
    template = engines["django"].from_string(
        "{% load item_text %}{{ one|item_text }}{{ one|item_line }}{{ one|item_plain }}"
        "{% item_view view facts %}"
    )
    facts = {
        "options": [{"shown": "A", "letter": "A", "text": "**甲**", "is_chosen": True}],
        "is_multiple": False,
    }
    html = template.render({"one": "**乙**", "view": "item_types/single/question.html", "facts": facts})
    assert html.startswith("<p><strong>乙</strong></p><strong>乙</strong>乙")
    assert 'name="answer" value="A"' in html
    assert "<strong>甲</strong>" in html
