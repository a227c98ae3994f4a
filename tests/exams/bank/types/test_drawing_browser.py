"""The drawing editor in a real browser: mouse, keyboard, finger, outline; it draws as the server does."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from exams.bank.types import get_kind
from exams.bank.types.graph.data import FLOW_CHART, ORGANISATION_CHART, build, to_data, to_json
from exams.bank.types.graph.outline import read_outline, write_outline
from exams.bank.types.graph.picture import draw
from exams.bank.types.graph.svg import connector, head, shape
from tests.exams.bank.types.drawings import CHARTS, FLOW, OUTLINES, most_boxes, some_draft, task
from tests.exams.bank.types.records import read

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
Opens = Callable[..., Page]
PAGE = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>画图</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{styles}</head>
<body><main><h1>画图</h1>
<form id="answer_form">{question}<button>下一题</button></form></main></body></html>"""
STYLES = "".join(
    f'<link rel="stylesheet" href="/static/css/{name}.css">'
    for name in ("app", "tokens", "base", "layout", "components", "pages")
)
CSP = "; ".join(
    f"{name} {' '.join(values)}" for name, values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)


@pytest.fixture
def opens(browser: Browser, live_server: LiveServer) -> Iterator[Opens]:
    """Open the question of a drawing task with an answer, under the product's content security policy."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(code: str = "flow_chart", answer: str = "", *, size: Any = None, **options: Any) -> Page:
        kind = get_kind(code)
        content, _problems = read(kind, task(code))
        shown = kind.question(content, (), kind.parse(content, answer))
        html = PAGE.format(styles=STYLES, question=render_to_string(kind.template("question"), shown))

        def serve(route: Route) -> None:
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": CSP}
            route.fulfill(body=html, headers=headers)

        context = browser.new_context(viewport=size or DESK, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.route("**/scratch/", serve)
        page.goto(f"{live_server.url}/scratch/")
        if options.get("java_script_enabled", True):
            expect(page.locator(".live")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def answer(page: Page) -> dict[str, Any]:
    """Return what the field would send."""
    value = page.locator("textarea[name=answer]").input_value()
    found: dict[str, Any] = json.loads(value) if value else {}
    return found


def boxes(page: Page) -> list[tuple[str, str]]:
    return [(node["kind"], node["label"]) for node in answer(page).get("nodes", [])]


def edges(page: Page) -> list[tuple[int, int, str]]:
    return [(edge["from"], edge["to"], edge["label"]) for edge in answer(page).get("edges", [])]


def places(page: Page) -> list[tuple[int, int]]:
    return [(node["x"], node["y"]) for node in answer(page).get("nodes", [])]


def outline(page: Page) -> Locator:
    return page.get_by_label("文字大纲")


def box(page: Page, number: int) -> Locator:
    return page.locator(f"[data-box='{number}']")


def middle(locator: Locator) -> tuple[float, float]:
    frame = locator.locator(".shape").bounding_box()
    assert frame
    return frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 8, start[1] + 8)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def add(page: Page, kind: str, label: str) -> None:
    page.get_by_role("button", name=kind, exact=True).click()
    page.keyboard.type(label)
    page.keyboard.press("Enter")


def test_three_boxes_are_drawn_connected_and_moved_by_mouse(opens: Opens) -> None:
    page = opens()
    expect(page.get_by_text("点上面的按钮画第一个框")).to_be_visible()
    add(page, "开始/结束", "开始")
    add(page, "判断", "是否属实？")
    add(page, "步骤", "上报")
    expect(page.get_by_text("点上面的按钮画第一个框")).to_be_hidden()
    assert boxes(page) == [("terminal", "开始"), ("decision", "是否属实？"), ("step", "上报")]
    assert places(page) == [(0, 0), (0, 1), (0, 2)]
    # By the toolbar, then by pulling from a box's lower point.
    box(page, 1).click()
    page.get_by_role("button", name="连线", exact=True).click()
    box(page, 2).click()
    x, y = middle(box(page, 2))
    box(page, 2).click()
    drag(page, (x, y + 40), middle(box(page, 3)))
    page.keyboard.type("是")
    page.keyboard.press("Enter")
    assert edges(page) == [(1, 2, ""), (2, 3, "是")]
    x, y = middle(box(page, 3))
    drag(page, (x, y), (x + 200, y))
    assert places(page) == [(0, 0), (0, 1), (2, 2)]
    expect(outline(page)).to_have_value(
        "1 开始 @0,0 → 2\n2 判断：是否属实？ @0,1 → 3（是）\n3 步骤：上报 @2,2"
    )
    # Pulling into the open draws the next box.
    x, y = middle(box(page, 3))
    drag(page, (x, y + 22), (x, y + 90))
    page.keyboard.type("结束")
    page.keyboard.press("Enter")
    assert edges(page)[-1] == (3, 4, "")


def test_box_dropped_on_another_stands_beside_it(opens: Opens) -> None:
    page = opens(answer="1 开始 → 2\n2 步骤：甲 → 3\n3 步骤：乙")
    drag(page, middle(box(page, 3)), middle(box(page, 1)))
    assert len(set(places(page))) == 3
    assert [y for _x, y in places(page)] == [0, 1, 0]


def test_everything_is_done_by_keyboard_alone(opens: Opens) -> None:
    page = opens("organisation_chart")
    page.get_by_role("button", name="岗位").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("总经理")
    page.keyboard.press("Enter")
    page.keyboard.press("n")  # the next box, connected
    page.keyboard.type("市场部")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(box(page, 1)).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.type("客户服务部")
    page.keyboard.press("Enter")
    assert edges(page) == [(1, 2, ""), (1, 3, "")]
    expect(box(page, 3)).to_be_focused()
    expect(box(page, 3)).to_have_accessible_name("3 部门 客户服务部")
    before = places(page)[2]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert places(page)[2] == (before[0] + 1, before[1] + 1)
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.type("门")
    page.keyboard.press("Escape")  # leaves the text as it was
    assert boxes(page)[2] == ("department", "客户服务部")
    # Connect 3 to 2: C, to the other box, Enter.
    page.keyboard.press("c")
    expect(page.get_by_role("status").filter(has_text="从框 3 连线")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(box(page, 2)).to_be_focused()
    page.keyboard.press("Enter")
    assert edges(page) == [(1, 2, ""), (1, 3, ""), (3, 2, "")]
    expect(page.locator("[data-edge='2']")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("协作")
    page.keyboard.press("Enter")
    assert edges(page)[2] == (3, 2, "协作")
    page.keyboard.press("Delete")
    assert edges(page) == [(1, 2, ""), (1, 3, "")]
    expect(box(page, 3)).to_be_focused()
    page.keyboard.press("Delete")
    assert boxes(page) == [("post", "总经理"), ("department", "市场部")]
    page.keyboard.press("Control+z")
    assert len(boxes(page)) == 3
    page.keyboard.press("Control+y")
    assert len(boxes(page)) == 2
    page.locator("[data-box]").first.focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="部门", exact=True)).to_be_focused()


def test_outline_and_drawing_follow_each_other(opens: Opens) -> None:
    page = opens(answer=FLOW)
    expect(page.locator(".box")).to_have_count(7)
    expect(outline(page)).to_have_value(FLOW)
    outline(page).fill("1 开始 → 2\n2 步骤：甲 → 3")
    expect(page.locator(".errorlist")).to_have_text("第 2 行：没有编号 3 的框。")
    expect(page.locator(".box")).to_have_count(2)
    assert answer(page) == {"outline": "1 开始 → 2\n2 步骤：甲 → 3"}  # kept as it was typed
    outline(page).fill("1 开始 -> 2\n2 步骤:甲")
    expect(page.locator(".errorlist")).to_be_empty()
    assert (boxes(page), edges(page)) == ([("terminal", "开始"), ("step", "甲")], [(1, 2, "")])
    outline(page).blur()
    expect(outline(page)).to_have_value("1 开始 → 2\n2 步骤：甲")
    page.get_by_role("button", name="撤销").click()
    expect(outline(page)).to_have_value(FLOW)


def test_drawing_is_tidied(opens: Opens) -> None:
    page = opens(answer="1 开始 @0,0 → 2\n2 步骤：甲 @7,5 → 3\n3 结束 @3,2")
    page.get_by_role("button", name="自动排列").click()
    assert places(page) == [(0, 0), (0, 1), (0, 2)]
    expect(page.get_by_role("button", name="自动排列")).to_be_disabled()
    page.get_by_role("button", name="撤销").click()
    assert places(page) == [(0, 0), (7, 5), (3, 2)]


def test_each_change_fires_input_and_answers_set_from_outside_are_shown(opens: Opens) -> None:
    page = opens(answer=FLOW)
    page.evaluate(
        """() => {
          window.fired = [];
          document.addEventListener("input", ({ target }) => target.name && window.fired.push(target.name));
        }"""
    )
    box(page, 2).focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.fired") == ["answer"]
    page.evaluate(
        """(value) => {
          const field = document.querySelector("textarea[name=answer]");
          field.value = value;
          field.dispatchEvent(new CustomEvent("answer:set", { bubbles: true }));
        }""",
        to_json(to_data(read_outline(FLOW_CHART, "1 开始 → 2\n2 结束").graph)),
    )
    expect(outline(page)).to_have_value("1 开始 → 2\n2 结束")
    expect(page.locator(".box")).to_have_count(2)
    assert page.evaluate("window.fired") == ["answer"]


def test_locked_field_stops_the_editor(opens: Opens) -> None:
    page = opens(answer=FLOW)
    page.evaluate("for (const one of document.getElementById('answer_form').elements) one.disabled = true")
    before = answer(page)
    box(page, 2).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    x, y = middle(box(page, 2))
    drag(page, (x, y), (x + 200, y))
    assert answer(page) == before


def test_fingers_draw_on_a_phone(opens: Opens) -> None:
    page = opens(size=PHONE, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for kind, label in (("开始/结束", "开始"), ("步骤", "受理")):
        page.get_by_role("button", name=kind, exact=True).tap()
        page.keyboard.type(label)
        page.keyboard.press("Enter")
    box(page, 1).tap()
    page.get_by_role("button", name="连线", exact=True).tap()
    box(page, 2).tap()
    assert edges(page) == [(1, 2, "")]
    box(page, 2).tap()
    box(page, 2).tap()  # a chosen box is written in
    page.locator(".drawing-input").fill("受理投诉")
    page.keyboard.press("Enter")
    assert boxes(page)[1] == ("step", "受理投诉")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("getComputedStyle(document.querySelector('.box')).touchAction") == "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("code", ["flow_chart", "organisation_chart"])
def test_editor_passes_axe(opens: Opens, code: str, scheme: str) -> None:
    page = opens(code, OUTLINES[code], color_scheme=scheme)
    box(page, 2).focus()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert [one["id"] for one in found.response["violations"]] == []


def test_field_is_a_plain_form_without_javascript(opens: Opens) -> None:
    page = opens(answer=FLOW, java_script_enabled=False)
    expect(outline(page)).to_have_value(FLOW)
    expect(outline(page)).to_have_attribute("name", "answer")
    expect(page.get_by_role("img", name=re.compile("7 个框，7 条连线"))).to_be_visible()
    expect(page.get_by_role("button", name="判断")).to_be_hidden()


def test_most_boxes_are_drawn_within_a_moment(opens: Opens) -> None:
    page = opens(answer=most_boxes())
    box(page, 1).focus()
    spent = page.evaluate(
        """() => {
          const start = performance.now();
          const press = new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true });
          document.activeElement.dispatchEvent(press);
          return performance.now() - start;
        }"""
    )
    assert spent < 1000
    expect(page.locator(".box")).to_have_count(60)


BOTH = """async (cases) => {
  const G = await import("/static/item_types/drawing/graph.js");
  const P = await import("/static/item_types/drawing/picture.js");
  return cases.map(([code, draft]) => {
    const chart = G.CHARTS[code];
    const graph = G.build(chart, draft);
    const outline = G.writeOutline(chart, graph);
    const again = G.readOutline(chart, outline);
    const picture = P.draw(chart, graph);
    return {
      json: G.toJson(graph), outline, again: G.toJson(again.graph), faults: again.faults,
      boxes: picture.boxes.map((box) => [P.shape(box), box.lines]),
      lines: picture.lines.map(({ points, lines, labelX, labelY }) => [
        P.connector(points), P.head(points), lines, labelX, labelY,
      ]),
      area: picture.area,
    };
  });
}"""


def test_browser_and_server_draw_the_same(opens: Opens) -> None:
    page = opens()
    cases, wanted = [], []
    for seed in range(120):
        chart = CHARTS[seed % 2]
        draft = some_draft(seed, chart)
        graph = build(chart, draft)
        picture = draw(chart, graph)
        nodes = [
            {"id": number, "kind": kind, "label": label, "x": place and place[0], "y": place and place[1]}
            for number, kind, label, place in draft.nodes
        ]
        lines = [{"from": source, "to": target, "label": label} for source, target, label in draft.edges]
        cases.append([chart.code, {"nodes": nodes, "edges": lines}])
        wanted.append(
            {
                "json": to_json(to_data(graph)),
                "outline": write_outline(chart, graph),
                "again": to_json(to_data(graph)),
                "faults": [],
                "boxes": [[shape(one), list(one.lines)] for one in picture.boxes],
                "lines": [
                    [connector(one.points), head(one.points), list(one.lines), one.label_x, one.label_y]
                    for one in picture.lines
                ],
                "area": list(picture.area),
            }
        )
    assert page.evaluate(BOTH, cases) == wanted


TEXTS = (
    "开始",
    "1",
    "1 开始 →",
    "1 开始 → 甲",
    "1 开始 → 2（是）3(否)、 4；5\n2 结束\n３. 步骤 甲\n4、判断\n5:文档:",
    "1 步骤：甲 → 1",
    "1 步骤：甲 → 2、2\n2 步骤：乙",
    "1 步骤：甲\n1 步骤：乙",
    "1 处理：甲\\→乙 @121,3 → 2（a\\）b）\n2 步骤： @１２，３",
    f"1 步骤：{'长' * 41}\n2 步骤：甲 → 1（{'长' * 41}）",
    "1 部门 总部 → 2\n2 岗位 秘书",
    "0 a => 7\n7 b —> 0\n\n8 c －> 7 → 0",
    "1 x\ufeffy",
    "1 步骤：甲 → 2（是",
    "\n".join(f"{number} 步骤：甲" for number in range(65)),
)


@pytest.mark.parametrize("chart", [FLOW_CHART, ORGANISATION_CHART], ids=lambda chart: str(chart.code))
def test_browser_and_server_read_the_same(opens: Opens, chart: Any) -> None:
    page = opens()
    found = page.evaluate(
        """async ([code, texts]) => {
          const G = await import("/static/item_types/drawing/graph.js");
          return texts.map((text) => {
            const { graph, faults } = G.readOutline(G.CHARTS[code], text);
            const said = faults.map(({ line, code, facts }) => [line, code, facts]);
            return { json: JSON.stringify(graph), faults: said };
          });
        }""",
        [chart.code, TEXTS],
    )
    wanted = []
    for text in TEXTS:
        read_one = read_outline(chart, text)
        faults = [[fault.line, fault.code, dict(fault.facts)] for fault in read_one.faults]
        wanted.append({"json": to_json(to_data(read_one.graph)), "faults": faults})
    assert found == wanted
