"""An answer's drawing beside the model's: which boxes and connectors are there, missing or extra.

A help for the person who marks, never a mark: other drawings than the model's may be right as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from exams.bank.types.graph.data import Edge, Graph, Node

_ALIKE = 50  # per cent, from which on two labels may mean the same
_UNREAD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class NodePair:
    """A box of the answer that is taken for one of the model; `alike` in per cent."""

    answer: Node
    model: Node
    alike: int

    @property
    def is_same_kind(self) -> bool:
        return self.answer.kind == self.model.kind


@dataclass(frozen=True, slots=True)
class EdgePair:
    """A connector of the answer between the boxes that one of the model joins."""

    answer: Edge
    model: Edge

    @property
    def is_same_label(self) -> bool:
        return _read(self.answer.label) == _read(self.model.label)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an answer has of the model. `turned` connectors join the right boxes the wrong way round."""

    nodes: tuple[NodePair, ...]
    missing_nodes: tuple[Node, ...]
    extra_nodes: tuple[Node, ...]
    edges: tuple[EdgePair, ...]
    turned_edges: tuple[EdgePair, ...]
    missing_edges: tuple[Edge, ...]
    extra_edges: tuple[Edge, ...]


def compare(answer: Graph, model: Graph) -> Comparison:
    """Return what `answer` has of `model`; the boxes most alike are paired first."""
    nodes = _pairs(answer, model)
    to_model = {pair.answer.id: pair.model.id for pair in nodes}
    wanted = {(edge.source, edge.target): edge for edge in model.edges}
    edges, turned = [], []
    for edge in answer.edges:
        ends = to_model.get(edge.source, 0), to_model.get(edge.target, 0)
        if ends in wanted:
            edges.append(EdgePair(edge, wanted[ends]))
        elif ends[::-1] in wanted:
            turned.append(EdgePair(edge, wanted[ends[::-1]]))
    drawn = {(pair.model.source, pair.model.target) for pair in edges}
    turned = [pair for pair in turned if (pair.model.source, pair.model.target) not in drawn]
    seen = drawn | {(pair.model.source, pair.model.target) for pair in turned}
    found = {(pair.answer.source, pair.answer.target) for pair in [*edges, *turned]}
    return Comparison(
        nodes,
        _without(model, {pair.model.id for pair in nodes}),
        _without(answer, {pair.answer.id for pair in nodes}),
        tuple(edges),
        tuple(turned),
        tuple(edge for ends, edge in wanted.items() if ends not in seen),
        tuple(edge for edge in answer.edges if (edge.source, edge.target) not in found),
    )


def likeness(one: str, other: str) -> int:
    """Return how alike two labels are, in per cent: shared characters, alone and in pairs (Dice).

    Pairs of neighbours know the order within words, single characters forgive the order of words.
    """
    one, other = _read(one), _read(other)
    if one == other:
        return 100 if one else 0
    if min(len(one), len(other)) >= 2 and (one in other or other in one):
        return max(60, 200 * min(len(one), len(other)) // (len(one) + len(other)))
    singles, pairs = (_shared(one, other, length) for length in (1, 2))
    fewer, more = sorted((len(one), len(other)))
    dice = 100 * singles // (fewer + more) + 100 * pairs // max(1, fewer + more - 2)
    # A label of a few words may stand for a long one: nearly all of it is found there.
    return max(dice, 70 * pairs // (fewer - 1) if fewer >= 4 else 0)


def _read(label: str) -> str:
    """Return a label without what makes no difference: width, case, punctuation."""
    return _UNREAD.sub("", unicodedata.normalize("NFKC", label).casefold())


def _shared(one: str, other: str, length: int) -> int:
    """Return how many parts of this length two texts share."""
    ours, theirs = (
        Counter(text[start : start + length] for start in range(len(text) - length + 1))
        for text in (one, other)
    )
    return (ours & theirs).total()


def _pairs(answer: Graph, model: Graph) -> tuple[NodePair, ...]:
    """Pair boxes, the most alike first; of equals those of the same kind, then the earlier ones."""
    ranked = sorted(
        (
            (-likeness(ours.label, theirs.label), ours.kind != theirs.kind, theirs.id, ours.id)
            for ours in answer.nodes
            for theirs in model.nodes
        ),
    )
    found: dict[int, NodePair] = {}
    used: set[int] = set()
    for unlike, _is_other_kind, theirs, ours in ranked:
        if -unlike >= _ALIKE and theirs not in found and ours not in used:
            found[theirs] = NodePair(answer.nodes[ours - 1], model.nodes[theirs - 1], -unlike)
            used.add(ours)
    return tuple(found[number] for number in sorted(found))


def _without(graph: Graph, ids: set[int]) -> tuple[Node, ...]:
    return tuple(node for node in graph.nodes if node.id not in ids)
