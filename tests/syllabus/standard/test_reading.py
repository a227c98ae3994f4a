"""Every kind of bad standard is named, with its line, and none is taken for another."""

from decimal import Decimal
from pathlib import Path

import pytest

from config.sources import Problems
from syllabus.standard import reading
from syllabus.standard.content import LevelContent, RulesContent
from tests.syllabus.standard.samples import LEVEL, RULES

ROOT = Path(__file__).parents[3]


def read(text: str, folder: Path) -> tuple[LevelContent | RulesContent | None, list[tuple[int, str]]]:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    content = reading.read_standard(path, problems)
    assert all(problem.file == str(path) for problem in problems.found)
    return content, [(problem.line, problem.message) for problem in problems.sorted()]


def spoiled(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def line_of(text: str, marker: str) -> int:
    return text[: text.index(marker)].count("\n") + 1


def test_sound_level_is_read_whole(tmp_path: Path) -> None:
    content, problems = read(LEVEL, tmp_path)

    assert problems == []
    assert isinstance(content, LevelContent)
    assert [(one.code, one.weight, one.is_basics, one.is_provisional) for one in content.functions] == [
        ("1", 60, False, False),
        ("2", 35, False, True),
        ("B", 5, True, False),
    ]
    assert [one.provenance for one in content.requirements if one.kind == "skill"] == [
        "standard",
        "authored",
        "authored",
        "authored",
    ]
    assert content.parts[1].modes == ("oral",)
    assert content.vectors[0].weights == {"1": 55, "2": 30, "B.1": 10, "B.2": 5}


def test_sound_rules_are_read_whole(tmp_path: Path) -> None:
    content, problems = read(RULES, tmp_path)

    assert problems == []
    assert isinstance(content, RulesContent)
    assert [one.value for one in content.rules] == [30, Decimal("0.65"), False, [30, 50]]
    assert [one.code for one in content.decisions] == ["D1", "D2"]


@pytest.mark.parametrize("name", ["level1", "level2", "level3", "rules"])
def test_shipped_files_are_sound(name: str) -> None:
    problems = Problems()
    reading.read_standard(ROOT / "fixtures" / "standards" / f"{name}.yaml", problems)

    assert problems.sorted() == []


# (what is spoiled, into what, [(text on the line of the problem, message)])
BAD_LEVELS = {
    "not_yaml": ("name: 三级", "name: [三级", None),
    "unknown_key": (
        "effective_on: 2026-01-01",
        "effective_at: 2026-01-01",
        [
            ("standard: csm", "缺少 effective_on。"),
            ("effective_at", "不认识的键 effective_at，是否应为 effective_on？"),
        ],
    ),
    "unknown_key_deep": (
        "importance: Y}",
        "importance: Y, weight: 3}",
        [("weight: 3}", "不认识的键 weight；可用的键：code, text, importance, provenance。")],
    ),
    "missing_edition": ('edition: "2026.1"\n', "", [("standard: csm", "缺少 edition。")]),
    "bad_edition": ('"2026.1"', '"first"', [("first", "edition 的写法不对：first")]),
    "edition_not_quoted": (
        'edition: "2026.1"',
        "edition: 2026.1",
        [("edition: 2026.1", "edition 应为文字（纯数字请加引号），实为 2026.1。")],
    ),
    "bad_standard_code": ("standard: csm", "standard: CSM!", [("CSM!", "standard 的写法不对：CSM!")]),
    "level_out_of_range": (
        "level: 3",
        "level: 4",
        [
            ("level: 4", "level 应在 1 到 3 之间，实为 4。"),
            ("name: 三级", "级别名称应为一级，实为三级。"),
            ('code: "3-1"', "申报条件代码 3-1 应形如 1-1。"),
            ('code: "3-2"', "申报条件代码 3-2 应形如 1-1。"),
        ],
    ),
    "wrong_level_name": ("name: 三级", "name: 二级", [("name: 二级", "级别名称应为三级，实为二级。")]),
    "bad_clause": ('clause: "§2.2.1"', 'clause: "2.2.1"', [('"2.2.1"', "clause 的写法不对：2.2.1")]),
    "bad_day": (
        "2026-01-01",
        "2026年1月",
        [("2026年1月", "effective_on 应为日期（如 2026-01-31），实为 2026年1月。")],
    ),
    "no_functions": (LEVEL[LEVEL.index("functions:") : LEVEL.index("vectors:")], "functions: []\n", None),
    "weights_do_not_make_100": (
        "weight: 60",
        "weight: 50",
        [("functions:", "各职业功能的比重之和应为 100，实为 90。")],
    ),
    "weight_not_whole": (
        "weight: 60",
        "weight: 60.5",
        [
            ("functions:", "各职业功能的比重之和应为 100，实为 41。"),
            ("weight: 60.5", "weight 应为整数，实为 60.5。"),
        ],
    ),
    "weight_true": (
        "weight: 60",
        "weight: true",
        [
            ("functions:", "各职业功能的比重之和应为 100，实为 41。"),
            ("weight: true", "weight 应为整数，实为 True。"),
        ],
    ),
    "function_code_repeated": (
        '- code: "2"\n',
        '- code: "1"\n',
        [
            ('- code: "1"\n    name: 部门', "职业功能代码 1 重复，已在第 30 行出现。"),
            ('- code: "2.1"', "工作内容代码 2.1 应以所属职业功能的代码开头，如 1.1。"),
            ("  - code: national", "权重 national 中的 2 既不是职业功能也不是工作内容的代码。"),
        ],
    ),
    "function_code_shape": (
        '- code: "2"\n',
        "- code: Two\n",
        None,
    ),
    "function_name_repeated": (
        "name: 部门",
        "name: 概述",
        [('- code: "2"\n', "职业功能名称“概述”重复，已在第 30 行出现。")],
    ),
    "work_content_code_of_other_function": (
        'code: "2.1"',
        'code: "3.1"',
        [
            ('- code: "3.1"', "工作内容代码 3.1 应以所属职业功能的代码开头，如 2.1。"),
            ("{code: 2.1.S1", "要求代码 2.1.S1 与所在位置不符，应形如 3.1.S1。"),
            ("{code: 2.1.K1", "要求代码 2.1.K1 与所在位置不符，应形如 3.1.K1。"),
        ],
    ),
    "work_content_code_repeated": (
        "- code: B.2\n",
        "- code: B.1\n",
        [
            ("- code: B.1\n        name: 基础知识", "工作内容代码 B.1 重复，已在第 57 行出现。"),
            ("{code: B.2.S1", "要求代码 B.2.S1 与所在位置不符，应形如 B.1.S1。"),
            ("{code: B.2.K1", "要求代码 B.2.K1 与所在位置不符，应形如 B.1.K1。"),
            ("  - code: national", "权重 national 中的 B.2 既不是职业功能也不是工作内容的代码。"),
        ],
    ),
    "work_content_name_repeated": (
        "name: 基础知识\n",
        "name: 职业道德\n",
        [("- code: B.2", "工作内容名称“职业道德”重复，已在第 57 行出现。")],
    ),
    "no_skills": (
        "        skills:\n          - {code: 1.1.S1, text: 能区分客户, importance: X}\n",
        "",
        [('- code: "1.1"', "工作内容 1.1 没有技能要求。")],
    ),
    "empty_knowledge": (
        "        knowledge:\n          - {code: 2.1.K1, text: 部门职责, importance: Z}\n",
        "        knowledge: []\n",
        [('- code: "2.1"', "工作内容 2.1 没有专业知识要求。")],
    ),
    "requirement_code_repeated": (
        "1.1.K2",
        "1.1.K1",
        [("内部客户", "要求代码 1.1.K1 重复，已在第 39 行出现。")],
    ),
    "requirement_code_of_other_kind": (
        "1.1.K2",
        "1.1.S2",
        [("内部客户", "要求代码 1.1.S2 与所在位置不符，应形如 1.1.K1。")],
    ),
    "requirement_text_repeated": (
        "text: 部门职责",
        "text: 外部客户",
        [("{code: 2.1.K1", "要求“外部客户”重复，已在第 39 行出现。")],
    ),
    "requirement_without_text": ("text: 内部客户, ", "", [("1.1.K2", "缺少 text。")]),
    "unknown_importance": (
        "importance: Z",
        "importance: A",
        [("importance: A", "importance 应为 X、Y、Z 之一，实为 A。")],
    ),
    "unknown_provenance": (
        "provenance: authored",
        "provenance: guessed",
        [("provenance: guessed", "provenance 应为 standard、authored 之一，实为 guessed。")],
    ),
    "no_basics": (
        "  - code: B\n    name: 相关基础知识\n    basics: true\n",
        "  - code: B\n    name: 相关基础知识\n",
        [
            ("functions:", "相关基础知识（basics: true）应恰有一项，实有 0 项。"),
            ("  - code: B\n", "代码 B 专用于相关基础知识（basics: true），二者须同时出现；此处代码为 B。"),
        ],
    ),
    "basics_twice": (
        "    weight: 35\n",
        "    weight: 35\n    basics: true\n",
        [
            ("functions:", "相关基础知识（basics: true）应恰有一项，实有 2 项。"),
            ('- code: "2"\n', "代码 B 专用于相关基础知识（basics: true），二者须同时出现；此处代码为 2。"),
        ],
    ),
    "part_missing": (
        LEVEL[LEVEL.index("  - code: skill") : LEVEL.index("routes:")],
        "",
        [("parts:", "缺少鉴定项目 skill；theory 和 skill 须各有一项。")],
    ),
    "part_repeated": (
        "- code: skill",
        "- code: theory",
        [
            ("parts:", "缺少鉴定项目 skill；theory 和 skill 须各有一项。"),
            ("- code: theory\n    name: 操作", "鉴定项目 theory 重复，已在第 8 行出现。"),
        ],
    ),
    "pass_mark_over_100": (
        "{value: 60,",
        "{value: 160,",
        [("value: 160", "value 应在 1 到 100 之间，实为 160。")],
    ),
    "figure_without_source": (
        'pass_mark: {value: 60, certainty: standard, clause: "§1.7.4"}',
        "pass_mark: {value: 60}",
        None,
    ),
    "source_does_not_fit_clause": (
        'minutes: {value: 90, certainty: practice, clause: "§4"}',
        "minutes: {value: 90, certainty: practice, clause: D4}",
        [
            (
                "clause: D4",
                "条款 D4 与依据 practice 不符：standard 写如 §1.7.4，practice 写如 §5，decision 写如 D3。",
            )
        ],
    ),
    "unknown_mode": (
        "[oral]",
        "[telepathy]",
        [("telepathy", "不认识的方式 telepathy；可用：computer、paper、oral。")],
    ),
    "mode_repeated": (
        "[computer, paper]",
        "[paper, paper]",
        [("- code: theory", "鉴定项目 theory 的方式有重复。")],
    ),
    "route_code_of_other_level": (
        '"3-2"',
        '"2-2"',
        [('"2-2"', "申报条件代码 2-2 应形如 3-1。")],
    ),
    "route_code_repeated": (
        '"3-2"',
        '"3-1"',
        [('- code: "3-1"\n    text: 大专\n', "申报条件代码 3-1 重复，已在第 21 行出现。")],
    ),
    "route_same_conditions": (
        "requires: {education: college}",
        "requires: {related_work_years: 2, education: college}",
        [('- code: "3-2"', "申报条件与第 21 行的要求完全相同。")],
    ),
    "no_full_route": (
        "allows: full",
        "allows: module",
        [("routes:", "没有一条申报条件可以申报全部鉴定（allows: full）。")],
    ),
    "unknown_condition": (
        "{education: college}",
        "{diploma: college}",
        [
            (
                '- code: "3-2"',
                "不认识的条件 diploma；可用的条件：education, related_work_years, in_related_post, "
                "student_certificate, technical_title, postgraduate, holds_level, held_years, passed_level。",
            )
        ],
    ),
    "unknown_condition_value": (
        "{education: college}",
        "{education: primary}",
        [('- code: "3-2"', "条件 education 应为 college，实为 primary。")],
    ),
    "condition_out_of_range": (
        "related_work_years: 2",
        "related_work_years: 99",
        [('- code: "3-1"', "条件 related_work_years 应为 1–40，实为 99。")],
    ),
    "condition_not_true": (
        "{education: college}",
        "{in_related_post: false}",
        [('- code: "3-2"', "条件 in_related_post 应为 true，实为 False。")],
    ),
    "route_without_condition": (
        "{education: college}",
        "{}",
        [('- code: "3-2"', "申报条件 3-2 没有任何要求。")],
    ),
    "certificate_of_same_level": (
        "{education: college}",
        "{holds_level: 3, held_years: 2}",
        [('- code: "3-2"', "申报 3 级所要求的证书应低于本级，实为 3 级。")],
    ),
    "years_without_certificate": (
        "{education: college}",
        "{held_years: 2}",
        [('- code: "3-2"', "申报条件 3-2 有 held_years 而没有 holds_level。")],
    ),
    "vector_sum": (
        '"1": 55',
        '"1": 54',
        [("  - code: national", "权重 national 之和应为 100，实为 99。")],
    ),
    "vector_misses_function": (
        '{"1": 55, "2": 30, B.1: 10, B.2: 5}',
        '{"1": 85, B.1: 10, B.2: 5}',
        [("  - code: national", "权重 national 没有覆盖职业功能 2（或其全部工作内容）。")],
    ),
    "vector_misses_work_content": (
        "B.1: 10, B.2: 5}",
        "B.1: 15}",
        [("  - code: national", "权重 national 没有覆盖职业功能 B（或其全部工作内容）。")],
    ),
    "vector_covers_twice": (
        "B.1: 10, B.2: 5}",
        "B: 10, B.2: 5}",
        [("  - code: national", "权重 national 对职业功能 B 既给了整体又给了其中的工作内容。")],
    ),
    "vector_unknown_key": (
        "B.2: 5}",
        "B.3: 5}",
        [
            ("  - code: national", "权重 national 中的 B.3 既不是职业功能也不是工作内容的代码。"),
            ("  - code: national", "权重 national 没有覆盖职业功能 B（或其全部工作内容）。"),
        ],
    ),
    "key_twice": ("level: 3\n", "level: 3\nlevel: 2\n", None),
}


@pytest.mark.parametrize("case", BAD_LEVELS)
def test_bad_level_is_named(case: str, tmp_path: Path) -> None:
    old, new, expected = BAD_LEVELS[case]
    text = spoiled(LEVEL, old, new)

    _content, problems = read(text, tmp_path)

    if expected is None:
        assert problems
    else:
        assert problems == sorted((line_of(text, marker), message) for marker, message in expected)


BAD_RULES = {
    "code_repeated": (
        "papers.middle, name: 难度, group: papers",
        "results.gap, name: 难度, group: results",
        [("name: 难度", "规则代码 results.gap 重复，已在第 4 行出现。")],
    ),
    "name_repeated": (
        "name: 难度",
        "name: 间隔",
        [("papers.middle", "规则名称“间隔”重复，已在第 4 行出现。")],
    ),
    "group_does_not_fit": (
        "group: papers",
        "group: site",
        [("papers.middle", "规则代码 papers.middle 应以类别 site 开头。")],
    ),
    "unknown_certainty": (
        'certainty: practice, clause: "§5"',
        'certainty: rumour, clause: "§5.1"',
        [
            ("rumour", "certainty 应为 standard、practice、decision 之一，实为 rumour。"),
            (
                "rumour",
                "条款 §5.1 与依据 standard 不符：standard 写如 §1.7.4，practice 写如 §5，decision 写如 D3。",
            ),
        ],
    ),
    "unknown_decision": ("clause: D2", "clause: D9", [("results.gap", "没有决定 D9。")]),
    "value_is_text": (
        "value: 30",
        "value: thirty",
        [("thirty", "value 应为数字、true、false 或整数列表，实为 thirty。")],
    ),
    "value_not_finite": (
        "value: 0.65",
        "value: .inf",
        [(".inf", "value 应为数字、true、false 或整数列表，实为 inf。")],
    ),
    "value_missing": (
        "value: 30, ",
        "",
        [("results.gap", "value 应为数字、true、false 或整数列表，实为 None。")],
    ),
    "decision_repeated": (
        "{code: D2,",
        "{code: D1,",
        [("title: 补考", "决定编号 D1 重复，已在第 9 行出现。"), ("results.gap", "没有决定 D2。")],
    ),
    "decision_out_of_order": (
        "{code: D2,",
        "{code: D3,",
        [("title: 补考", "决定应按编号连续排列，此处应为 D2，实为 D3。"), ("results.gap", "没有决定 D2。")],
    ),
    "unknown_key": (
        "unit: 天",
        "units: 天",
        [("units", "不认识的键 units，是否应为 unit？")],
    ),
    "not_a_list": (RULES[RULES.index("decisions:") :], "decisions: D1\n", None),
}


@pytest.mark.parametrize("case", BAD_RULES)
def test_bad_rules_are_named(case: str, tmp_path: Path) -> None:
    old, new, expected = BAD_RULES[case]
    text = spoiled(RULES, old, new)

    _content, problems = read(text, tmp_path)

    if expected is None:
        assert problems
    else:
        assert problems == sorted((line_of(text, marker), message) for marker, message in expected)


def test_all_problems_of_a_file_are_named_at_once(tmp_path: Path) -> None:
    text = LEVEL.replace("weight: 60", "weight: 61").replace("1.1.K2", "1.1.K1").replace("[oral]", "[song]")

    _content, problems = read(text, tmp_path)

    assert [line for line, _message in problems] == [
        line_of(text, "song"),
        line_of(text, "functions:"),
        line_of(text, "内部客户"),
    ]


def test_every_finding_has_words() -> None:
    source = (ROOT / "syllabus" / "standard" / "rules.py").read_text(encoding="utf-8")

    assert [code for code in reading.MESSAGES if f'"{code}"' not in source] == []
