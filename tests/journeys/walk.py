"""What every journey does: log in and out, look at a page with axe-core, take pictures."""

import os
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

PICTURES = Path(__file__).parents[2] / "docs" / "img"
_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_RUN = "() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
_SERIOUS = {"serious", "critical"}


def log_in(page: Page, base: str, identifier: str, password: str) -> None:
    """Log in through the form."""
    page.goto(f"{base}/login/")
    page.locator("input[name=username]").fill(identifier)
    page.locator("input[name=password]").fill(password)
    page.locator("main button.primary").click()
    page.wait_for_url(f"{base}/")


def log_out(page: Page, base: str) -> None:
    """Log out through the account menu."""
    page.goto(f"{base}/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("link", name="登录", exact=True).first.wait_for()


def check_page(page: Page) -> None:
    """Assert that axe-core finds nothing serious on the page and that nothing is wider than the screen."""
    page.evaluate(_AXE)
    found = [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}"
        for one in page.evaluate(_RUN)
        if one["impact"] in _SERIOUS
    ]
    assert found == [], f"{page.url}: {found}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def picture(page: Page, name: str) -> None:
    """Keep the page as docs/img/<name>.png when PICTURES=1 asks for new ones."""
    if os.environ.get("PICTURES") == "1":
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")
