"""One item: what it says and said, what was done to it, and what may be done now."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from config.htmx import render_page
from exams.bank import queries, screens
from exams.bank.access import bank_actor, enemy_pair, item_for
from exams.bank.actions import editing, enemies, reviewing, states
from exams.bank.differences import FieldChange, changes
from exams.bank.errors import ItemRefused
from exams.bank.forms import field_words
from exams.bank.lifecycle import Actor, possible
from exams.bank.models import Item, ItemVersion
from exams.bank.queries.single import History

_QUEUES = ("mine", "free", "all")


@require_GET
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item as it stands, with its history and what the person may do with it."""
    actor = bank_actor(request)
    found, standing = item_for(actor, code)
    version = found.current
    assert version is not None, "item_for returns items with a version only"
    history = queries.history_of(found)
    can = possible(standing, actor)
    context = {
        "item": found,
        "version": version,
        "shown": screens.review(version.content),
        "history": history,
        "statistic": getattr(found.approved, "statistic", None),
        "can": can,
        "actor": actor,
        "standing": standing,
        "difference": _difference(request, found, history),
        "enemies": [
            (pair, pair.second if pair.first_id == found.pk else pair.first)
            for pair in queries.enemies_of(found)
        ],
        "near": queries.near_items(version.stem, viewer=actor, besides=found.pk),
        "reviewers": queries.reviewers() if "assign" in can else [],
        "criteria": version.criteria.select_related("requirement__work_content"),
    }
    return render_page(request, "exams/bank/item.html", context, fragment="exams/bank/_difference.html")


def _difference(request: HttpRequest, found: Item, history: History) -> dict[str, Any]:
    """Return how one version became another: as asked for, else from the approved one to the newest."""
    numbers = [one.number for one in history.versions]
    approved = next((one.number for one in history.versions if one.pk == found.approved_id), None)
    newest = numbers[0]
    earlier = approved if approved not in {None, newest} else max(newest - 1, 1)
    old, new = _number(request, "from", numbers, earlier), _number(request, "to", numbers, newest)
    versions: list[ItemVersion | None] = [queries.version_of(found, number) for number in (old, new)]
    records = [queries.record_of_version(one) if one else {} for one in versions]
    return {
        "old": old,
        "new": new,
        "numbers": numbers,
        "item": found,
        "fields": [_worded(change) for change in changes(*records)],
    }


def _worded(change: FieldChange) -> tuple[str, Any]:
    return field_words(change.key), change.pieces


def _number(request: HttpRequest, name: str, numbers: list[int], default: int | None) -> int:
    asked = request.GET.get(name, "")
    is_known = asked.isdecimal() and len(asked) < 6 and int(asked) in numbers
    return int(asked) if is_known else (default or numbers[0])


@require_POST
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Do to an item what its page offers; a refusal shows as such."""
    actor = bank_actor(request)
    found, _standing = item_for(actor, code)
    name = request.POST.get("act", "")
    if name not in _ACTS:
        return HttpResponseBadRequest()
    message = _ACTS[name](request, found, actor)
    messages.success(request, message)
    if request.POST.get("back") == "queue":
        return redirect("item_reviews")
    return redirect("item", code)


def _seen(request: HttpRequest) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() else None


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now()}


def _submit(request: HttpRequest, found: Item, _actor: Actor) -> str:
    reviewing.submit_item(item=found, **_who(request))
    return _("已提交审题。")


def _take(request: HttpRequest, found: Item, _actor: Actor) -> str:
    reviewing.take_review(item=found, by=request.user)
    return _("已领取，由您审题。")


def _assign(request: HttpRequest, found: Item, _actor: Actor) -> str:
    chosen = next((one for one in queries.reviewers() if str(one.pk) == request.POST.get("reviewer")), None)
    if chosen is None:
        raise ItemRefused(_("请选择审题员。"))
    reviewing.assign_review(item=found, reviewer=chosen, by=request.user)
    return _("已指派给%(name)s。") % {"name": chosen.name}


def _approve(request: HttpRequest, found: Item, _actor: Actor) -> str:
    reason = request.POST.get("reason", "")
    reviewing.approve_item(item=found, seen=_seen(request), reason=reason, **_who(request))
    return _("%(code)s 已审定。") % {"code": found.code}


def _return(request: HttpRequest, found: Item, _actor: Actor) -> str:
    reason = request.POST.get("reason", "")
    reviewing.return_item(item=found, seen=_seen(request), reason=reason, **_who(request))
    return _("%(code)s 已退回修改。") % {"code": found.code}


def _comment(request: HttpRequest, found: Item, _actor: Actor) -> str:
    editing.comment_on(item=found, text=request.POST.get("text", ""), **_who(request))
    return _("意见已记下。")


def _turn(action: Callable[..., Item], words: Promise) -> Callable[[HttpRequest, Item, Actor], str]:
    def turn(request: HttpRequest, found: Item, _actor: Actor) -> str:
        if action in {states.retire_item, states.move_to_practice} and "confirmed" not in request.POST:
            raise ItemRefused(_("这一步不能撤回，请先勾选确认。"))
        action(item=found, reason=request.POST.get("reason", ""), **_who(request))
        return str(words)

    return turn


def _enemy(request: HttpRequest, found: Item, actor: Actor) -> str:
    try:
        other, _standing = item_for(actor, request.POST.get("other", "").strip())
    except Http404:
        raise ItemRefused(_("没有这个编号的题目。")) from None
    enemies.make_enemies(one=found, other=other, reason=request.POST.get("reason", ""), **_who(request))
    return _("两题不再进入同一份试卷。")


def _friend(request: HttpRequest, found: Item, _actor: Actor) -> str:
    pk = request.POST.get("pair", "")
    enemies.make_friends(pair=enemy_pair(found, int(pk) if pk.isdecimal() else 0), **_who(request))
    return _("已取消互斥。")


_ACTS: dict[str, Callable[[HttpRequest, Item, Actor], str]] = {
    "submit": _submit,
    "take": _take,
    "assign": _assign,
    "approve": _approve,
    "return": _return,
    "comment": _comment,
    "suspend": _turn(states.suspend_item, gettext_lazy("题目已停用。")),
    "reinstate": _turn(states.reinstate_item, gettext_lazy("题目已恢复使用。")),
    "retire": _turn(states.retire_item, gettext_lazy("题目已退役。")),
    "move": _turn(states.move_to_practice, gettext_lazy("题目已转入练习库。")),
    "enemy": _enemy,
    "friend": _friend,
}


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for review: mine, what nobody has taken, and (for managers) everything."""
    actor = bank_actor(request, reviews=True)
    which = request.GET.get("which", "")
    allowed = _QUEUES if actor.manages else _QUEUES[:2]
    counts = {name: queries.open_reviews(actor, which=name).count() for name in allowed}
    if which not in allowed:
        which = "mine" if counts["mine"] else "free"
    labels = {"mine": _("我的"), "free": _("待领取"), "all": _("全部")}
    context = {
        "which": which,
        "tabs": [(name, labels[name], counts[name]) for name in allowed],
        "reviews": queries.open_reviews(actor, which=which),
    }
    return render_page(request, "exams/bank/reviews.html", context, fragment="exams/bank/_reviews.html")
