"""What the drawing's reader and editor say; the editor in the browser gets the same words.

`%(name)s` stands for a fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

FAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "unreadable": _("不是图。"),
        "characters": _("文字含有不能用的字符。"),
        "long": _("文字有 %(count)s 个字，最多 %(most)s 个。"),
        "nodes": _("最多 %(most)s 个框。"),
        "edges": _("最多 %(most)s 条连线。"),
        "repeated": _("编号 %(number)s 重复。"),
        "kind": _("有不认识的框。"),
        "dangling": _("没有编号 %(number)s 的框。"),
        "itself": _("框 %(number)s 不能连到自己。"),
        "twice": _("%(source)s → %(target)s 重复。"),
        "far": _("框与框相距太远。"),
        "numbered": _("每行以编号开头，如“2 步骤：核对身份 → 3”。"),
        "targets": _("箭头后面要写编号，如“→ 3（是）、4（否）”。"),
        "place": _("位置最大为 %(x)s,%(y)s。"),
        "picture": _("图：%(boxes)s 个框，%(edges)s 条连线"),
        "line": _("第 %(line)s 行：%(message)s"),
    }
)

SAID: Mapping[str, Any] = MappingProxyType(
    {
        "box": _("%(number)s %(kind)s %(label)s"),
        "blank": _("（无文字）"),
        "leads": _("，连到 %(targets)s"),
        "edge": _("连线 %(source)s → %(target)s %(label)s"),
        "added": _("已添加框 %(number)s"),
        "removed": _("已删除"),
        "moved": _("框 %(number)s 移到第 %(row)s 行"),
        "connected": _("已连接 %(source)s → %(target)s"),
        "connect": _("从框 %(number)s 连线：选择另一个框，按 Enter 或点按；按 Esc 取消"),
        "choose": _("先选一个框，再点“连线”"),
        "cancelled": _("已取消"),
        "undone": _("已撤销"),
        "redone": _("已恢复"),
        "tidied": _("已整理"),
        "edit_box": _("框里的文字"),
        "edit_edge": _("连线上的文字"),
        "empty": _("点上面的按钮画第一个框；选中框后，从边上的圆点拉出连线。"),
        "count": _("%(boxes)s 个框，%(edges)s 条连线"),
    }
)


def say(code: str, **facts: object) -> str:
    """Return a message in the active language."""
    return str(FAULTS[code]) % facts
