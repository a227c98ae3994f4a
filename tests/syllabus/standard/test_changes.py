"""The difference between two contents, entry by entry."""

from hypothesis import given, settings
from hypothesis import strategies as st

from syllabus.standard.changes import changes
from tests.syllabus.standard.contents import level_content
from tests.syllabus.standard.samples import LEVEL


def shown(old: str, new: str) -> list[str]:
    return [str(one) for one in changes(level_content(old), level_content(new))]


def test_same_content_has_no_changes() -> None:
    assert shown(LEVEL, LEVEL.replace("level: 3", "level:   3  # three")) == []


def test_weight_and_name_are_shown_before_and_after() -> None:
    new = (
        LEVEL.replace("weight: 60", "weight: 55")
        .replace("weight: 35", "weight: 40")
        .replace("name: 部门", "name: 处")
    )

    assert shown(LEVEL, new) == [
        "~ 职业功能 1 weight: 60 → 55",
        "~ 职业功能 2 name: 部门 → 处；weight: 35 → 40",
    ]


def test_added_and_removed_requirements_are_shown() -> None:
    new = LEVEL.replace(
        "{code: 1.1.K2, text: 内部客户, importance: Y}", "{code: 1.1.K3, text: 潜在客户, importance: Y}"
    )

    assert shown(LEVEL, new) == ["+ 要求 1.1.K3 潜在客户", "- 要求 1.1.K2 内部客户"]


def test_everything_is_new_against_nothing() -> None:
    found = changes(None, level_content())

    assert {one.action for one in found} == {"added"}
    assert [one.kind for one in found].count("requirement") == 9


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.sampled_from(["60", "35", "weight: 5\n", "概述", "内部客户", "importance: Z"]), unique=True)
)
def test_changes_back_undo_changes(spots: list[str]) -> None:
    new = LEVEL
    for spot in spots:
        new = new.replace(
            spot, {"weight: 5\n": "weight: 6\n", "importance: Z": "importance: Y"}.get(spot, spot + "0")
        )
    there, back = changes(level_content(), level_content(new)), changes(level_content(new), level_content())

    assert [(one.kind, one.code) for one in there] == [(one.kind, one.code) for one in back]
    assert [{name: (b, a) for name, (a, b) in one.fields.items()} for one in there] == [
        dict(one.fields) for one in back
    ]
