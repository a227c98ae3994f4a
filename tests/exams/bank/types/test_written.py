"""Short answer, essay and reply: texts as answers, counting, views."""

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from exams.bank.types import UnreadableAnswer, get_kind
from exams.bank.types.contract import MOST_ANSWER_CHARACTERS
from exams.bank.types.written import word_count
from tests.exams.bank.types.records import read, read_again, render
from tests.exams.bank.types.tasks import SECRETS, TASK, TASK_WITHOUT

CODES = ["short_answer", "essay", "situation", "reply"]
LENGTHS = {"least_words": 150, "most_words": 300}


def content(code: str, **changes: Any) -> Any:
    found, problems = read(get_kind(code), TASK | LENGTHS | changes)
    assert not problems, problems
    return found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \n　\t", 0),
        ("尊敬的顾客：您好！", 9),
        ("2026年", 2),
        ("VIP客户", 3),
        ("a-b c", 2),
        ("Hello, world.", 2),
        ("“好”——……", 7),
        ("𠮷野家", 3),
        ("共 3 件，合计 1,200.50 元", 8),
    ],
)
def test_words_are_counted_as_chinese_counts_them(text: str, count: int) -> None:
    assert word_count(text) == count


@given(st.text(), st.text())
def test_blanks_between_texts_change_no_count(one: str, other: str) -> None:
    assert word_count(f"{one}\n　{other}") == word_count(one) + word_count(other)
    assert word_count(one) <= len(one)


def test_page_counts_like_the_server(browser: Browser) -> None:
    """The page's own module counts a thousand texts of every kind of character as the server does."""
    draw = random.Random(1)
    signs = "，。！“”…—·、（）１ａ　 \t\n-.,'\u200b\x85\ufeff"
    pieces = [*signs, "顾客", "𠮷", "VIP", "2026", "é", "Ω", "😀"]
    texts = ["".join(draw.choices(pieces, k=draw.randrange(40))) for _ in range(1000)]
    script = Path("config/static/js/words.js").read_text(encoding="utf-8").replace("export ", "")
    with browser.new_page() as page:
        counted = page.evaluate(
            "([script, texts]) => texts.map(new Function(`${script}; return wordCount;`)())", [script, texts]
        )
    assert counted == [word_count(text) for text in texts]


@pytest.mark.parametrize("code", CODES)
def test_written_task_comes_back_as_written(code: str) -> None:
    found = content(code)
    assert found.data["least_words"] == 150
    assert read_again(get_kind(code), found) == found


def test_reply_needs_its_lengths_and_others_do_not() -> None:
    assert "缺少 least_words" in " ".join(read(get_kind("reply"), TASK)[1])
    assert read(get_kind("essay"), TASK)[1] == []
    assert "不能小于" in " ".join(read(get_kind("essay"), TASK | LENGTHS | {"most_words": 100})[1])


@pytest.mark.parametrize("code", CODES)
@given(st.text(max_size=200))
def test_answer_is_taken_as_it_is_and_only_once_tidied(code: str, answer: str) -> None:
    kind = get_kind(code)
    try:
        parsed = kind.parse(content(code), answer)
    except UnreadableAnswer:
        return
    assert kind.parse(content(code), parsed) == parsed
    assert kind.from_fields(content(code), {"answer": [answer]}) == parsed
    assert bool(parsed) == bool(answer.strip())
    parsed.encode()


def test_answer_that_cannot_be_kept_is_refused() -> None:
    kind = get_kind("essay")
    for answer in ("甲\x00", "甲\ud800", "字" * (MOST_ANSWER_CHARACTERS + 1)):
        with pytest.raises(UnreadableAnswer):
            kind.parse(content("essay"), answer)
    assert kind.parse(content("essay"), "一\r\n二\r三") == "一\n二\n三"


@pytest.mark.parametrize("code", CODES)
def test_question_shows_material_and_answer_and_nothing_of_the_key(code: str) -> None:
    kind = get_kind(code)
    found = content(code, stem=TASK_WITHOUT["stem"])
    context = kind.question(found, (), "<b>已写</b>")
    html = render(kind, "question", context)
    assert "<strong>来信</strong>" in html
    assert "&lt;b&gt;已写&lt;/b&gt;</textarea>" in html
    assert 'name="answer"' in html
    assert "150–300" in html
    assert "已写 4 字" in html  # <b>, 已, 写 and </b>
    for secret in SECRETS:
        assert secret not in html
        assert secret not in str(context)
    printed = render(kind, "print", kind.printed(found, ()))
    assert printed.count("<li>") == 10
    assert not any(secret in printed for secret in SECRETS)


@pytest.mark.parametrize("code", CODES)
def test_review_shows_everything(code: str) -> None:
    kind = get_kind(code)
    html = render(kind, "review", kind.review(content(code), (), "第一行\n第二行"))
    for text in ("机密答案", "机密错误", "步骤完整", "6.2.S2", "第一行<br>第二行", "6 分"):
        assert text in html
    assert "未作答" in render(kind, "review", kind.review(content(code), (), ""))


def test_written_task_is_not_marked_by_a_machine() -> None:
    assert get_kind("essay").mark(content("essay"), "作答", Decimal(20)) is None


def test_lengths_come_back_from_the_editor() -> None:
    kind = get_kind("reply")
    found = content("reply")
    html = render(kind, "editor", kind.editor(found))
    assert 'name="least_words" inputmode="numeric" size="6" value="150"' in html
    own = kind.from_editor({"least_words": ["150"], "most_words": ["三百"]})
    assert own == {"least_words": 150, "most_words": "三百"}
