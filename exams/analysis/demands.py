"""What the blueprints ask of the bank: they belong to assembly, the report of the bank to the bank."""

from exams.assembly.queries import blueprints, frame_of
from exams.bank.report import PaperDemand
from syllabus.standard.queries import current_levels, level_tree


def paper_demands() -> list[PaperDemand]:
    """Return what one paper of each blueprint needs, full papers first; modules are left out.

    A module takes all of its points from one function (D8): how many the bank holds is told at its
    blueprint. Three queries, and the tree of each level that has blueprints with a weight vector.
    """
    found = [one for one in blueprints() if not one.module]
    own = {one.level_number for one in found if one.vector}
    trees = {level.number: level_tree(level) for level in current_levels() if level.number in own}
    return [
        PaperDemand(
            one.code,
            one.name,
            one.level_number,
            one.part,
            one.pool,
            {
                section.type: section.count if section.least is None else section.least
                for section in one.sections.all()
            },
            frame_of(one, trees[one.level_number]).weights if one.vector else {},
        )
        for one in found
    ]
