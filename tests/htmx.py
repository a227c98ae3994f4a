"""htmx in tests: a page with a fragment put into it must be the page that a fresh load shows."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.test.html import Element, parse_html

# The return address of the language switch follows the address bar (app.js), so no fragment brings it.
_CHANGES_EACH_TIME = {"csrfmiddlewaretoken", "next"}


def htmx_headers(target: str = "") -> dict[str, str]:
    """Return the headers of a request that htmx sends, for the element with id `target`."""
    return {"HX-Request": "true", **({"HX-Target": target} if target else {})}


def assert_same_as_fresh_load(
    client: Client, url: str, fragment: HttpResponse, *, page: HttpResponse
) -> None:
    """Assert that `page`, patched with `fragment` as htmx does it, equals a fresh load of `url`.

    The fragment's root elements replace those of the same id (hx-swap="outerHTML", and hx-swap-oob).
    """
    patched = parse(page)
    for root in _elements(parse(fragment)):
        identifier = attribute(root, "id")
        assert identifier, "a fragment's root element needs an id"
        root.attributes = [pair for pair in root.attributes if pair[0] != "hx-swap-oob"]
        assert replace(patched, identifier, root), f"the page has no element with id {identifier!r}"
    fresh = parse(client.get(url))
    assert str(patched) == str(fresh)


def parse(response: HttpResponse) -> Any:
    """Return the response's HTML as a tree in which white space and the order of classes do not matter."""
    tree = parse_html(response.content.decode())
    _forget_tokens(tree)
    tree.finalize()
    return tree


def attribute(element: Element, name: str) -> str:
    """Return an attribute's value, an empty text where there is none."""
    return next((value or "" for key, value in element.attributes if key == name), "")


def replace(tree: Element, identifier: str, new: Element) -> bool:
    """Put `new` in the place of the element with that id; return whether there was one."""
    for number, child in enumerate(tree.children):
        if not isinstance(child, Element):
            continue
        if attribute(child, "id") == identifier:
            tree.children[number] = new
            return True
        if replace(child, identifier, new):
            return True
    return False


def _elements(tree: Element) -> list[Element]:
    # One root comes back as itself, several below a nameless element.
    return [tree] if tree.name else [child for child in tree.children if isinstance(child, Element)]


def _forget_tokens(tree: Element) -> None:
    if attribute(tree, "name") in _CHANGES_EACH_TIME:
        tree.attributes = [pair for pair in tree.attributes if pair[0] != "value"]
    if tree.name == "body":  # its hx-headers carry the CSRF token, masked anew for each page
        tree.attributes = [pair for pair in tree.attributes if pair[0] != "hx-headers"]
    for child in tree.children:
        if isinstance(child, Element):
            _forget_tokens(child)
