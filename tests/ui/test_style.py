"""The look as a promise: colours in one file, enough contrast, nothing inline."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CSS = ROOT / "config" / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
LAYERS = ("tokens", "base", "layout", "components", "pages")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|lab|lch|hwb)\(")

# What stands on what, as (text, ground).
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "surface", "sunken")),
    *(
        (status, ground)
        for status in ("good", "warn", "bad", "info")
        for ground in (f"{status}-soft", "surface", "paper")
    ),
    *(("ink", f"{status}-soft") for status in ("good", "warn", "bad", "info", "accent")),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-hover"),
    ("accent", "surface"),
    ("accent", "paper"),
    ("surface", "good"),
    ("surface", "bad"),
    ("paper", "ink-2"),
    ("ink", "mark"),
]
# Edges and marks need three to one.
MARK_PAIRS = [
    *((mark, ground) for mark in ("control", "accent", "focus") for ground in ("paper", "surface")),
    *((f"data-{number}", ground) for number in range(1, 8) for ground in ("surface", "paper")),
]


def blocks(selector: str) -> Iterator[dict[str, str]]:
    """Yield the custom properties of each block whose selector is `selector`."""
    for found in re.finditer(re.escape(selector) + r"\s*\{([^{}]*)\}", TOKENS):
        yield dict(re.findall(r"--([\w-]+):\s*([^;]+);", found[1]))


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


LIGHT = next(blocks(':root, [data-theme="light"]'))
DARK = next(blocks('[data-theme="dark"]'))
THEMES = {"light": LIGHT, "dark": DARK}


def test_dark_values_are_the_same_in_both_places() -> None:
    assert next(blocks(':root:not([data-theme="light"])')) == DARK


def test_both_themes_name_the_same_tokens() -> None:
    assert LIGHT.keys() == DARK.keys()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_contrast_is_enough(theme: str, text: str, ground: str) -> None:
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("mark", "ground"), MARK_PAIRS)
def test_mark_contrast_is_enough(theme: str, mark: str, ground: str) -> None:
    assert contrast(THEMES[theme][mark], THEMES[theme][ground]) >= 3


@pytest.mark.parametrize("path", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_raw_colours_live_in_tokens_only(path: Path) -> None:
    found = COLOUR.findall(path.read_text(encoding="utf-8"))
    assert bool(found) == (path.name == "tokens.css")


@pytest.mark.parametrize("name", LAYERS)
def test_stylesheet_wraps_itself_in_its_layer(name: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", (CSS / f"{name}.css").read_text(encoding="utf-8"), flags=re.S).strip()
    assert text.startswith(f"@layer {name} {{")
    assert "@import" not in text


def test_layers_are_declared_and_linked_in_their_order() -> None:
    assert f"@layer {', '.join(LAYERS)};" in (CSS / "app.css").read_text(encoding="utf-8")
    for skeleton in ("base.html", "layouts/bare.html"):
        linked = re.findall(r"css/(\w+)\.css", (ROOT / "templates" / skeleton).read_text(encoding="utf-8"))
        assert linked == ["app", *LAYERS]


def test_every_token_in_use_is_defined() -> None:
    defined = set(
        re.findall(r"--([\w-]+):", "".join(path.read_text(encoding="utf-8") for path in CSS.glob("*.css")))
    )
    used = set(
        re.findall(
            r"var\(--([\w-]+)", "".join(path.read_text(encoding="utf-8") for path in CSS.glob("*.css"))
        )
    )
    assert used <= defined


# A PDF has a page of its own that no browser ever sees, so the policy is not its concern.
INLINE = {
    "style attribute": re.compile(r"\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "event handler": re.compile(r"\s(?:on[a-z]+|hx-on[\w:-]*)\s*=", re.I),
    "script address": re.compile(r"javascript:", re.I),
}


def template_files() -> Iterator[tuple[str, str]]:
    """Yield name and HTML of each template, Django's own tags taken out."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "pdf" not in path.stem.split("_"):
            text = re.sub(r"{[%#].*?[%#]}", "", path.read_text(encoding="utf-8"), flags=re.S)
            yield str(path.relative_to(ROOT)), text


@pytest.mark.parametrize("kind", INLINE)
def test_templates_hold_nothing_inline(kind: str) -> None:
    assert [name for name, html in template_files() if INLINE[kind].search(html)] == []


def test_templates_hold_no_raw_colours() -> None:
    colour = re.compile(r"""(?:fill|stroke|color|stop-color)\s*=\s*["'](?:#|rgb|hsl)""")
    assert [name for name, html in template_files() if colour.search(html)] == []
