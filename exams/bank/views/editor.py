"""Writing an item: the editor, its preview, the key check, pictures."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.htmx import render_page
from exams.bank import queries, screens
from exams.bank.access import bank_actor, item_for, picture_of
from exams.bank.actions.editing import draft_item, revise_item, suggested_code
from exams.bank.actions.pictures import keep_picture
from exams.bank.actions.reviewing import submit_item
from exams.bank.differences import changes
from exams.bank.errors import ContentRefused, ItemChanged, PictureRefused
from exams.bank.forms import Draft, ItemForm, NewItemForm, PictureForm, field_words
from exams.bank.lifecycle import Actor, check_edit
from exams.bank.models import Item
from exams.bank.types import get_kind, kinds
from syllabus.standard.queries import current_level


@require_http_methods(["GET", "POST"])
def new_item(request: HttpRequest) -> HttpResponse:
    """Choose what to write (type, level, pool), then write it; a hole in the coverage comes filled in."""
    actor = bank_actor(request, writes=True)
    form = NewItemForm(request.GET or {"type": "single", "level": "3", "pool": "live"})
    if not request.GET or not form.is_valid():
        return render_page(request, "exams/bank/new.html", {"form": form})
    data = form.cleaned_data
    draft = Draft(get_kind(data["type"]), form.chosen_level, data["pool"], knowledge=data["knowledge"])
    return _editor(request, draft, actor)


@require_http_methods(["GET", "POST"])
def edit_item(request: HttpRequest, code: str) -> HttpResponse:
    """Write the next version of an item."""
    actor = bank_actor(request, writes=True)
    item, standing = item_for(actor, code)
    check_edit(standing, actor)
    version = item.current
    assert version is not None, "item_for returns items with a version only"
    draft = Draft(get_kind(version.type), current_level(version.level.number), item.pool, item)
    return _editor(request, draft, actor)


def _editor(request: HttpRequest, draft: Draft, actor: Actor) -> HttpResponse:
    if request.method == "GET":
        record = draft.stored()
        content = draft.content(record)
        draft.found = []  # what is not begun is not wrong yet
        return _page(request, draft, record, screens.editor(draft.kind, content, draft.problems))
    record = draft.sent(request.POST)
    source = draft.read(record)
    fields = screens.editor(draft.kind, source.content, draft.problems)
    if request.POST.get("go") == "preview":
        preview = _preview(draft, record, actor)
        return _page(request, draft, record, fields, extra=preview, fragment="exams/bank/_preview.html")
    try:
        item = _save(request, draft, record)
    except ContentRefused as refused:
        draft.found = list(refused.problems)
        fields = screens.editor(draft.kind, source.content, draft.problems)
        return _page(request, draft, record, fields, status=422)
    except ItemChanged as changed:
        return _both(request, draft, record, fields, changed)
    return _saved(request, draft, item, actor)


def _save(request: HttpRequest, draft: Draft, record: dict[str, Any]) -> Item:
    who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if draft.item is None:
        item = draft_item(record=record, level=draft.level, pool=draft.pool, **who)
    else:
        seen = request.POST.get("seen", "")
        number = int(seen) if seen.isdecimal() else 0
        revise_item(item=draft.item, record=record, level=draft.level, seen=number, **who)
        item = draft.item
    if request.POST.get("go") == "submit":
        submit_item(item=item, **who)
    return item


def _saved(request: HttpRequest, draft: Draft, item: Item, actor: Actor) -> HttpResponse:
    fresh = queries.item(item.code)
    stem = fresh.current.stem if fresh and fresh.current else ""
    for near in queries.near_items(stem, viewer=actor, besides=item.pk, most=1):
        words = {"code": near.item.code, "percent": near.percent}
        messages.warning(request, _("题干与 %(code)s 相似度 %(percent)d%%，请确认不是重复的题。") % words)
    words = {"code": item.code}
    if request.POST.get("go") == "submit":
        messages.success(request, _("%(code)s 已保存并提交审题。") % words)
    elif draft.item is None:
        messages.success(request, _("%(code)s 已存为草稿。") % words)
    else:
        messages.success(request, _("%(code)s 已保存。") % words)
    return redirect("item", item.code)


def _both(
    request: HttpRequest, draft: Draft, record: dict[str, Any], fields: str, changed: ItemChanged
) -> HttpResponse:
    """Show what is there now beside what was written; saving again then means it."""
    assert draft.item is not None, "only an item that is there can have changed"
    theirs = queries.version_of(draft.item, changed.number)
    assert theirs is not None, "the newest version is there"
    stored = {"type": draft.kind.code, **queries.record_of_version(theirs)}
    extra = {
        "changed": changed,
        "theirs": theirs,
        "differences": [(field_words(one.key), one.pieces) for one in changes(stored, record)],
        "seen": changed.number,
    }
    draft.found = []
    return _page(request, draft, record, fields, extra=extra, status=409)


def _preview(draft: Draft, record: dict[str, Any], actor: Actor) -> dict[str, Any]:
    source = draft.read(record)
    besides = draft.item.pk if draft.item else None
    facts: dict[str, Any] = {
        "faults": [(field_words(key) if key else "", texts) for key, texts in draft.problems.items()],
        "near": queries.near_items(source.stem, viewer=actor, besides=besides),
        "stem": source.stem,
        "explanation": source.content.explanation,
        "question": "",
        "review": "",
        "record": json.dumps(record, ensure_ascii=False),
    }
    if not draft.found:
        facts |= {"question": screens.question(source.content), "review": screens.review(source.content)}
    return {"preview": facts}


@require_POST
def check_item(request: HttpRequest) -> HttpResponse:
    """Tell the writer whether what he answered in the preview is the key."""
    bank_actor(request)
    try:
        record = json.loads(request.POST.get("record", ""))
        draft = Draft(
            kinds()[record["type"]], current_level(int(request.POST["level"])), request.POST["pool"]
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return HttpResponseBadRequest()
    source = draft.read(record)
    if any(problem.key != "code" for problem in draft.found):
        return HttpResponseBadRequest()
    fields = {name: request.POST.getlist(name) for name in request.POST}
    check = screens.check_key(source.content, fields)
    context = {
        "check": check,
        "stem": source.stem,
        "explanation": source.content.explanation,
        "review": screens.review(source.content, check.answer),
    }
    return render_page(request, "exams/bank/check.html", context, fragment="exams/bank/_check.html")


def _page(
    request: HttpRequest,
    draft: Draft,
    record: dict[str, Any],
    fields: str,
    *,
    extra: dict[str, Any] | None = None,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    extra = {"preview": None, "changed": None, **(extra or {})}
    number = draft.item.current.number if draft.item and draft.item.current else 0
    seen = extra.pop("seen", request.POST.get("seen") or number)
    form = ItemForm(data={**record, "seen": seen}, draft=draft)
    form.show(draft.problems)
    others = [(field_words(key), texts) for key, texts in draft.problems.items() if key not in form.fields]
    code = "" if draft.item else suggested_code(record, level=draft.level, pool=draft.pool)
    context = {
        "draft": draft,
        "form": form,
        "fields": fields,
        "other_problems": others,
        "places": draft.places if draft.is_skill else [],
        "suggested": "" if "?" in code else code,
        "picture_form": PictureForm(),
    }
    return render_page(request, "exams/bank/edit.html", context | extra, fragment=fragment, status=status)


@require_http_methods(["GET", "POST"])
def pictures(request: HttpRequest) -> HttpResponse:
    """Take in a picture with its words, and give the text that shows it."""
    bank_actor(request, writes=True)
    form, kept = PictureForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["picture"].read()
            kept = keep_picture(data=data, by=request.user, at=timezone.now())
        except PictureRefused as refused:
            form.add_error("picture", refused.message)
    words = form.cleaned_data.get("words", "") if form.is_bound else ""
    context = {"picture_form": form, "kept": kept, "words": words}
    status = 422 if form.is_bound and kept is None else 200
    return render_page(
        request, "exams/bank/pictures.html", context, fragment="exams/bank/_pictures.html", status=status
    )


@require_GET
@cache_control(private=True, max_age=31_536_000, immutable=True)
def picture(_request: HttpRequest, sha256: str) -> HttpResponse:
    """A picture of an item; its address is its digest, so it never changes."""
    found = picture_of(sha256)
    return HttpResponse(bytes(found.data), content_type=found.mime)
