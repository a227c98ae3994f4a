"""Both case types: questions that stay together, their answers, marks, views and editor."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.enums import Marking
from exams.bank.types import ItemKind, UnreadableAnswer, get_kind
from tests.exams.bank.types.records import answers, read, read_again, render
from tests.exams.bank.types.tasks import CRITERIA, SECRETS

SINGLE = {
    "type": "single",
    "stem": "首先应当怎样做（　）。",
    "options": ["致歉", "辩解", "沉默", "转交"],
    "key": "A",
    "explanation": "机密解析一。",
}
MULTIPLE = {
    "type": "multiple",
    "stem": "哪些做法恰当（　）。",
    "options": ["核实", "记录", "推诿", "回访", "争辩"],
    "key": "ABD",
    "explanation": "机密解析二。",
}
TRUE_FALSE = {"type": "true_false", "stem": "应当在当天答复。", "key": True, "explanation": "机密解析三。"}
CALCULATION = {
    "type": "calculation",
    "stem": "求流失率。",
    "key": "987654",
    "unit": "元",
    "formula": "机密公式",
    "expression": "987654",
    "explanation": "机密解析四。",
}
OPEN = {"type": "short_answer", "stem": "说明补救办法。", "model_answer": "机密：补偿并回访。"}
CHOICE = {
    "stem": "某顾客收到的货物迟到三天，打来电话。",
    "explanation": "",
    "questions": [SINGLE, MULTIPLE, TRUE_FALSE, CALCULATION],
}
SKILL = {
    "stem": CHOICE["stem"],
    "explanation": "",
    "criteria": CRITERIA,
    "common_errors": ["机密错误"],
    "questions": [OPEN, SINGLE, CALCULATION],
}
KINDS = {"case": SKILL, "case_choice": CHOICE}
CASE, CASE_CHOICE = get_kind("case"), get_kind("case_choice")


def content(kind: ItemKind, **changes: Any) -> Any:
    found, problems = read(kind, KINDS[kind.code] | changes)
    assert not problems, problems
    return found


def test_parts_and_marking() -> None:
    assert (CASE.part, CASE.marking) == ("skill", Marking.HUMAN)
    assert (CASE_CHOICE.part, CASE_CHOICE.marking) == ("theory", Marking.AUTO)


@pytest.mark.parametrize("kind", [CASE, CASE_CHOICE], ids=str)
def test_case_comes_back_as_written(kind: ItemKind) -> None:
    found = content(kind)
    assert read_again(kind, found) == found
    assert json.loads(json.dumps(found.data)) == found.data


@pytest.mark.parametrize(
    ("kind", "questions", "message"),
    [
        (CASE_CHOICE, [SINGLE], "应有 2 到 4 问，实为 1 问"),
        (CASE_CHOICE, [SINGLE | {"stem": f"第{n}问"} for n in range(5)], "实为 5 问"),
        (CASE_CHOICE, [SINGLE, SINGLE], "这一问与前面的重复"),
        (CASE_CHOICE, [SINGLE, OPEN], "type 应为"),
        (CASE_CHOICE, [SINGLE, {"type": "case", "stem": "套"}], "type 应为"),
        (CASE_CHOICE, [SINGLE, MULTIPLE | {"key": "A"}], "两到四个答案"),
        (CASE_CHOICE, [SINGLE, TRUE_FALSE | {"options": ["对"]}], "options"),
        (CASE_CHOICE, [SINGLE, MULTIPLE | {"points": 3}], "不认识的键 points"),
        (CASE_CHOICE, None, "缺少 questions"),
        (CASE_CHOICE, ["甲", SINGLE], "应为一组"),
        (CASE, [OPEN, OPEN | {"stem": "又一问", "model_answer": ""}], "model_answer 不能为空"),
        (CASE, [SINGLE, OPEN | {"criteria": CRITERIA}], "不认识的键 criteria"),
        (CASE, [SINGLE, {"stem": "无题型"}], "缺少 type"),
    ],
)
def test_questions_are_refused(kind: ItemKind, questions: object, message: str) -> None:
    _content, problems = read(kind, KINDS[kind.code] | {"questions": questions})
    assert message in " ".join(problems)


def answer(**fields: str) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def test_answer_is_an_object_of_the_questions_answers() -> None:
    case = content(CASE_CHOICE)
    sent = '{"q4": " 98 元 ", "q1": "B", "q2": "", "q3": "T"}'
    assert CASE_CHOICE.parse(case, sent) == answer(q1="B", q3="T", q4="98 元")
    fields = {"answer.q1": ["B"], "answer.q2": ["D", "A"], "answer.q4": ["98"], "go": ["2"]}
    assert CASE_CHOICE.from_fields(case, fields) == answer(q1="B", q2="AD", q4="98")
    assert CASE_CHOICE.parse(case, "") == CASE_CHOICE.from_fields(case, {}) == ""


@pytest.mark.parametrize(
    "sent",
    [
        "B",
        "[]",
        answer(q5="A"),
        answer(q1="AB"),
        answer(q1="T"),
        answer(q3="A"),
        answer(x="A"),
        '{"q1": 1}',
        '{"q1": "A", "q1.x": "B"}',
        '{"q1.x": "A"}',
        '{"q4": "\\u0000"}',
    ],
)
def test_answer_that_is_none_is_unreadable(sent: str) -> None:
    with pytest.raises(UnreadableAnswer):
        CASE_CHOICE.parse(content(CASE_CHOICE), sent)


def test_answer_as_a_whole_has_a_greatest_length() -> None:
    case = content(CASE, questions=[OPEN, OPEN | {"stem": "又一问"}])
    with pytest.raises(UnreadableAnswer):
        CASE.parse(case, answer(q1="字" * 9999, q2="字" * 9999))


names = st.sampled_from(["q1", "q2", "q3", "q4", "q4.unit", "q1.x", "q5"])
values = st.sampled_from(["", "A", "B", "ABD", "T", "98", " 9 8 "]) | st.text(max_size=10)


@pytest.mark.parametrize("kind", [CASE, CASE_CHOICE], ids=str)
@given(sent=answers() | st.dictionaries(names, values, max_size=5).map(json.dumps))
def test_parsing_twice_is_parsing_once(kind: ItemKind, sent: str) -> None:
    case = content(kind)
    try:
        parsed = kind.parse(case, sent)
    except UnreadableAnswer:
        return
    assert kind.parse(case, parsed) == parsed
    parsed.encode()
    kind.question(case, (), parsed)
    kind.review(case, (), parsed)
    if kind is CASE_CHOICE:
        mark = kind.mark(case, parsed, Decimal(10), half_credit=True)
        assert mark is not None
        assert 0 <= mark <= 10


@pytest.mark.parametrize(
    ("given_answer", "points", "half"),
    [
        (answer(q1="A", q2="ABD", q3="T", q4="987654"), "10", False),
        (answer(q1="A", q2="AB", q3="T", q4="987,654元"), "7.5", False),
        (answer(q1="A", q2="AB", q3="T", q4="987654"), "8.75", True),
        (answer(q1="B", q3="T"), "2.5", False),
        (answer(q1="B"), "0", True),
        ("", "0", True),
    ],
)
def test_questions_carry_equal_parts(given_answer: str, points: str, half: bool) -> None:
    case = content(CASE_CHOICE)
    assert CASE_CHOICE.mark(case, given_answer, Decimal(10), half_credit=half) == Decimal(points)


def test_parts_that_do_not_divide_are_cut_off_and_all_right_is_all() -> None:
    case = content(CASE_CHOICE, questions=[SINGLE, MULTIPLE, TRUE_FALSE])
    assert CASE_CHOICE.mark(case, answer(q1="A"), Decimal(10)) == Decimal("3.3333")
    assert CASE_CHOICE.mark(case, answer(q1="A", q2="ABD", q3="T"), Decimal(10)) == 10


def test_skill_case_is_not_marked_by_a_machine() -> None:
    assert CASE.mark(content(CASE), answer(q2="A"), Decimal(20)) is None


@pytest.mark.parametrize("kind", [CASE, CASE_CHOICE], ids=str)
def test_question_shows_fields_of_their_own_and_no_key(kind: ItemKind) -> None:
    case = content(kind)
    sent = answer(q1="写了", q2="B") if kind is CASE else answer(q1="B", q2="AB", q4="12")
    context = kind.question(case, (), kind.parse(case, sent))
    html = render(kind, "question", context)
    printed = render(kind, "print", kind.printed(case, ()))
    for number in range(1, len(case.data["questions"]) + 1):
        assert f'name="answer.q{number}"' in html
    assert 'name="answer"' not in html
    shown = ">\n写了</textarea>" if kind is CASE else 'name="answer.q1" value="B" data-letter="B" checked'
    assert shown in html
    for secret in [*SECRETS, "987654"]:
        assert secret not in html
        assert secret not in str(context)
        assert secret not in printed


@pytest.mark.parametrize("kind", [CASE, CASE_CHOICE], ids=str)
def test_review_shows_key_and_answers(kind: ItemKind) -> None:
    case = content(kind)
    html = render(kind, "review", kind.review(case, (), kind.parse(case, answer(q2="A"))))
    assert "机密解析一" in html
    assert "987654" in html
    if kind is CASE:
        assert "机密：补偿并回访" in html
        assert "步骤完整" in html


def editor_fields(html: str) -> dict[str, list[str]]:
    """Return the fields of an editor as a browser would send them."""
    from html.parser import HTMLParser

    found: dict[str, list[str]] = {}

    class Reader(HTMLParser):
        name = ""
        text = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            facts = dict(attrs)
            if tag == "input" and facts.get("name"):
                found.setdefault(str(facts["name"]), []).append(facts.get("value") or "")
            if tag in ("textarea", "select"):
                self.name, self.text = str(facts["name"]), ""
                if tag == "select":
                    found[self.name] = []
            if tag == "option" and (not found[self.name] or "selected" in facts):
                found[self.name] = [facts.get("value") or ""]

        def handle_data(self, data: str) -> None:
            self.text += data

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                found.setdefault(self.name, []).append(self.text.removeprefix("\n"))

    Reader().feed(html)
    return found


@pytest.mark.parametrize("kind", [CASE, CASE_CHOICE], ids=str)
def test_editor_gives_back_what_it_shows(kind: ItemKind) -> None:
    case = content(kind)
    fields = editor_fields(render(kind, "editor", kind.editor(case)))
    assert read(kind, {"stem": case.stem} | kind.from_editor(fields)) == (case, [])
    assert kind.from_editor(editor_fields(render(kind, "editor", kind.editor(None))))["questions"] == []
