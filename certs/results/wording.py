"""Decisions of the rules in words: what, why by which clause, what to do. Rules carry facts only."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certs.results.rules import Retake, Step


@dataclass(frozen=True, slots=True)
class Told:
    """A decision in words."""

    message: str
    clause: str
    remedy: str


def day_text(day: date | None) -> str:
    """Return a day as messages write it; a dash where there is none."""
    return date_format(day, "Y-m-d") if day else "—"


def hindrance(step: Retake, part_name: str) -> Told:
    """Return why a part was not to be sat on `step.day`."""
    because = step.because
    words = {
        "part": part_name,
        "day": day_text(step.day),
        "until": day_text(because.valid_through if because else None),
        "last": day_text(because.sat_on if because else None),
        "gap": step.gap_days,
        "earliest": day_text(step.earliest_on),
    }
    if step.step is Step.QUALIFIED:
        return Told(
            _("%(part)s：该级别各项目均已合格，不再参加考试。") % words,
            "D4",
            _("成绩有误时，请更正已有的成绩。"),
        )
    if step.step is Step.VALID:
        return Told(
            _("%(part)s：%(day)s 已有有效的合格成绩（有效至 %(until)s），不再重考。") % words,
            "D5",
            _("成绩有误时，请更正已有的成绩。"),
        )
    return Told(
        _("%(part)s：%(day)s 距 %(last)s 的考试不足 %(gap)s 天，最早应为 %(earliest)s。") % words,
        "D5",
        _("确需登记的，请写明原因。"),
    )


def next_step(step: Retake) -> Told:
    """Return what the candidate may or must do next, with the clause it follows from."""
    words = {"earliest": day_text(step.earliest_on), "gap": step.gap_days}
    if step.step is Step.QUALIFIED:
        return Told(_("已合格，无需再考"), "D4", "")
    if step.step is Step.VALID:
        return Told(_("无需再考"), "D5", _("过期后须重考，最早 %(earliest)s。") % words)
    text = {
        Step.EXPIRED: _("已过有效期，须重考"),
        Step.RETAKE: _("须补考"),
        Step.FIRST: _("尚未取得成绩，可以报考"),
    }[step.step]
    if step.may:
        return Told(text, step.clauses[0], "")
    return Told(text, "D5", _("最早 %(earliest)s（两次考试间隔 %(gap)s 天）。") % words)
