"""The comparison of an answer with the model as a marker reads it: two marked drawings and two lists."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString

from exams.bank.types.graph.comparison import Comparison, EdgePair, NodePair, compare
from exams.bank.types.graph.data import Chart, Edge, Graph
from exams.bank.types.graph.svg import svg


def compared(chart: Chart, answer: Graph, model: Graph) -> dict[str, Any]:
    """Return both drawings, marked, and what of the model the answer has, lacks and adds.

    States of boxes: `same`, `alike`, `kind` (another kind of box), `missing`; of connectors: `same`, `label`
    (another text), `turned` (the wrong way round), `missing`.
    """
    found = compare(answer, model)
    boxes = {pair.model.id: pair for pair in found.nodes}
    edges = {(pair.model.source, pair.model.target): pair for pair in found.edges}
    turned = {(pair.model.source, pair.model.target): pair for pair in found.turned_edges}
    return {
        "answer_svg": _answer(chart, answer, found) if answer else "",
        "model_svg": _model(chart, model, found) if answer else svg(chart, model),
        "boxes": [
            {"model": node.label, "kind": chart.symbol(node.kind).label} | _box(chart, boxes.get(node.id))
            for node in model.nodes
        ],
        "edges": [
            {"model": _words(model, edge)}
            | _edge(answer, edges.get((edge.source, edge.target)), turned.get((edge.source, edge.target)))
            for edge in model.edges
        ],
        "extra_boxes": [node.label or str(node.id) for node in found.extra_nodes],
        "extra_edges": [_words(answer, edge) for edge in found.extra_edges],
        "found_boxes": len(found.nodes),
        "found_edges": len(found.edges),
    }


def _box(chart: Chart, pair: NodePair | None) -> dict[str, Any]:
    if pair is None:
        return {"state": "missing", "answer": "", "alike": 0}
    state = "same" if pair.alike == 100 else "alike"
    if not pair.is_same_kind:
        state = "kind"
    kind = chart.symbol(pair.answer.kind).label
    return {"state": state, "answer": pair.answer.label, "alike": pair.alike, "answer_kind": kind}


def _edge(answer: Graph, pair: EdgePair | None, turned: EdgePair | None) -> dict[str, Any]:
    if pair is not None:
        return {"state": "same" if pair.is_same_label else "label", "answer": _words(answer, pair.answer)}
    if turned is not None:
        return {"state": "turned", "answer": _words(answer, turned.answer)}
    return {"state": "missing", "answer": ""}


def _words(graph: Graph, edge: Edge) -> str:
    ends = [graph.nodes[number - 1].label or str(number) for number in (edge.source, edge.target)]
    return " → ".join(ends) + (f"（{edge.label}）" if edge.label else "")


def _answer(chart: Chart, answer: Graph, found: Comparison) -> SafeString:
    extra = {*found.extra_edges, *(pair.answer for pair in found.turned_edges)}
    return svg(
        chart,
        answer,
        boxes={node.id: "extra" for node in found.extra_nodes},
        edges={index: "extra" for index, edge in enumerate(answer.edges) if edge in extra},
    )


def _model(chart: Chart, model: Graph, found: Comparison) -> SafeString:
    missing = {*found.missing_edges, *(pair.model for pair in found.turned_edges)}
    return svg(
        chart,
        model,
        boxes={node.id: "missing" for node in found.missing_nodes},
        edges={index: "missing" for index, edge in enumerate(model.edges) if edge in missing},
    )
