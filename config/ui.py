"""What every template shares: site facts, navigation, block tags, charts, static files."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import HttpRequest
from django.template import Context, Library
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

register = Library()


class StaticStorage(ManifestStaticFilesStorage):
    """Hashed names, imports of ES modules included."""

    support_js_module_import_aggregation = True


def site(_request: HttpRequest) -> dict[str, object]:
    """Context processor: facts that every page may show."""
    return {"demo_mode": settings.DEMO, "debug_mode": settings.DEBUG}


@register.simple_tag
def html_lang() -> str:
    """Return the active language as HTML wants it: `zh-Hans` or `en`."""
    return "en" if (get_language() or "").startswith("en") else "zh-Hans"


# --- Navigation ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place in the bar: its URL name and, for staff places, the permissions of which one is enough.

    `beside`: URL names of pages that belong to the place though their addresses do not begin with its own.
    """

    label: str | Promise
    url_name: str
    permissions: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A place as shown to one person on one page."""

    label: str
    href: str
    current: bool


NAV: tuple[NavItem, ...] = (
    NavItem(pgettext_lazy("nav", "首页"), "home"),
    NavItem(pgettext_lazy("nav", "标准"), "standard"),
    NavItem(pgettext_lazy("nav", "模拟考试"), "mocks"),
    NavItem(pgettext_lazy("nav", "成绩"), "my_results"),
    NavItem(pgettext_lazy("nav", "证书"), "my_certificates"),
)
STAFF_NAV: tuple[NavItem, ...] = (
    NavItem(
        pgettext_lazy("nav", "题库"),
        "items",
        ("exams.see_live_items", "exams.write_items", "exams.review_items"),
    ),
    NavItem(pgettext_lazy("nav", "审题"), "item_reviews", ("exams.review_items",)),
    NavItem(
        pgettext_lazy("nav", "试卷"),
        "papers",
        ("exams.assemble_papers", "exams.see_live_items"),
        beside=("blueprints",),
    ),
    NavItem(pgettext_lazy("nav", "准考"), "admissions", ("exams.admit_candidates",)),
    NavItem(pgettext_lazy("nav", "成绩公布"), "results", ("certs.publish_results",)),
    NavItem(pgettext_lazy("nav", "证书管理"), "certificates", ("certs.issue_certificates",)),
    NavItem(pgettext_lazy("nav", "人员"), "people", ("certs.see_people",)),
)


@register.simple_tag(takes_context=True)
def nav_entries(context: Context) -> list[list[NavEntry]]:
    """Return the groups of the bar, everybody's and staff's, as far as the person may see them."""
    request: HttpRequest | None = context.get("request")
    if request is None or not request.user.is_authenticated:
        return []
    seen = [
        [item for item in group if not item.permissions or any(map(request.user.has_perm, item.permissions))]
        for group in (NAV, STAFF_NAV)
    ]
    hrefs = {item.url_name: _address(item.url_name) for group in seen for item in group}
    places = [
        (_address(name), item.url_name)
        for group in seen
        for item in group
        for name in (item.url_name, *item.beside)
    ]
    here = _current(places, request.path)
    groups = [
        [
            NavEntry(str(item.label), href, item.url_name == here)
            for item in group
            if (href := hrefs[item.url_name])
        ]
        for group in seen
    ]
    return [group for group in groups if group]


def _address(url_name: str) -> str:
    # A deployment may leave a room out of ROOT_URLCONF; the bar then simply does not offer it.
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _current(places: Iterable[tuple[str, str]], path: str) -> str:
    """Return the URL name whose address is the longest beginning of `path`; the home page only for itself."""
    beginnings = [
        (len(href), name)
        for href, name in places
        if href and (path == href or (href != "/" and path.startswith(href)))
    ]
    return max(beginnings)[1] if beginnings else ""


# --- Block tags ---------------------------------------------------------------------------------------------


@register.simple_block_tag(end_name="endcard")
def card(content: SafeString, title: str = "", kind: str = "", mark: str = "", id: str = "") -> str:  # noqa: A002
    """A card: `title` is its h2, `kind` adds classes ("next"), `mark` is the clause beside the title."""
    facts = {"content": content, "title": title, "kind": kind, "mark": mark, "id": id}
    return render_to_string("components/card.html", facts)


@register.simple_block_tag(end_name="endempty")
def empty(content: SafeString, title: str = "") -> str:
    """An empty list: says in `title` that nothing is here, and in its content what to do next."""
    return render_to_string("components/empty.html", {"content": content, "title": title})


@register.simple_block_tag(end_name="endnotice")
def notice(content: SafeString, kind: str = "info", title: str = "") -> str:
    """A sentence the reader must not miss; `kind` is good, warn, bad, info or plain."""
    return render_to_string("components/notice.html", {"content": content, "kind": kind, "title": title})


# --- Small marks --------------------------------------------------------------------------------------------

PILL_KINDS = frozenset({"good", "warn", "bad", "info", "plain"})


@register.simple_tag
def pill(kind: str, text: object) -> SafeString:
    """A status with its word; `kind` is good, warn, bad, info or plain."""
    if kind not in PILL_KINDS:
        raise ValueError(f"A pill is one of {sorted(PILL_KINDS)}, not {kind!r}.")
    return format_html('<span class="pill {}">{}</span>', kind, text)


_SECTION = re.compile(r"^(?:Standard:\s*)?(§\d+(?:\.\d+)*)$")
_DECISION = re.compile(r"^(?:Decision:\s*)?(D\d+)$")


@register.filter
def clause_id(source: str) -> str:
    """Return the id that the rules page gives a source: `clause-1.7.4`, `clause-D3`, `clause-practice`."""
    if found := _SECTION.match(source) or _DECISION.match(source):
        return "clause-" + found[1].removeprefix("§")
    return "clause-practice"


@register.simple_tag
def clause(source: str) -> SafeString:
    """Where a rule comes from, linked to the rules page: `§1.7.4`, `D3`, `practice`; other text as it is."""
    if found := _SECTION.match(source):
        text = _("标准 %(clause)s") % {"clause": found[1]}
    elif found := _DECISION.match(source):
        text = _("本平台规定 %(decision)s") % {"decision": found[1]}
    elif source.lower().startswith("practice"):
        text = _("鉴定惯例")
    else:
        return format_html('<span class="clause">{}</span>', source)
    if not (rules := _address("rules")):
        return format_html('<span class="clause">{}</span>', text)
    return format_html('<a class="clause" href="{}#{}">{}</a>', rules, clause_id(source), text)


@register.filter
def points(value: Decimal | int | None) -> str:
    """Return a score with one decimal place, cut off and never rounded up; a dash where there is none.

    Decision: D7
    """
    if value is None:
        return "—"
    return str(Decimal(value).quantize(Decimal("0.1"), rounding=ROUND_DOWN))


# --- Larger components --------------------------------------------------------------------------------------


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page_obj: Page[Any], name: str = "page") -> dict[str, object]:
    """Links to the other pages of a list; every other part of the query string stays."""
    query = context["request"].GET.copy()

    def link(number: int) -> str:
        query[name] = str(number)
        return f"?{query.urlencode()}"

    numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=2, on_ends=1)
    return {
        "page_obj": page_obj,
        "total": page_obj.paginator.count,
        "links": [
            {"number": number, "href": link(number) if isinstance(number, int) else ""} for number in numbers
        ],
        "previous": link(page_obj.previous_page_number()) if page_obj.has_previous() else "",
        "next": link(page_obj.next_page_number()) if page_obj.has_next() else "",
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """What is wrong with a form, each sentence linked to its field; `{{ form }}` brings it already."""
    return {"form": form}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar as drawn: widths in percent of the chart's width."""

    label: str
    text: str
    fill: str
    track: str
    low: bool


@register.inclusion_tag("components/weights_chart.html")
def weights_chart(rows: Iterable[Mapping[str, Any]], label: str = "") -> dict[str, object]:
    """Horizontal bars: a row has `label` and `value`, and may have `full` (the track), `text` and `low`.

    The longest track spans the chart. Labels and figures are text beside the bars, so the picture is its own
    text equivalent and nothing in it shrinks on a phone. `low` draws the bar in the second data colour.
    """
    given = list(rows)
    return {"label": label, "bars": _bars(given)}


def _bars(rows: Sequence[Mapping[str, Any]]) -> list[Bar]:
    def full(row: Mapping[str, Any]) -> Decimal:
        return Decimal(row.get("full") or row.get("weight") or row["value"])

    longest = max((max(full(row), Decimal(row["value"])) for row in rows), default=Decimal(0)) or Decimal(1)
    return [
        Bar(
            label=str(row["label"]),
            text=str(row.get("text") or row["value"]),
            fill=_percent(Decimal(row["value"]), longest),
            track=_percent(full(row), longest),
            low=bool(row.get("low")),
        )
        for row in rows
    ]


@register.inclusion_tag("components/progress.html")
def progress(value: Decimal | int, full: Decimal | int, label: str) -> dict[str, object]:
    """A thin bar of `value` out of `full`; `label` says the same in words."""
    return {"width": _percent(Decimal(value), Decimal(full) or Decimal(1)), "label": label}


def _percent(value: Decimal, of: Decimal) -> str:
    share = min(max(value / of, Decimal(0)), Decimal(1))
    return f"{(share * 100).quantize(Decimal('0.01'))}%"
