"""Oral scenario: what the candidate sees, and the examiner's sheet."""

from typing import Any

import pytest

from exams.bank.types import UnreadableAnswer
from exams.bank.types.oral.kind import KIND
from tests.exams.bank.types.records import read, read_again, render
from tests.exams.bank.types.tasks import SECRETS, TASK_WITHOUT

SCENE = TASK_WITHOUT | {
    "role": "机密角色：情绪激动的顾客",
    "prompts": ["机密追问：如果顾客坚持退款呢？"],
    "preparation_minutes": 5,
    "answer_minutes": 10,
}


def content(**changes: Any) -> Any:
    found, problems = read(KIND, SCENE | changes)
    assert not problems, problems
    return found


def test_scene_comes_back_as_written() -> None:
    assert read_again(KIND, content()) == content()
    assert read_again(KIND, content(preparation_minutes=0)).data["preparation_minutes"] == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"answer_minutes": 0}, "answer_minutes 应在 1 到 60 之间"),
        ({"answer_minutes": None}, "缺少 answer_minutes"),
        ({"prompts": [""]}, "这一项应有"),
        ({"criteria": None}, "缺少 criteria"),
    ],
)
def test_scene_is_refused(changes: dict[str, Any], message: str) -> None:
    assert message in " ".join(read(KIND, SCENE | changes)[1])


def test_candidate_sees_the_scene_only() -> None:
    for view, context in (
        ("question", KIND.question(content(), (), "")),
        ("print", KIND.printed(content(), ())),
    ):
        html = render(KIND, view, context)
        assert "回答 10 分钟" in html
        assert "name=" not in html
        for secret in SECRETS:
            assert secret not in html
            assert secret not in str(context)


def test_examiner_sees_role_prompts_and_steps() -> None:
    html = render(KIND, "examiner", KIND.examiner_sheet(content()))
    for text in ("机密角色", "机密追问", "机密答案", "步骤完整", "语气得体", SCENE["stem"]):
        assert text in html
    assert "机密角色" in render(KIND, "review", KIND.review(content(), (), ""))


def test_nothing_is_written() -> None:
    assert KIND.parse(content(), "") == ""
    assert KIND.from_fields(content(), {"answer": ["话"]}) == ""
    with pytest.raises(UnreadableAnswer):
        KIND.parse(content(), "话")


def test_editor_gives_back_role_prompts_and_minutes() -> None:
    shown = KIND.editor(content())
    assert "机密追问" in render(KIND, "editor", shown)
    own = KIND.from_editor(
        {
            "role": [shown["data"]["role"]],
            "prompts": [f"{shown['prompts']}\r\n\r\n"],
            "preparation_minutes": ["5"],
            "answer_minutes": ["10"],
        }
    )
    assert own == {key: SCENE[key] for key in ("role", "prompts", "preparation_minutes", "answer_minutes")}
