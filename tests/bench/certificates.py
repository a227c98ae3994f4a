"""How fast certificates are made: one process, steady state, another name and number on each."""

import dataclasses
import time
from collections.abc import Iterator

from certs.certificates.printing.page import Page, render
from certs.certificates.rules import DISCLAIMER, OCCUPATION, SUBTITLE, TITLE, Number

_FAMILY, _GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
_WARM_UP, _COUNT = 5, 60


def _page(serial: int) -> Page:
    number = str(Number(2026, "3101", 3, serial))
    name = _FAMILY[serial % 20] + _GIVEN[serial // 20 % 20] + _GIVEN[serial // 7 % 20]
    return Page(
        title=TITLE,
        subtitle=SUBTITLE,
        disclaimer=DISCLAIMER,
        name=name,
        document_label="居民身份证号码",
        document_number=f"1101011990{serial % 100_000_000:08d}",
        occupation=OCCUPATION,
        level_name="三级",
        number=number,
        issued_on="2026年3月10日",
        issued_on_iso="2026-03-10",
        issuer="持证职业能力评价中心",
        statement="持证人参加客户服务管理师（三级）理论知识考试和操作技能考核，均达到合格标准，特发此证。",
        verify_address="https://chizheng.example/verify/",
        qr_address=f"https://chizheng.example/verify/{number}/?name={name}",
    )


def run() -> Iterator[dict[str, object]]:
    """Yield certificates per second of one core, and their weight; a rare name beside common ones."""
    for serial in range(1, _WARM_UP + 1):
        render(_page(serial))
    wall, cpu, weight = time.perf_counter(), time.process_time(), 0
    for serial in range(1000, 1000 + _COUNT):
        weight += len(render(_page(serial)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    rare = len(render(dataclasses.replace(_page(9), name="龑䶮㛃")))
    yield {
        "bench": "certificates",
        "certificates": _COUNT,
        "per_second_per_core": round(_COUNT / cpu, 1),
        "per_second_wall": round(_COUNT / wall, 1),
        "target_per_second_per_core": 15,
        "kib_each": round(weight / _COUNT / 1024, 1),
        "kib_with_rare_name": round(rare / 1024, 1),
        "what": "PDF/A-3u with border, seal and QR code, no photo; one process after warm-up",
    }
