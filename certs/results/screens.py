"""What the tables show: lines of queries beside their words, ready for the templates."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from certs.people.models import Person
from certs.results.queries import DeskLine, PartStanding, Standing, has_full_score
from certs.results.rules import Step
from certs.results.wording import Told, hindrance, next_step


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a level: what stands, whether it is a pass that has expired, what comes next."""

    standing: PartStanding
    is_expired: bool
    next: Told


@dataclass(frozen=True, slots=True)
class StandingCard:
    """One level with its parts."""

    standing: Standing
    lines: tuple[PartLine, ...]


def standing_cards(standings: Iterable[Standing]) -> list[StandingCard]:
    """Return the cards of a person's levels."""
    return [
        StandingCard(
            one,
            tuple(PartLine(part, _is_expired(part, one), next_step(part.next)) for part in one.parts),
        )
        for one in standings
    ]


def _is_expired(part: PartStanding, standing: Standing) -> bool:
    through = part.row.valid_through if part.row else None
    return through is not None and through < standing.on


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A row of the desk: `blocked` says why it cannot be published, `warning` why it needs a reason."""

    line: DeskLine
    blocked: Told | None
    warning: Told | None
    is_chosen: bool
    is_confirmed: bool


def desk_rows(
    lines: Iterable[DeskLine],
    by: Person,
    chosen: Collection[str],
    confirmed: Collection[str],
    *,
    select_passed: bool = False,
) -> list[DeskRow]:
    """Return the desk's rows; `select_passed` ticks what passed and has nothing against it."""
    return [_desk_row(line, by, chosen, confirmed, select_passed) for line in lines]


def _desk_row(
    line: DeskLine, by: Person, chosen: Collection[str], confirmed: Collection[str], select_passed: bool
) -> DeskRow:
    blocked, warning = _blocked(line, by), None
    if blocked is None and line.hindrance is not None:
        warning = hindrance(line.hindrance, line.part.name)
    is_ready = blocked is None and warning is None and not line.needs_confirmation
    key = str(line.attempt.pk)
    return DeskRow(line, blocked, warning, key in chosen or (select_passed and is_ready), key in confirmed)


def _blocked(line: DeskLine, by: Person) -> Told | None:
    if line.attempt.person_id == by.pk:
        return Told(_("不能公布自己的成绩，请由其他审核员办理。"), "D14", "")
    if line.score is None:
        return Told(_("正在评分，请稍候。"), "", "")
    if not has_full_score(line.attempt):
        return Told(_("不是满分 100 分的鉴定试卷，不能公布。"), "§1.7.4", "")
    if line.hindrance is not None and line.hindrance.step in (Step.VALID, Step.QUALIFIED):
        return hindrance(line.hindrance, line.part.name)
    return None
