"""Drawings of boxes and connectors, kept as graphs (ADR 0015): what flow and organisation charts share.

`data` says what a graph is, `outline` writes and reads it as text, `layout` places boxes, `route` finds the
way of each connector, `picture` draws SVG, `comparison` helps a marker. `task` is the item type's base.
The editor (static/item_types/drawing) does the same in the browser; a test holds the two together.
"""
