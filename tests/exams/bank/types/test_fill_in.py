"""Fill-in: blanks in the stem, spellings that are the same, a share of the points for each blank."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.types import UnreadableAnswer
from exams.bank.types.fill_in.kind import KIND
from exams.bank.types.fill_in.spelling import same_spelling
from tests.exams.bank.types.records import EXPLANATION, answers, read, read_again, render, words

CYCLE = {
    "stem": "客户生命周期从____(1)开始，经____(2)和稳定期，到____(3)结束。",
    "explanation": EXPLANATION,
    "blanks": ["考察期 | 探索期", "形成期", "退化期 | CRM"],
}
UNORDERED = CYCLE | {"any_order": True}


def content(data: dict[str, Any] = CYCLE, **changes: Any) -> Any:
    found, problems = read(KIND, data | changes)
    assert not problems, problems
    return found


def fields(*given_words: str) -> str:
    return json.dumps({str(number): word for number, word in enumerate(given_words, start=1) if word})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("客户关系", "客戶關係"),
        ("裏面", "裡面"),
        ("里面", "裡面"),
        ("头发发展", "頭髮發展"),
        ("ＣＲＭ系统", "crm 系統"),
        ("４Ｐ", "4p"),
        ("（售后）", "(售後)"),
        ("客户\u200b关系", " 客户　关系 "),
        ("乾淨", "干净"),
    ],
)
def test_same_spelling_sees_past_width_case_spaces_and_script(one: str, other: str) -> None:
    assert same_spelling(one) == same_spelling(other)


@pytest.mark.parametrize(
    ("one", "other"), [("考察期", "考查期"), ("客户", "顾客"), ("4P", "4C"), ("a", "ab")]
)
def test_same_spelling_keeps_words_apart(one: str, other: str) -> None:
    assert same_spelling(one) != same_spelling(other)


@pytest.mark.parametrize(
    ("given_words", "points"),
    [
        (("考察期", "形成期", "退化期"), "3"),
        (("探索期", "形成期", "crm"), "3"),
        (("考察期", "形成期", "退 化 期"), "3"),
        (("探索期", "形成期", ""), "2"),
        (("形成期", "考察期", "退化期"), "1"),
        (("考察期、探索期", "", ""), "0"),
        (("", "", ""), "0"),
    ],
)
def test_mark_gives_each_blank_its_share(given_words: tuple[str, ...], points: str) -> None:
    item = content()
    assert KIND.mark(item, KIND.parse(item, fields(*given_words)), Decimal(3)) == Decimal(points)


@pytest.mark.parametrize(
    ("given_words", "points"),
    [
        (("退化期", "考察期", "形成期"), "3"),
        (("考察期", "探索期", "形成期"), "2"),
        (("形成期", "形成期", "形成期"), "1"),
        (("错", "形成期", "形成期"), "1"),
        (("", "", "形成期"), "1"),
        (("", "", ""), "0"),
    ],
)
def test_mark_in_any_order_counts_each_answer_once(given_words: tuple[str, ...], points: str) -> None:
    item = content(UNORDERED)
    assert KIND.mark(item, KIND.parse(item, fields(*given_words)), Decimal(3)) == Decimal(points)


def test_mark_cuts_a_share_off_and_gives_all_for_all() -> None:
    item = content()
    assert KIND.mark(item, fields("考察期"), Decimal(2)) == Decimal("0.6666")
    assert KIND.mark(item, fields("考察期", "形成期", "退化期"), Decimal(2)) == 2


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"stem": "没有空。"}, "没有空"),
        ({"stem": "只有____(1)。"}, "1 个空"),
        ({"stem": "____(2)____(1)____(3)"}, "按顺序"),
        ({"stem": "____(1)____(1)____(2)"}, "按顺序"),
        ({"stem": "____(0)____(1)____(2)"}, "按顺序"),
        ({"blanks": []}, "空列表"),
        ({"blanks": "考察期"}, "列表"),
        ({"blanks": ["考察期", 2, "退化期"]}, "文字"),
        ({"blanks": ["考察期", "形成期"]}, "3 个空"),
        ({"blanks": ["考察期 |", "形成期", "退化期"]}, "第 1 空有一种写法是空的"),
        ({"blanks": ["CRM | ｃｒｍ", "形成期", "退化期"]}, "重复"),
        ({"blanks": ["关系 | 關係", "形成期", "退化期"]}, "重复"),
        ({"blanks": ["考察期", "形成期", "形成期"], "any_order": True}, "不能算作两个空"),
        ({"any_order": "是"}, "true"),
    ],
)
def test_read_names_what_is_wrong(changes: dict[str, Any], word: str) -> None:
    _found, problems = read(KIND, CYCLE | changes)
    assert problems
    assert any(word in problem for problem in problems), problems


def test_read_takes_at_most_ten_blanks() -> None:
    stem = "".join(f"____({number})" for number in range(1, 12))
    _found, problems = read(KIND, CYCLE | {"stem": stem, "blanks": [f"词{n}" for n in range(11)]})
    assert any("最多 10 个空" in problem for problem in problems)


def test_read_takes_full_width_brackets_and_bars() -> None:
    item = content(stem="从__（1）到______（2）再到____(3)", blanks=["甲｜乙", "丙", "丁"])
    assert item.data["blanks"][0] == ["甲", "乙"]


@given(
    blanks=st.lists(
        st.lists(words(10, without="|｜"), min_size=1, max_size=3, unique_by=same_spelling),
        min_size=1,
        max_size=6,
    ),
    data=st.data(),
)
def test_read_gives_back_what_was_written_and_takes_every_variant(
    blanks: list[list[str]], data: st.DataObject
) -> None:
    stem = "题干" + "、".join(f"____({number})" for number in range(1, len(blanks) + 1))
    item = content(stem=stem, blanks=[" | ".join(blank) for blank in blanks])
    assert item.data["blanks"] == blanks
    assert read_again(KIND, item) == item
    chosen = fields(*(data.draw(st.sampled_from(blank)) for blank in blanks))
    assert KIND.mark(item, KIND.parse(item, chosen), Decimal(7)) == 7


@given(answers(), st.sampled_from([CYCLE, UNORDERED]))
def test_parse_is_idempotent_or_refuses(answer: str, data: dict[str, Any]) -> None:
    item = content(data)
    try:
        parsed = KIND.parse(item, answer)
    except UnreadableAnswer:
        return
    assert KIND.parse(item, parsed) == parsed
    assert 0 <= (KIND.mark(item, parsed, Decimal(3)) or 0) <= 3
    given_fields = {f"answer.{name}": [value] for name, value in json.loads(parsed or "{}").items()}
    assert KIND.from_fields(item, given_fields) == parsed


@pytest.mark.parametrize(
    "answer",
    ["考察期", '{"4":"x"}', '{"1":2}', "[]", '{"1":"' + "长" * 201 + '"}', '{"1":"\\u0000"}', "\x00"],
)
def test_parse_refuses_what_no_page_sends(answer: str) -> None:
    with pytest.raises(UnreadableAnswer):
        KIND.parse(content(), answer)


def test_parse_leaves_out_what_nobody_sees() -> None:
    assert KIND.parse(content(), '{"1":" \\u200b ","2":"　形成\\n期"}') == '{"2":"形成 期"}'
    assert KIND.from_fields(content(), {"answer.1": [" "], "other": ["x"]}) == ""


@pytest.mark.parametrize("data", [CYCLE, UNORDERED])
def test_question_holds_no_key(data: dict[str, Any]) -> None:
    item = content(data)
    for view, context in [("question", KIND.question(item, (), "")), ("print", KIND.printed(item, ()))]:
        page = render(KIND, view, context)
        assert not [word for word in ("考察期", "探索期", "形成期", "退化期", "CRM") if word in page]


def test_question_shows_the_answer() -> None:
    page = render(KIND, "question", KIND.question(content(), (), fields("<b>甲", "", "乙")))
    assert 'name="answer.1" value="&lt;b&gt;甲"' in page
    assert 'name="answer.2" value=""' in page


@pytest.mark.parametrize(
    ("answer", "word"), [(fields("考察期"), "正确"), (fields("错了"), "错误"), ("", "未作答")]
)
def test_review_shows_answer_and_every_variant(answer: str, word: str) -> None:
    page = render(KIND, "review", KIND.review(content(), (), answer))
    assert word in page
    assert "考察期 / 探索期" in page


@pytest.mark.parametrize("data", [CYCLE, UNORDERED])
def test_editor_gives_back_what_it_showed(data: dict[str, Any]) -> None:
    item = content(data)
    shown = KIND.editor(item)
    page = render(KIND, "editor", shown)
    assert page.count('name="blanks"') == 5
    assert (" checked" in page) == bool(data.get("any_order"))
    sent = {"blanks": shown["blanks"]} | ({"any_order": ["on"]} if shown["any_order"] else {})
    assert KIND.from_editor(sent) == KIND.write(item)


def test_editor_of_a_new_item_is_blank() -> None:
    assert 'name="blanks" value=""' in render(KIND, "editor", KIND.editor(None))
    assert KIND.from_editor({}) == {"blanks": []}
