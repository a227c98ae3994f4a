"""A small sound standard as text, for tests that spoil it in one place."""

LEVEL = """\
standard: csm
edition: "2026.1"
level: 3
name: 三级
clause: "§2.2.1"
effective_on: 2026-01-01
parts:
  - code: theory
    name: 理论知识考试
    modes: [computer, paper]
    pass_mark: {value: 60, certainty: standard, clause: "§1.7.4"}
    minutes: {value: 90, certainty: practice, clause: "§4"}
    valid_years: {value: 2, certainty: standard, clause: "§1.7.4"}
  - code: skill
    name: 操作技能考核
    modes: [oral]
    pass_mark: {value: 60, certainty: standard, clause: "§1.7.4"}
    minutes: {value: 120, certainty: practice, clause: "§4"}
    valid_years: {value: 2, certainty: standard, clause: "§1.7.4"}
routes:
  - code: "3-1"
    text: 大专并从事相关工作 2 年以上
    allows: full
    requires: {education: college, related_work_years: 2}
  - code: "3-2"
    text: 大专
    allows: module
    requires: {education: college}
functions:
  - code: "1"
    name: 概述
    weight: 60
    work_contents:
      - code: "1.1"
        name: 客户构成
        skills:
          - {code: 1.1.S1, text: 能区分客户, importance: X}
        knowledge:
          - {code: 1.1.K1, text: 外部客户, importance: X}
          - {code: 1.1.K2, text: 内部客户, importance: Y}
  - code: "2"
    name: 部门
    weight: 35
    provisional: true
    work_contents:
      - code: "2.1"
        name: 职责
        skills:
          - {code: 2.1.S1, text: 能说明职责, importance: X, provenance: authored}
        knowledge:
          - {code: 2.1.K1, text: 部门职责, importance: Z}
  - code: B
    name: 相关基础知识
    basics: true
    weight: 5
    work_contents:
      - code: B.1
        name: 职业道德
        skills:
          - {code: B.1.S1, text: 能守则, importance: X, provenance: authored}
        knowledge:
          - {code: B.1.K1, text: 职业守则, importance: X}
      - code: B.2
        name: 基础知识
        skills:
          - {code: B.2.S1, text: 能用办公软件, importance: X, provenance: authored}
        knowledge:
          - {code: B.2.K1, text: 市场营销知识, importance: X}
vectors:
  - code: national
    name: 职业道德 10 分
    certainty: practice
    clause: "§5"
    weights: {"1": 55, "2": 30, B.1: 10, B.2: 5}
"""

RULES = """\
standard: csm
edition: "2026.1"
rules:
  - {code: results.gap, name: 间隔, group: results, value: 30, unit: 天, certainty: decision, clause: D2}
  - {code: papers.middle, name: 难度, group: papers, value: 0.65, certainty: practice, clause: "§5"}
  - {code: marking.half, name: 一半, group: marking, value: false, certainty: decision, clause: D1, note: 无}
  - {code: delivery.extra, name: 延长, group: delivery, value: [30, 50], certainty: practice, clause: "§4"}
decisions:
  - {code: D1, title: 自拟, text: 由我们编写。}
  - {code: D2, title: 补考, text: 间隔 30 天。}
"""
