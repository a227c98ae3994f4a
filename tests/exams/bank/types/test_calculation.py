"""Calculation: numbers as candidates write them, expressions that must give the key, marking."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.types import UnreadableAnswer
from exams.bank.types.calculation.expression import BadExpression, evaluate
from exams.bank.types.calculation.kind import KIND
from exams.bank.types.calculation.quantity import read_quantity, shown, tolerance_of
from tests.exams.bank.types.records import answers, read, read_again, render

LOSS = {
    "stem": "年初有客户 120 人，年内流失 40 人，求客户流失率。",
    "explanation": "$40 \\div 120 \\times 100\\% = 33.33\\%$",
    "key": "33.33",
    "unit": "%",
    "places": 2,
    "formula": "流失率=流失客户数÷年初客户数×100%",
    "expression": "40/120*100",
}
PROFIT = {
    "stem": "客户甲年贡献 50 万元，服务成本 38 万元，求利润。",
    "explanation": "50 − 38 = 12（万元）",
    "key": "12",
    "unit": "万元",
    "formula": "利润=收入-成本",
    "expression": "50-38",
}


def content(**changes: Any) -> Any:
    found, problems = read(KIND, PROFIT | changes)
    assert not problems, problems
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1+2*3", "7"),
        ("(1+2)*3", "9"),
        ("-2^2", "-4"),
        ("(-2)^2", "4"),
        ("2^3^2", "512"),
        ("2^-1", "0.5"),
        ("--3", "3"),
        ("8/4/2", "1"),
        ("10-4-3", "3"),
        ("1.10+2.20", "3.30"),
        ("１２×３÷４", "9"),
        (" 1 + 1 ", "2"),
        ("0.1*3", "0.3"),
    ],
)
def test_expression_follows_the_rules_of_arithmetic(text: str, value: str) -> None:
    assert evaluate(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1/0",
        "0^-1",
        "(1",
        "1)",
        "()",
        "1 2",
        "1e5",
        "a",
        "1+",
        "*1",
        "9^9^9",
        "1.2.3",
        "__import__('os')",
        "1,000",
        "(" * 100 + "1" + ")" * 100,
        "-" * 100 + "1",
        "1+" * 200 + "1",
        "9" * 70,
        "(-8)^0.5",
    ],
)
def test_expression_refuses_what_is_no_calculation(text: str) -> None:
    with pytest.raises(BadExpression):
        evaluate(text)


@given(st.text(alphabet="0123456789.+-*/^() ×÷a", max_size=60))
def test_expression_gives_a_finite_value_or_refuses(text: str) -> None:
    try:
        value = evaluate(text)
    except BadExpression:
        return
    assert value.is_finite()
    assert shown(value)


@given(st.decimals(-(10**6), 10**6, places=3), st.decimals(-(10**6), 10**6, places=3), st.sampled_from("+-*"))
def test_expression_agrees_with_decimal(left: Decimal, right: Decimal, sign: str) -> None:
    exact = {"+": left + right, "-": left - right, "*": left * right}[sign]
    assert evaluate(f"({left:f}){sign}({right:f})") == exact


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("120000", "元", "120000"),
        ("120,000", "元", "120000"),
        ("１２００００", "元", "120000"),
        ("１２０，０００．５０", "元", "120000.50"),
        ("12,0000", "元", "120000"),
        ("12万", "元", "120000"),
        ("12 万元", "元", "120000"),
        ("12萬圓", "元", "120000"),
        ("¥120,000", "元", "120000"),
        ("￥12万", "元", "120000"),
        ("0.0012亿", "万元", "12"),
        ("120000元", "万元", "12"),
        ("¥120000", "万元", "12"),
        ("12", "万元", "12"),
        ("33.33%", "%", "33.33"),
        ("33.33％", "%", "33.33"),
        ("0.3333", "%", "0.3333"),
        ("33.33%", "", "0.3333"),
        ("5‰", "%", "0.5"),
        ("-3.5", "%", "-3.5"),
        ("－3.5", "%", "-3.5"),
        ("−3.5", "%", "-3.5"),
        ("+3", "", "3"),
        ("=3", "", "3"),
        ("≈3。", "", "3"),
        ("2千克", "千克", "2"),
        ("2000克", "千克", "2"),
        ("3 KM", "km", "3"),
        ("007", "", "7"),
    ],
)
def test_quantity_is_read_as_candidates_write_it(text: str, unit: str, value: str) -> None:
    assert read_quantity(text, unit) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", "元"),
        ("十二", "元"),
        ("12人", "元"),
        ("12元", ""),
        ("1,5", "元"),
        ("1,23,456", "元"),
        ("1.2.3", "元"),
        ("10²", "元"),
        ("1/3", ""),
        ("1e5", ""),
        ("3~5", ""),
        ("¥5", "人"),
        ("12-3", ""),
        ("万", "元"),
        ("∞", ""),
        ("NaN", ""),
        ("3万5千", "元"),
    ],
)
def test_quantity_is_none_where_it_is_no_number_of_the_unit(text: str, unit: str) -> None:
    assert read_quantity(text, unit) is None


@pytest.mark.parametrize(
    ("changes", "answer", "is_right"),
    [
        ({}, "12", True),
        ({}, "12.0", True),
        ({}, "１２", True),
        ({}, "12万元", True),
        ({}, "120,000元", True),
        ({}, "120000", False),
        ({}, "12.01", False),
        ({}, "-12", False),
        ({}, "", False),
        ({}, "十二", False),
        ({"tolerance": "0.5"}, "12.5", True),
        ({"tolerance": "0.5"}, "11.5", True),
        ({"tolerance": "0.5"}, "12.51", False),
        ({"tolerance": "1%"}, "12.12", True),
        ({"tolerance": "1%"}, "11.88", True),
        ({"tolerance": "1%"}, "12.121", False),
        (LOSS, "33.33", True),
        (LOSS, "33.33%", True),
        (LOSS, "33.3333333", True),
        (LOSS, "33.3", False),
        (LOSS, "33.325", True),
        (LOSS, "33.335", False),
        (LOSS, "0.3333", False),
        (LOSS | {"key": "-33.33", "expression": "-40/120*100"}, "－33.33", True),
        ({"key": "0", "expression": "0*1"}, "0", True),
        ({"key": "0", "expression": "0*1"}, "-0", True),
    ],
)
def test_mark_is_all_or_nothing(changes: dict[str, Any], answer: str, is_right: bool) -> None:
    gained = KIND.mark(content(**changes), answer, Decimal(5))
    assert gained == (Decimal(5) if is_right else 0)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"key": "13"}, "不符"),
        ({"key": "12元"}, "应为数字"),
        ({"key": "1,200"}, "应为数字"),
        ({"key": "012"}, "应为数字"),
        ({"key": 12}, "文字"),
        ({"key": ""}, "不能为空"),
        ({"places": 2}, "2 位小数"),
        ({"places": -1}, "之间"),
        ({"places": "2"}, "整数"),
        ({"tolerance": "±1"}, "tolerance"),
        ({"tolerance": "12"}, "太大"),
        ({"tolerance": "100%"}, "太大"),
        ({"expression": "50-x"}, "expression"),
        ({"expression": "1/0"}, "expression"),
        ({"expression": "37.5/3"}, "12.5"),
        ({"expression": "36.1/3"}, "12.0333333333"),
        ({"formula": ""}, "不能为空"),
        ({"formula": "$\\frac{1$"}, "公式"),
        ({"unit": "元" * 30}, "最多"),
    ],
)
def test_read_names_what_is_wrong(changes: dict[str, Any], word: str) -> None:
    _found, problems = read(KIND, PROFIT | changes)
    assert problems
    assert any(word in problem for problem in problems), problems


@pytest.mark.parametrize("missing", ["key", "formula", "expression", "explanation", "stem"])
def test_read_needs_every_part(missing: str) -> None:
    _found, problems = read(KIND, {key: value for key, value in PROFIT.items() if key != missing})
    assert problems == [f"items.yaml:1: 缺少 {missing}。"]


def test_read_takes_a_quotient_that_is_not_exact() -> None:
    assert content(key="12", expression="36/7*7/3").data["key"] == "12"


@given(
    value=st.decimals(-(10**9), 10**9, places=4),
    places=st.none() | st.integers(0, 4),
    unit=st.sampled_from(["", "%", "元", "万元", "人次"]),
    tolerance=st.sampled_from(["", "0", "0.0001"]),
)
def test_read_gives_back_what_was_written(
    value: Decimal, places: int | None, unit: str, tolerance: str
) -> None:
    value = value if places is None else round(value, places)
    data = {"key": f"{value:f}", "expression": f"{value:f}*1", "unit": unit, "tolerance": tolerance}
    if abs(value) <= Decimal("0.0001"):
        data["tolerance"] = ""
    if value == 0:
        data |= {"key": f"{abs(value):f}"}
    found, problems = read(KIND, PROFIT | data | ({} if places is None else {"places": places}))
    assert not problems
    assert read_again(KIND, found) == found
    assert KIND.mark(found, data["key"] + unit, Decimal(2)) == 2


@given(answers())
def test_parse_is_idempotent_or_refuses(answer: str) -> None:
    item = content()
    try:
        parsed = KIND.parse(item, answer)
    except UnreadableAnswer:
        return
    assert KIND.parse(item, parsed) == parsed
    assert KIND.from_fields(item, {"answer": [answer]}) == parsed
    assert KIND.mark(item, parsed, Decimal(1)) in {Decimal(0), Decimal(1)}
    KIND.review(item, (), parsed)


@pytest.mark.parametrize("answer", ["1" * 101, "1\x00", "\ud800"])
def test_parse_refuses_what_no_page_sends(answer: str) -> None:
    with pytest.raises(UnreadableAnswer):
        KIND.parse(content(), answer)


def test_parse_keeps_what_is_no_number_yet() -> None:
    assert KIND.parse(content(), " 大约\n12. ") == "大约 12."


@pytest.mark.parametrize("half_credit", [False, True])
def test_question_holds_no_key(half_credit: bool) -> None:
    item = content(key="731", expression="700+31", formula="甲公式", tolerance="0.77")
    for view, context in [("question", KIND.question(item, (), "")), ("print", KIND.printed(item, ()))]:
        page = render(KIND, view, context)
        assert not [word for word in ("731", "700", "甲公式", "0.77", PROFIT["explanation"]) if word in page]
        assert "万元" in page


def test_question_shows_the_answer_and_how_to_round() -> None:
    page = render(KIND, "question", KIND.question(content(**LOSS), (), "33.3"))
    assert 'value="33.3"' in page
    assert "保留 2 位小数" in page


@pytest.mark.parametrize(
    ("answer", "word"),
    [("12", "正确"), ("13", "错误"), ("十二", "不是数值，或单位不符"), ("", "未作答")],
)
def test_review_shows_answer_key_and_way(answer: str, word: str) -> None:
    page = render(KIND, "review", KIND.review(content(tolerance="0.5"), (), answer))
    assert word in page
    assert "50-38" in page
    assert "允差 ±0.5" in page


@pytest.mark.parametrize("data", [PROFIT, LOSS | {"tolerance": "1%"}])
def test_editor_gives_back_what_it_showed(data: dict[str, Any]) -> None:
    item = content(**data)
    shown_fields = KIND.editor(item)["fields"]
    page = render(KIND, "editor", KIND.editor(item))
    assert all(f'name="{name}"' in page for name in KIND.keys)
    again, problems = read(
        KIND,
        {"stem": item.stem, "explanation": item.explanation}
        | KIND.from_editor({name: [str(value)] for name, value in shown_fields.items()}),
    )
    assert not problems
    assert again == item


def test_editor_of_a_new_item_is_blank() -> None:
    assert 'name="key" value=""' in render(KIND, "editor", KIND.editor(None))
    assert KIND.from_editor({"key": [" "], "places": ["二"]}) == {"places": "二"}


def test_tolerance_is_absolute_or_relative() -> None:
    absolute, relative = tolerance_of("0.5"), tolerance_of("2%")
    assert absolute
    assert relative
    assert absolute.margin(Decimal(200)) == Decimal("0.5")
    assert relative.margin(Decimal(-200)) == 4
