"""What people do in the browser again and again, and what axe-core says to what they see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.api.district import PASSWORD

AXE = Path("node_modules/axe-core/axe.min.js")


def sign_in(page: Page, account: str) -> None:
    page.goto("/login")
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="待办事项")).to_be_visible()


def sign_in_again(page: Page, account: str = "edu1.proj") -> None:
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run()")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]]


def paste(page: Page, text: str, html: str = "") -> None:
    """What Ctrl+V does with a text, and its markup where the clipboard has that, where the focus is."""
    page.evaluate(
        """([text, html]) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            if (html) clipboardData.setData("text/html", html);
            const options = { clipboardData, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        [text, html],
    )


def press_paste(page: Page, text: str) -> None:
    """Ctrl+V itself, with the text on the clipboard of the browser."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def open_measure(page: Page) -> None:
    page.goto("/inbox?list=claimable")
    page.get_by_role("link", name="填报纠偏措施").click()
    expect(page.locator('form[data-ready="yes"]')).to_be_visible()
