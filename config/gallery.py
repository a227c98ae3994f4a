"""The gallery at /ui/: every component once in each theme; for developers only, so not translated."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

FUNCTIONS = (
    ("客户服务概述", 20, "16.0"),
    ("客户服务部门", 15, "9.0"),
    ("产品与客户服务", 14, "12.0"),
    ("客户服务信息管理", 17, "8.0"),
    ("客户服务沟通", 14, "11.0"),
    ("客户问题与投诉", 15, "12.0"),
    ("相关基础知识", 5, "4.0"),
)
COLOURS = ("paper", "surface", "sunken", "ink", "ink-2", "ink-3", "line", "line-2", "accent", "accent-soft")
DATA_COLOURS = tuple(f"data-{number}" for number in range(1, 8))


class SampleForm(forms.Form):
    """Each kind of control once."""

    name = forms.CharField(label="姓名", max_length=60)
    document_number = forms.CharField(
        label="证件号码", help_text="只用于确认身份；加密保存，页面上只显示前六位和后两位。"
    )
    sex = forms.ChoiceField(
        label="性别", choices=[("F", "女"), ("M", "男")], widget=forms.RadioSelect({"class": "inline"})
    )
    level = forms.ChoiceField(label="级别", choices=[("3", "三级"), ("2", "二级"), ("1", "一级")])
    parts = forms.MultipleChoiceField(
        label="鉴定项目",
        choices=[("theory", "理论知识考试"), ("skill", "操作技能考核")],
        widget=forms.CheckboxSelectMultiple,
    )
    born_on = forms.DateField(label="出生日期", required=False, widget=forms.DateInput({"type": "date"}))
    photo = forms.FileField(label="照片", required=False, help_text="JPEG 或 PNG，不超过 5 MB。")
    reason = forms.CharField(label="说明", required=False, widget=forms.Textarea({"rows": 3}))
    consent = forms.BooleanField(label="我已阅读并同意个人信息告知书")


@login_not_required
def ui(request: HttpRequest) -> HttpResponse:
    """Show the gallery; 404 outside of development."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "ui/gallery.html", {"themes": [_theme("light"), _theme("dark")]})


def _theme(theme: str) -> dict[str, object]:
    prefix = f"{theme}-refused"
    given = {"name": "林晓", "document_number": "", "level": "3", "sex": "F", "born_on": "1999-13-01"}
    refused = SampleForm({f"{prefix}-{name}": value for name, value in given.items()}, prefix=prefix)
    return {
        "name": theme,
        "form": SampleForm(prefix=theme),
        "refused": refused,
        "functions": [{"label": name, "value": full, "text": f"{full} 分"} for name, full, _ in FUNCTIONS],
        "scores": [
            {
                "label": name,
                "value": score,
                "full": full,
                "text": f"{score} / {full}",
                "low": float(score) < full * 0.6,
            }
            for name, full, score in FUNCTIONS
        ],
        "page_obj": Paginator(range(231), 20).page(6),
        "colours": COLOURS + DATA_COLOURS,
        "questions": [
            {"number": number, "done": number < 12, "flag": number in {3, 9, 14}, "current": number == 12}
            for number in range(1, 61)
        ],
    }
