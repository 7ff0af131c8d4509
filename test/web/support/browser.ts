import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, expect, onTestFinished } from "vitest";

const CHROMIUM = "/usr/bin/chromium";
/** Said into the microphone again and again. */
const SAID = fileURLToPath(new URL("../../fixtures/utterances/slt-yes.wav", import.meta.url));
const ARGUMENTS = [
  ...["--no-sandbox", "--disable-gpu"],
  ...["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
  `--use-file-for-fake-audio-capture=${SAID}`,
];
/** The page's sound is within reach, and where it was told to play is kept. */
const WITHIN_REACH = `
  const Sound = Audio;
  globalThis.heard = [];
  globalThis.Audio = function () {
    const sound = new Sound();
    const play = sound.play.bind(sound);
    sound.play = () => {
      heard.push(sound.currentTime);
      return play();
    };
    return (globalThis.sound = sound);
  };
`;

/** A tab on a phone, in the dark, of somebody who wants no motion. */
export const PHONE = {
  viewport: { width: 360, height: 640 },
  colorScheme: "dark",
  reducedMotion: "reduce",
} as const;

let browser: Promise<Browser> | null = null;

/** One browser for all tests of a file. To be called once, outside of tests. */
export function useBrowser(): void {
  afterAll(async () => {
    await (await browser)?.close();
    browser = null;
  });
}

export interface Opened {
  page: Page;
  /** What the browser complained of: errors, warnings, exceptions. Faults that a test is about are there as well. */
  complaints: string[];
}

/** A tab of its own, with nothing kept from others. */
export async function openTab(options: BrowserContextOptions = {}): Promise<Opened> {
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  const context = await (await browser).newContext({
    viewport: { width: 900, height: 800 },
    acceptDownloads: true,
    ...options,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.addInitScript(WITHIN_REACH);
  page.setDefaultTimeout(100_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.accept();
  });
  return { page, complaints };
}

/** No violation of the rules of WCAG 2.2 A and AA, nor of axe's best practices, in what is shown now. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
  expect(found).toEqual([]);
}

/** Nothing is wider than the window. */
export async function expectNarrow(page: Page): Promise<void> {
  const { clientWidth, scrollWidth } = await page
    .locator("html")
    .evaluate(({ clientWidth, scrollWidth }) => ({ clientWidth, scrollWidth }));
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
}
