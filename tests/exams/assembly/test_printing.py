"""Papers as PDFs: what stands where, what must not, and who may print."""

import hashlib
import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.utils.translation import override
from PIL import Image
from weasyprint.urls import FatalURLFetchingError

from exams.assembly.actions import assemble, freeze_paper
from exams.assembly.errors import Unprintable
from exams.assembly.models import Blueprint, Paper, PaperEvent
from exams.assembly.printing.formulas import without_mathml
from exams.assembly.printing.keys import key_words
from exams.assembly.printing.layout import columns_of, sections_of
from exams.assembly.printing.pdf import for_paper, to_pdf
from exams.assembly.printing.pieces import find_piece, pieces_of, print_piece
from exams.assembly.printing.preparation import needs_of
from exams.assembly.printing.spaces import bubbles_of, space_of
from exams.assembly.queries import placed_items
from exams.assembly.solutions import PlacedItem
from exams.bank.models import ItemPicture
from exams.bank.text import plain, render
from exams.bank.types.skill import scaled_levels
from tests.exams.assembly.conftest import AT
from tests.factories.assembly import PaperFactory, PaperItemFactory, PaperReaderFactory
from tests.factories.bank import ItemFactory
from tests.factories.people import PersonFactory, item_manager
from tests.factories.standard import RuleFactory
from tests.factories.types import content_of, paper_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
AUTO = ("fill_in", "calculation", "ordering", "matching", "case_choice")


@pytest.fixture
def rules(request: pytest.FixtureRequest) -> None:
    """The rules that printing reads; the real bank brings its own."""
    if "shipped" not in request.fixturenames:
        RuleFactory(code="marking.multiple_half_credit", value=False)
        RuleFactory(code="marking.double_threshold", value=0.2)
        for code, value in (
            ("least_invigilators", 2),
            ("candidates_per_invigilator", 20),
            ("least_assessors", 3),
        ):
            RuleFactory(code=f"site.{code}", value=value)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """Return the words of a file without blanks and page numbers."""
    path = tmp_path / "one.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True)
    return squeezed(done.stdout)


def printed(paper: Paper, code: str, tmp_path: Path) -> str:
    piece = find_piece(paper, code)
    assert piece is not None
    return text_of(print_piece(paper, piece), tmp_path)


def assert_in_order(words: list[str], text: str) -> None:
    at = 0
    for word in words:
        found = text.find(squeezed(word), at)
        assert found >= 0, word
        at = found


def logged_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def shown_key(one: PlacedItem) -> str:
    """Return an item's key as the paper shows it, worked out from the order of its options alone."""
    if one.version.type == "true_false":
        return "√" if one.version.key == "T" else "×"
    places = [one.option_order.index(ord(letter) - ord("A")) for letter in one.version.key]
    return "".join("ABCDE"[place] for place in sorted(places))


# --- The whole bank


@pytest.fixture
def shipped(request: pytest.FixtureRequest) -> Paper:
    """A practice paper of the repository's bank, of the blueprint that the test names."""
    request.getfixturevalue("real_bank")
    blueprint = Blueprint.objects.get(code=request.param)
    return freeze_paper(solution=assemble(blueprint=blueprint, seed=1), by=None, at=AT)


@pytest.mark.parametrize("shipped", ["l3-theory-practice"], indirect=True)
def test_a_theory_paper_has_every_item_in_its_order_and_keys_only_in_its_key(
    shipped: Paper, tmp_path: Path
) -> None:
    items = placed_items(shipped)
    texts = {one.code: printed(shipped, one.code, tmp_path) for one in pieces_of(shipped)}
    stems = [plain(one.version.stem) for one in items]
    for code in ("booklet", "booklet-inline", "key-explained"):
        assert_in_order(stems, texts[code])
    with_options = [one for one in items if one.version.options]
    options = [plain(one.version.options[index]) for one in with_options for index in one.option_order]
    assert_in_order(options, texts["booklet"])
    for one in items:
        why = squeezed(plain(one.version.explanation))
        assert (why in texts["key-explained"], why in texts["booklet"], why in texts["sheet"]) == (
            True,
            False,
            False,
        )
    assert "一、单项选择题（第1～60题，每题1分，共60分）" in texts["booklet"]
    expected = [shown_key(one) for one in items]
    printed_keys = "".join(re.findall(r"答案([A-E√×]+)", texts["key"]))
    assert printed_keys == "".join(expected)
    sheet = find_piece(shipped, "sheet")
    assert sheet is not None
    with pikepdf.open(io.BytesIO(print_piece(shipped, sheet))) as pdf:
        assert len(pdf.pages) == 1


@pytest.mark.parametrize("shipped", ["l3-skill-practice"], indirect=True)
def test_a_skill_paper_tells_candidates_no_answers_and_markers_this_papers_points(
    shipped: Paper, tmp_path: Path
) -> None:
    texts = {one.code: printed(shipped, one.code, tmp_path) for one in pieces_of(shipped)}
    assert set(texts) == {"booklet", "booklet-inline", "sheet", "key", "notice", "record"}
    for one in placed_items(shipped):
        content = one.version.content
        stem = squeezed(plain(content.stem))[:40]
        assert all(stem in texts[code] for code in ("booklet", "booklet-inline", "key"))
        assert stem not in texts["notice"] + texts["sheet"]
        secrets = [*content.data.get("common_errors", ()), *content.data.get("prompts", ())]
        if isinstance(answer := content.data.get("model_answer"), str):
            secrets.append(plain(answer)[:30])
        for criterion, points in zip(content.criteria, one.criterion_points, strict=True):
            secrets += [criterion.text, *(level.text for level in scaled_levels(criterion, points))]
        for secret in (squeezed(plain(text)) for text in secrets):
            assert secret in texts["key"]
            if len(secret) < 12:  # 两点 may stand anywhere
                continue
            assert all(secret not in texts[code] for code in ("booklet", "booklet-inline", "sheet", "notice"))
    totals = [f"合计{one.points}" for one in placed_items(shipped)]
    assert_in_order(totals, texts["key"])
    assert sum(question.points for one in sections_of(shipped) for question in one.questions) == 100


# --- Every type


def test_keys_are_the_letters_that_this_paper_shows() -> None:
    paper = PaperFactory(pool="practice", reverse_options=True)
    words = [key_words(one.version.content, one.option_order) for one in placed_items(paper)]
    assert words == ["C", "C", "C", "√", "BCE"]


def test_types_that_mark_themselves_have_room_and_a_key_in_words(tmp_path: Path) -> None:
    paper = paper_of(*AUTO)
    sections = sections_of(paper)
    questions = [one for section in sections for one in section.questions]
    assert [space_of(one).form for one in questions] == ["blanks", "number", "ranks", "pairs", "parts"]
    assert all(bubbles_of(one) == [] for one in sections)
    words = [key_words(one.content, one.placed.option_order) for one in questions]
    assert all(words)
    texts = {code: printed(paper, code, tmp_path) for code in ("booklet", "sheet", "key", "key-explained")}
    for word in map(squeezed, words):
        assert word in texts["key"]
        assert word in texts["key-explained"]
    assert "机密" not in texts["booklet"] + texts["sheet"] + texts["key"]
    assert "机密" in texts["key-explained"]


@pytest.mark.parametrize(
    ("longest", "columns"), [("四个字的", 4), ("一个有十五个字的选项放不进四栏", 2), ("长" * 30, 1)]
)
def test_options_stand_in_as_many_columns_as_fit(longest: str, columns: int) -> None:
    options = [{"text": "短"}, {"text": longest}, {"text": "短"}, {"text": "短"}]
    assert columns_of({"options": options}) == columns


def test_items_without_options_have_no_columns() -> None:
    assert columns_of({}) == 0


def test_needs_follow_the_types_of_tasks() -> None:
    drawn = {str(one.name) for one in needs_of({"flow_chart"}, "material")}
    spoken = {str(one.name) for one in needs_of({"oral"}, "place")}
    assert "画图用纸" in drawn
    assert {"口试考场", "候考室"} <= spoken
    assert "笔试考场" not in spoken
    assert all(one.source == "practice" for one in needs_of({"oral", "essay"}, "equipment"))


# --- The file


def test_the_file_is_a4_tagged_chinese_with_its_fonts() -> None:
    paper = PaperFactory(pool="practice")
    for piece in pieces_of(paper):
        with pikepdf.open(io.BytesIO(print_piece(paper, piece))) as pdf:
            assert str(pdf.Root.Lang) == "zh-Hans"
            assert bool(pdf.Root.MarkInfo.Marked)
            assert str(pdf.docinfo["/Title"]).endswith(f"{piece.label} {paper.code}")
            for page in pdf.pages:
                assert [round(float(side)) for side in page.MediaBox] == [0, 0, 595, 842]
                for font in page.Resources.Font.values():
                    descriptor = font.DescendantFonts[0].FontDescriptor
                    assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_same_paper_gives_the_same_bytes() -> None:
    paper = PaperFactory(pool="practice")
    piece = pieces_of(paper)[0]
    assert print_piece(paper, piece) == print_piece(paper, piece)


def test_the_footer_names_paper_form_digest_and_pages(tmp_path: Path) -> None:
    paper = PaperFactory(pool="practice", form="B", sha256="0123456789abcdef" * 4, has_sample_items=True)
    text = printed(paper, "booklet", tmp_path)
    assert squeezed(f"{paper.code}B卷摘要0123456789ab") in text
    assert "第1页共1页" in text
    assert "模拟试卷·样题" in text


@pytest.mark.parametrize(
    ("state", "has_sample", "shown"),
    [("draft", True, True), ("sealed", False, False)],
    ids=["draft", "sealed"],
)
def test_a_draft_says_that_nobody_approved_it(
    state: str, has_sample: bool, shown: bool, tmp_path: Path
) -> None:
    paper = PaperFactory(state=state, has_sample_items=has_sample)
    text = printed(paper, "booklet", tmp_path)
    assert ("未批准" in text, "样题" in text) == (shown, has_sample)


def test_papers_are_chinese_whatever_the_reader_reads(tmp_path: Path) -> None:
    paper = PaperFactory(pool="practice")
    with override("en"):
        assert "注意事项" in printed(paper, "booklet", tmp_path)


# --- Formulas, pictures, characters


@pytest.mark.parametrize(
    ("formula", "html"),
    [
        (r"\frac{a}{2}", '<span class="frac"><span><i>a</i></span><span>2</span></span>'),
        (r"x^{2}", "<i>x</i><sup>2</sup>"),
        (r"\bar{x}", '<span class="bar"><i>x</i></span>'),
        (r"\sqrt{2}", '<span class="sign">√</span><span class="under">2</span>'),
        (r"a \le b", '<i>a</i><span class="op">≤</span><i>b</i>'),
        (r"1 < 2", '1<span class="op">&lt;</span>2'),
        (r"x_{1}^{2}", '<i>x</i><span class="both"><span>2</span><span>1</span></span>'),
        (r"\sum_{i=1}^{n}", '<span class="small"><i>n</i></span><span>∑</span>'),
        (r"\text{接通率}", "接通率"),
    ],
)
def test_formulas_become_spans(formula: str, html: str) -> None:
    found = without_mathml(str(render(f"按 ${formula}$ 计算")))
    assert html in found
    assert "<math" not in found


def test_a_tall_root_has_a_sign_as_high_as_its_content() -> None:
    found = without_mathml(str(render(r"$\sqrt[3]{\frac{1}{2}}$")))
    assert 'class="root tall"><sup>3</sup><svg class="radical"' in found


def test_pictures_come_from_the_bank_and_nothing_from_elsewhere(tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 40)).save(data, "PNG")
    digest = hashlib.sha256(data.getvalue()).hexdigest()
    ItemPicture.objects.create(
        sha256=digest, mime="image/png", data=data.getvalue(), width=40, height=30, created_at=AT
    )
    paper = PaperFactory(pool="practice", items=None)
    version = ItemFactory(pool="practice", stem=f"看图 ![红色](pic:{digest}) 作答（　）。").current
    PaperItemFactory(paper=paper, version=version, option_order=[0, 1, 2, 3])
    piece = pieces_of(paper)[0]
    with pikepdf.open(io.BytesIO(print_piece(paper, piece))) as pdf:
        assert len(pdf.pages[0].get_images()) == 1
    for address in ("http://example.com/a.png", "file:///etc/hostname", f"picture:{'0' * 64}"):
        with pytest.raises(FatalURLFetchingError):
            to_pdf(f'<html lang="zh-Hans"><img src="{address}"></html>')


def test_a_character_without_a_glyph_stops_the_print() -> None:
    with pytest.raises(Unprintable, match=r"U\+F0000"):
        to_pdf('<html lang="zh-Hans"><p>客户\U000f0000</p></html>')


def test_invisible_characters_of_pasted_text_do_not_stop_the_print() -> None:
    page = '<html lang="zh-Hans"><p>客\u200b户\u200d服\u2060务\ufeff</p></html>'
    assert "客户服务" in for_paper(page)
    assert to_pdf(page).startswith(b"%PDF")


def test_nothing_of_the_screen_is_loaded() -> None:
    assert for_paper('<link rel="stylesheet" href="/static/a.css"><p>文</p><script>1</script>') == "<p>文</p>"


def test_skill_types_print_from_their_examples(tmp_path: Path) -> None:
    codes = ("essay", "flow_chart", "oral", "case", "worked_calculation")
    paper = paper_of(*codes)
    paper.part = "skill"
    paper.save(update_fields=["part"])
    for piece in pieces_of(paper):
        assert len(print_piece(paper, piece)) > 10_000
    forms = [space_of(one).form for section in sections_of(paper) for one in section.questions]
    assert forms == ["lines", "frame", "spoken", "parts", "lines"]
    role = squeezed(plain(content_of("oral").data["role"]))[:20]
    assert role in printed(paper, "record", tmp_path)
    assert role not in printed(paper, "booklet", tmp_path)


# --- Who prints


def test_practice_papers_are_printed_by_staff_without_a_record() -> None:
    paper = PaperFactory(pool="practice")
    answer = logged_in(item_manager()).get(f"/papers/{paper.code}/print/booklet.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{paper.code}-booklet.pdf"'
    assert answer["Cache-Control"].find("no-store") >= 0
    assert not PaperEvent.objects.filter(paper=paper, kind="printed").exists()


def test_strangers_and_unnamed_managers_print_nothing() -> None:
    paper = PaperFactory(pool="live")
    path = f"/papers/{paper.code}/print/key.pdf"
    assert logged_in(PersonFactory()).get(path).status_code == 403
    assert logged_in(item_manager()).get(path).status_code == 403
    assert logged_in(item_manager()).post(path, {"reason": "好奇"}).status_code == 403
    assert Client().get(path).status_code == 302
    assert not PaperEvent.objects.filter(paper=paper, kind="printed").exists()


def test_a_sealed_live_paper_is_printed_with_a_reason_that_is_kept() -> None:
    paper, manager = PaperFactory(pool="live"), item_manager()
    PaperReaderFactory(paper=paper, person=manager)
    client, path = logged_in(manager), f"/papers/{paper.code}/print/booklet.pdf"
    asked = client.get(path)
    assert asked.status_code == 200
    assert "打印原因" in asked.content.decode()
    assert client.post(path, {"reason": ""}).status_code == 422
    assert not PaperEvent.objects.filter(paper=paper, kind="printed").exists()
    done = client.post(path, {"reason": "印制考场试卷"})
    assert done.content[:5] == b"%PDF-"
    event = PaperEvent.objects.get(paper=paper, kind="printed")
    assert (event.by, event.detail) == (manager, {"reason": "印制考场试卷", "piece": "booklet"})
    assert "题本 · 印制考场试卷" in client.get(f"/papers/{paper.code}/").content.decode()


def test_a_draft_is_printed_without_a_reason_and_kept() -> None:
    paper, manager = PaperFactory(pool="live", state="draft"), item_manager()
    PaperReaderFactory(paper=paper, person=manager)
    assert logged_in(manager).get(f"/papers/{paper.code}/print/key.pdf").content[:5] == b"%PDF-"
    assert PaperEvent.objects.get(paper=paper, kind="printed").detail == {"piece": "key"}


@pytest.mark.parametrize("piece", ["notice", "nothing"])
def test_a_piece_that_the_paper_does_not_have_is_not_found(piece: str) -> None:
    paper = PaperFactory(pool="practice")
    assert logged_in(item_manager()).get(f"/papers/{paper.code}/print/{piece}.pdf").status_code == 404


def test_the_paper_page_lists_its_pieces_to_those_who_may_print() -> None:
    paper, manager = PaperFactory(pool="live"), item_manager()
    path = f"/papers/{paper.code}/"
    assert "booklet.pdf" not in logged_in(manager).get(path).content.decode()
    PaperReaderFactory(paper=paper, person=manager)
    page = logged_in(manager).get(path).content.decode()
    assert [code for code in ("booklet", "sheet", "key", "record") if f"print/{code}.pdf" in page] == [
        "booklet",
        "sheet",
        "key",
    ]
