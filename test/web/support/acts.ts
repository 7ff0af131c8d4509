import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** Let go of files and folders over the page, as a person does. */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, x: 400, y: 20, data });
  await session.detach();
}

/** Moves the slider and tells where it stands and which word is marked there. */
export async function seek(page: Page, seconds: number): Promise<{ at: number; said: string | null }> {
  return page.locator(".player input[type=range]").evaluate((slider, value) => {
    slider.value = String(value);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const said = slider.ownerDocument.querySelector(".said");
    return { at: slider.valueAsNumber, said: said?.textContent ?? null };
  }, seconds);
}

/** What this button has the browser save. */
export async function saved(page: Page, button: string): Promise<{ name: string; content: string }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).press("Enter"),
  ]);
  return { name: download.suggestedFilename(), content: await readFile(await download.path(), "utf8") };
}

/** Pressed, it copies this text, a moment later. */
export async function expectCopied(
  page: Page,
  press: () => Promise<void>,
  text: string | null,
): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await press();
  await expect.poll(() => page.evaluate("navigator.clipboard.readText()")).toBe(text);
}

/** A property of its style, as the browser has worked it out. */
export function look(locator: Locator, property: string): Promise<string> {
  return locator.evaluate((element, name) => {
    const { defaultView } = element.ownerDocument;
    return defaultView.getComputedStyle(element).getPropertyValue(name) as string;
  }, property);
}
