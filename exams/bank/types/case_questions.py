"""What both case types share: a stimulus with two to four questions that stay together.

A question is of a simple type, with what that type's record has; its answer goes by `q1` … `q4`, where a type
has fields of its own by `q1.<name>`. In a file:

    stem: 案例 …
    questions:
      - {type: single, stem: …, options: […], key: B, explanation: …}
      - {type: short_answer, stem: …, model_answer: …}

The questions keep their order and their options' order for every candidate: they refer to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from config.sources import Record
from exams.bank.rules import fold
from exams.bank.types.contract import (
    MOST_ANSWER_CHARACTERS,
    Content,
    ItemKind,
    UnreadableAnswer,
    answer_of,
    fields_of,
)
from exams.bank.types.skill import first, marked_text, tidy

LEAST_QUESTIONS, MOST_QUESTIONS = 2, 4
OPEN = "short_answer"
_MOST_IN_ONE = 4_500  # so that four of them fit into one answer


def kind_of(code: str) -> ItemKind:
    """Return the type of a question; imported late, since the registry reads this module's users."""
    from exams.bank.types import get_kind

    return get_kind(code)


def read_questions(record: Record, allowed: Sequence[str]) -> list[dict[str, Any]]:
    """Return a case's questions as they are stored; every problem is noted."""
    found = []
    seen: set[str] = set()
    rows = record.records("questions")
    if rows and not LEAST_QUESTIONS <= len(rows) <= MOST_QUESTIONS:
        words = {"least": LEAST_QUESTIONS, "most": MOST_QUESTIONS, "count": len(rows)}
        record.fail(_("案例应有 %(least)d 到 %(most)d 问，实为 %(count)d 问。") % words, "questions")
    for row in rows:
        content = _read_question(row, allowed)
        if content is None:
            continue
        if content.stem and fold(content.stem) in seen:
            row.fail(_("这一问与前面的重复。"), "stem")
        seen.add(fold(content.stem))
        found.append(_stored(content))
    return found


def _stored(content: Content) -> dict[str, Any]:
    facts = asdict(content) | {"options": list(content.options), "criteria": None}
    return {key: value for key, value in facts.items() if value}


def _read_question(row: Record, allowed: Sequence[str]) -> Content | None:
    code = row.choice("type", allowed)
    if row.data.get("type") != code:
        return None  # the type was refused; what its record should have is unknown
    if code == OPEN:  # within a case the criteria are the case's own
        row.only("type", "stem", "model_answer")
        data = {"model_answer": marked_text(row, "model_answer")}
        return Content(code, marked_text(row, "stem"), data=data)
    kind = kind_of(code)
    row.only("type", "stem", "explanation", *kind.keys)
    return kind.read(row)


def questions_of(content: Content) -> list[Content]:
    """Return a case's questions."""
    return [
        Content(**{**one, "options": tuple(one.get("options", ()))})
        for one in content.data.get("questions", ())
    ]


def write_questions(content: Content) -> list[dict[str, Any]]:
    """Return a case's questions as their records say them."""
    rows = []
    for one in questions_of(content):
        row: dict[str, Any] = {"type": one.type, "stem": one.stem}
        row |= dict(one.data) if one.type == OPEN else kind_of(one.type).write(one)
        if one.explanation:
            row["explanation"] = one.explanation
        rows.append(row)
    return rows


# --- Answers


def _numbered(content: Content) -> Iterator[tuple[str, Content]]:
    yield from ((f"q{number}", one) for number, one in enumerate(questions_of(content), start=1))


def _parts(content: Content, fields: Mapping[str, str]) -> Iterator[tuple[str, Content, dict[str, str], str]]:
    """Yield each question with name, own fields and answer; raises UnreadableAnswer for other fields."""
    left = set(fields)
    for name, one in _numbered(content):
        own = {key[len(name) + 1 :]: fields[key] for key in fields if key.startswith(f"{name}.")}
        if own and name in fields:
            raise UnreadableAnswer
        left -= {name, *(f"{name}.{key}" for key in own)}
        yield name, one, own, answer_of(own) if own else fields.get(name, "")
    if left:
        raise UnreadableAnswer


def parse_answers(content: Content, answer: str) -> str:
    """Return a case's answer in its canonical form; raises UnreadableAnswer."""
    found: dict[str, str] = {}
    for name, one, own, text in _parts(content, fields_of(answer)):
        parsed = kind_of(one.type).parse(one, text)
        if own:
            found |= {f"{name}.{key}": value for key, value in fields_of(parsed).items()}
        else:
            found[name] = parsed
    parsed = answer_of(found)
    if len(parsed) > MOST_ANSWER_CHARACTERS:
        raise UnreadableAnswer
    return parsed


def answers_of_form(content: Content, fields: Mapping[str, Sequence[str]]) -> str:
    """Return the answer of a plain form: `answer.q1` or `answer.q1.<name>` are the question's own fields."""
    found: dict[str, str] = {}
    for name, one in _numbered(content):
        start = f"answer.{name}"
        own = {
            "answer" + key[len(start) :]: values
            for key, values in fields.items()
            if key == start or key.startswith(f"{start}.")
        }
        parsed = kind_of(one.type).from_fields(one, own)
        if any(key.startswith(f"{start}.") for key in fields):
            found |= {f"{name}.{key}": value for key, value in fields_of(parsed).items()}
        else:
            found[name] = parsed
    return parse_answers(content, answer_of(found))


def answers_by_question(content: Content, answer: str) -> list[tuple[Content, str]]:
    """Return each question with its own canonical answer."""
    return [(one, text) for _name, one, _own, text in _parts(content, fields_of(answer))]


# --- Showing


def shown_questions(content: Content, answer: str, view: str) -> list[dict[str, Any]]:
    """Return the questions with what their own template of `view` needs (`question`, `review`, `print`)."""
    shown = []
    for number, (one, text) in enumerate(answers_by_question(content, answer), start=1):
        kind = kind_of(one.type)
        order = range(kind.orderable(one))
        is_print = view == "print"
        context = kind.printed(one, order) if is_print else getattr(kind, view)(one, order, text)
        shown.append(
            {
                "number": number,
                "stem": one.stem,
                "template": kind.template(view),
                # A question's fields are `answer.q1`; its templates ask for `field` (docs/item-types.md).
                "context": context | {"field": f"answer.q{number}", "most_characters": _MOST_IN_ONE},
                "explanation": one.explanation if view == "review" else "",
            }
        )
    return shown


# --- Editing: one block of fields for each question, told apart by a prefix


def editor_questions(content: Content | None, allowed: Sequence[str]) -> list[dict[str, Any]]:
    """Return the blocks of an editor: one for each of the most questions, blank where there is none yet."""
    known = questions_of(content) if content else []
    return [
        _block(number, known[number - 1] if number <= len(known) else None, allowed)
        for number in range(1, MOST_QUESTIONS + 1)
    ]


def _block(number: int, one: Content | None, allowed: Sequence[str]) -> dict[str, Any]:
    from exams.bank.types import type_label

    return {
        "number": number,
        "name": f"q{number}",
        "type": one.type if one else "",
        "types": [(code, type_label(code)) for code in allowed],
        "stem": one.stem if one else "",
        "options": "\n".join(one.options) if one else "",
        "key": _key_text(one) if one else "",
        "explanation": one.explanation if one else "",
        "model_answer": one.data.get("model_answer", "") if one else "",
        "is_open_allowed": OPEN in allowed,
        "calculation": [
            {"key": key, "label": label, "value": one.data.get(key, "") if one else ""}
            for key, label in _calculation_fields()
        ],
    }


def _calculation_fields() -> list[tuple[str, str]]:
    return [
        ("unit", _("单位")),
        ("places", _("小数位数")),
        ("tolerance", _("允许误差")),
        ("formula", _("公式")),
        ("expression", _("算式")),
    ]


def _key_text(one: Content) -> str:
    return str(one.data["key"]) if "key" in one.data else one.key


def questions_of_editor(fields: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return the records of the questions in an editor's fields (`q1.stem` …); blank blocks are left out."""
    rows = []
    for number in range(1, MOST_QUESTIONS + 1):
        start = f"q{number}."
        own = {key[len(start) :]: values for key, values in fields.items() if key.startswith(start)}
        if any(tidy(value) for key, values in own.items() if key != "type" for value in values):
            rows.append(_row_of_editor(own))
    return rows


def _row_of_editor(own: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    code = first(own, "type")
    row: dict[str, Any] = {"type": code, "stem": tidy(first(own, "stem"))}
    if code == OPEN:
        return row | {"model_answer": tidy(first(own, "model_answer"))}
    key = tidy(first(own, "key"))
    if code in ("single", "multiple"):
        lines = [line.strip() for line in tidy(first(own, "options")).split("\n")]
        row |= {"options": [line for line in lines if line], "key": key.upper()}
    elif code == "true_false":
        row["key"] = {"T": True, "对": True, "F": False, "错": False}.get(key.upper(), key)
    else:
        row |= kind_of(code).from_editor(own)
    return row | {"explanation": tidy(first(own, "explanation"))}
