"""The formats alone: what is written is read back the same, and how people write is understood."""

import datetime
import io
import zipfile
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from config.sources import Problems
from exams.bank.errors import ExportRefused
from exams.bank.exchange import Outgoing, format_of, formats, get_format
from exams.bank.exchange.columns import COLUMNS
from exams.bank.types import Content, kinds
from tests.exams.bank.exchange.files import (
    MULTIPLE,
    ORDERING,
    ROW,
    TRUE_FALSE,
    csv,
    one_of_each,
    read_back,
    rows,
    table,
    written,
    xlsx,
)

FORMATS = ("xlsx", "csv", "yaml")


def test_registry_finds_the_formats_in_order_and_by_name() -> None:
    assert tuple(formats()) == FORMATS
    assert [
        getattr(format_of(name), "code", None) for name in ("a.XLSX", "b.csv", "c.yml", "d.pdf", "e")
    ] == [
        "xlsx",
        "csv",
        "yaml",
        None,
        None,
    ]


def test_every_type_has_an_example() -> None:
    assert [one.content.type for one in one_of_each()] == list(kinds())


@pytest.mark.parametrize("code", FORMATS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_type_is_read_back_the_same(code: str, language: str) -> None:
    items = one_of_each()
    with override(language):
        found, problems = read_back(code, written(code, items))
    assert problems == []
    assert [
        (one.code, one.level, one.pool, one.knowledge, one.difficulty, one.cognition) for one in found
    ] == [(one.code, one.level, one.pool, one.knowledge, one.difficulty, one.cognition) for one in items]
    assert [one.content for one in found] == [one.content for one in items]


_CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
_TEXTS = (
    st.text(
        st.one_of(_CHARACTERS, st.sampled_from("\n\t=+-@'\"#:|>&*!%{}[],;_x000D \u0085\u2028")), min_size=1
    )
    .map(str.strip)
    .filter(lambda text: bool(text.strip()) and "_x000D_" not in text)
)


@pytest.mark.parametrize("code", FORMATS)
@given(stem=_TEXTS, options=st.lists(_TEXTS, min_size=4, max_size=4), explanation=_TEXTS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_text_is_read_back_the_same(code: str, stem: str, options: list[str], explanation: str) -> None:
    content = Content("single", stem, tuple(options), "B", explanation)
    item = Outgoing("3-1.1.K1-L01", 3, "live", False, False, "1.1.K1", 1, "apply", content)
    found, _problems = read_back(code, written(code, [item]))
    assert [(one.content.stem, one.content.options, one.content.explanation) for one in found] == [
        (stem, tuple(options), explanation)
    ]


def test_yaml_has_a_document_for_each_head() -> None:
    items = one_of_each()[:3]
    drafts = one_of_each(is_approved=False, pool="live", is_sample=False)[:1]
    text = written("yaml", [*items, *drafts]).decode()
    assert text.count("---\n") == 1
    found, _problems = read_back("yaml", text.encode())
    assert [(one.pool, one.is_sample, one.state) for one in found] == [("practice", True, "approved")] * 3 + [
        ("live", False, "draft")
    ]


# --- Writing


def test_formulas_are_written_as_text() -> None:
    content = Content("single", "=1+1", ("+2", "-2", "@x", "'=y"), "A", "=SUM(A1)")
    item = Outgoing("3-1.1.K1-L01", 3, "live", False, False, "1.1.K1", 1, "apply", content)
    sheet = load_workbook(io.BytesIO(written("xlsx", [item])))["题目"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {"s", "n"}
    line = written("csv", [item]).decode("utf-8-sig").splitlines()[1]
    assert ",'=1+1,'+2,'-2,'@x,''=y," in line


def test_excel_refuses_what_a_cell_cannot_hold() -> None:
    content = Content("single", "长" * 32_768, ("甲", "乙", "丙", "丁"), "A", "解析。")
    item = Outgoing("3-1.1.K1-L01", 3, "live", False, False, "1.1.K1", 1, "apply", content)
    with pytest.raises(ExportRefused, match="32767"):
        written("xlsx", [item])
    assert read_back("csv", written("csv", [item]))[0][0].stem == content.stem


# --- Templates


def test_excel_template_has_lists_examples_and_advice() -> None:
    source = get_format("xlsx").templates["xlsx"]()
    book = load_workbook(io.BytesIO(source))
    assert book.sheetnames == ["题目", "示例", "说明"]
    sheet = book["题目"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS.values())
    assert sheet.max_row == 1
    rules = {str(rule.sqref).split("2:")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules["D"].startswith('"单项选择题,判断题,')
    assert (rules["B"], rules["C"]) == ('"三级,二级,一级"', '"练习库,正式库"')
    assert (rules["F"], rules["G"]) == ('"1,2,3,4,5"', '"识记,理解,应用"')
    assert all(len(rule) < 255 for rule in rules.values())
    assert [row[3].value for row in book["示例"].iter_rows(min_row=2)] == [
        str(kind.label) for kind in kinds().values()
    ]
    assert read_back("xlsx", source) == ([], [])


def test_examples_of_the_template_can_be_read() -> None:
    book = load_workbook(io.BytesIO(get_format("xlsx").templates["xlsx"]()))
    cells = [[cell.value for cell in row] for row in book["示例"].iter_rows()]
    found, problems = read_back("xlsx", xlsx(cells))
    assert (len(found), problems) == (len(kinds()), [])


def test_csv_template_is_its_header() -> None:
    source = get_format("csv").templates["csv"]()
    assert source.decode("utf-8-sig").strip() == ",".join(COLUMNS.values())


# --- What people write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"], ids=str)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_the_encodings_and_separators_of_spreadsheets(encoding: str, separator: str) -> None:
    source = csv(table([ROW, TRUE_FALSE]), separator=separator).decode().encode(encoding)
    found, problems = read_back("csv", source)
    assert problems == []
    assert [one.stem for one in found] == ["客户是（　）。", "客户是上帝。"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_yaml_in_the_same_encodings(encoding: str) -> None:
    source = written("yaml", one_of_each()).decode().encode(encoding)
    assert read_back("yaml", source)[1] == []


@pytest.mark.parametrize("code", ["xlsx", "csv"])
def test_english_headers_and_words_and_a_title_above(code: str) -> None:
    english = ROW | {
        "level": 3,
        "pool": "live",
        "type": "single",
        "difficulty": "2",
        "cognition": "recall",
    }
    header = [key if not key.startswith("option") else key[-1].upper() for key in COLUMNS]
    cells = [["题库（2026 年）"], [], *table([english], header)]
    source = xlsx(cells) if code == "xlsx" else csv(cells)
    found, problems = read_back(code, source)
    assert problems == []
    assert (found[0].content.options, found[0].level) == (("甲方", "乙方", "丙方", "丁方"), 3)


@pytest.mark.parametrize(
    ("row", "given_key", "key"),
    [
        (ROW, "ｂ", "B"),
        (ROW, " b ", "B"),
        (MULTIPLE, "c,a,D", "ACD"),
        (MULTIPLE, "Ａ、Ｃ；ｄ", "ACD"),
        (MULTIPLE, "a c d", "ACD"),
        (TRUE_FALSE, "对", "T"),
        (TRUE_FALSE, "√", "T"),
        (TRUE_FALSE, "正确。", "T"),
        (TRUE_FALSE, "Ｔ", "T"),
        (TRUE_FALSE, "TRUE", "T"),
        (TRUE_FALSE, True, "T"),
        (TRUE_FALSE, "错", "F"),
        (TRUE_FALSE, "×", "F"),
        (TRUE_FALSE, "错误", "F"),
        (TRUE_FALSE, "false", "F"),
        (TRUE_FALSE, False, "F"),
    ],
)
@pytest.mark.parametrize("code", ["xlsx", "csv"])
def test_keys_are_understood_however_they_are_written(
    code: str, row: dict[str, Any], given_key: object, key: str
) -> None:
    cells = table([row | {"key": given_key}])
    found, problems = read_back(code, xlsx(cells) if code == "xlsx" else csv(cells))
    assert problems == []
    assert found[0].content.key == key


def test_codes_in_full_width_and_numbers_of_answers_are_understood() -> None:
    calculation = next(one for one in one_of_each() if one.content.type == "calculation")
    sheet = load_workbook(io.BytesIO(written("xlsx", [calculation])))["题目"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    cells[1][0] = "３－１．１．ｋ１－Ｐ０４"
    cells[1][list(COLUMNS).index("key")] = 33.33
    found, problems = read_back("xlsx", xlsx(cells))
    assert problems == []
    assert (found[0].code, found[0].content) == ("3-1.1.K1-P04", calculation.content)


def test_rows_count_as_a_spreadsheet_shows_them() -> None:
    given = [ROW | {"stem": "两行\n的题干（　）。"}, {}, ROW | {"key": "E"}]
    for code, source in (("csv", csv(table(given))), ("xlsx", xlsx(table(given)))):
        assert read_back(code, source)[1] == ["file:4: 答案只能用字母 A–D（大写），实为 E。"]


def test_types_of_their_own_are_read_from_the_content_column() -> None:
    found, problems = read_back("xlsx", xlsx(table([ORDERING])))
    assert problems == []
    assert (found[0].content.type, found[0].stem) == ("ordering", "客户是（　）。")


def test_first_visible_sheet_is_read_where_none_has_our_name() -> None:
    assert len(read_back("xlsx", xlsx(table([ROW]), sheet="Sheet1"))[0]) == 1


def test_dates_made_by_excel_are_refused_with_advice() -> None:
    cells = table([ROW | {"option_b": datetime.datetime(2026, 1, 2)}])  # noqa: DTZ001  as Excel stores it
    _found, problems = read_back("xlsx", xlsx(cells))
    assert "单元格 J2 被 Excel 变成了日期或时间（2026-01-02 00:00:00）" in problems[0]
    assert "设为“文本”" in problems[0]


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_lines_are_counted_for_the_bar(count: int) -> None:
    given = table(rows(count))
    assert get_format("xlsx").count(xlsx(given)) == count + 1
    assert get_format("csv").count(csv(given)) == count + 2
    assert get_format("xlsx").count(b"PK nonsense") == 0


def test_reading_is_lazy() -> None:
    source = written("yaml", one_of_each())
    entries = get_format("yaml").read(source + b"  - {broken\n", Problems(), name="file")
    assert next(entries).record.data["code"] == "3-1.1.K1-P01"


def test_a_bomb_is_not_unpacked() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            archive.writestr(name, bytes(150_000_000))
    source = target.getvalue()
    assert len(source) < 1_000_000
    assert read_back("xlsx", source) == ([], ["file: 工作簿解压后太大。请只留题目，分成几个文件上传。"])
