import { expect, test } from "vitest";
import { speak, transcriptOf } from "../src/formats/samples.ts";
import { apiClient } from "../support/api-client.ts";
import { failTranscription } from "../support/api-world.ts";
import { expectAccessible, expectNarrow, openTab, useBrowser } from "./support/browser.ts";
import { completeWith, pageWorld, signedIn } from "./support/page-world.ts";

const RECORDING = { name: "a.wav", mimeType: "audio/wav", buffer: Buffer.from("RIFF") };
const PHONE = {
  viewport: { width: 360, height: 640 },
  colorScheme: "dark",
  reducedMotion: "reduce",
} as const;

useBrowser();

async function start(options: Parameters<typeof openTab>[0] = {}) {
  const world = await pageWorld();
  const ann = apiClient(world.url, world.keys.ann);
  const opened = await openTab(options);
  await signedIn(opened.page, world.keys.ann);
  const statusOf = async (id: string) => (await ann("GET", `/v1/transcriptions/${id}`)).json.status as string;
  const newest = async () => (await ann("GET", "/v1/transcriptions")).json.data[0].id as string;
  return { world, ann, statusOf, newest, ...opened };
}

test("an upload that came too late, or was given up, is said so and can be tried again", async () => {
  const { world, page, statusOf, newest } = await start();
  let before: () => Promise<void> | void = () => world.clock.advance(2 * 3600);
  await world.storage(page, (method) => (method === "PUT" ? before() : undefined));
  await page.goto(world.url);
  const files = page.locator("input[type=file]").first();
  await files.setInputFiles(RECORDING);
  const row = page.locator(".uploads li");
  await row.getByRole("alert").getByText("The time to upload to this URL is over").waitFor();

  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  before = () => {
    reached.resolve();
    return held.promise;
  };
  await row.getByRole("button", { name: "Try a.wav again" }).click();
  await reached.promise;
  await row.getByRole("button", { name: "Cancel the upload of a.wav" }).click();
  await page.locator(".uploads [data-state=canceled]").waitFor();
  await expect.poll(async () => statusOf(await newest())).toBe("canceled");
  held.resolve();

  world.clock.advance(1);
  before = () => {};
  await row.getByRole("button", { name: "Try a.wav again" }).click();
  await page.locator(".uploads [data-state=done]").waitFor();
  expect(await statusOf(await newest())).toBe("queued");
});

test("several go at once, and of a folder what is no recording is left out", async () => {
  const { world, page, ann } = await start();
  await world.storage(page);
  await page.goto(world.url);
  const names = ["b.wav", "c.mp3", "d.flac", "e.ogg", "f.m4a"];
  const files = names.map((name) => ({ ...RECORDING, name }));
  await page.locator("input[type=file]").first().setInputFiles(files);
  await expect.poll(() => page.locator(".uploads [data-state=done]").count()).toBe(names.length);
  await expect.poll(() => page.locator(".list li").count()).toBe(names.length);
  const { data } = (await ann("GET", "/v1/transcriptions?status=queued")).json;
  expect(data.map(({ file_name }: { file_name: string }) => file_name).sort()).toEqual(names);
  await page.getByLabel("File name").fill("flac");
  await expect.poll(() => page.locator(".list li .name").allTextContents()).toEqual(["d.flac"]);
});

test("what is another owner's, what failed and what is no recording say why", async () => {
  const { world, ann, page } = await start();
  const bob = apiClient(world.url, world.keys.bob);
  const other = (await bob("POST", "/v1/transcriptions")).json.id;
  const failed = (await ann("POST", "/v1/transcriptions", { file_name: "silence.wav" })).json.id;
  await failTranscription(world, failed);
  await page.goto(`${world.url}/#/transcriptions/${other}`);
  await page.getByRole("alert").getByText(`There is no transcription ${other}`).waitFor();
  expect(await page.locator(".pane").count()).toBe(0);
  await page.goto(`${world.url}/#/transcriptions/${failed}`);
  await page
    .getByText("There is no audio in it. Choose a recording, or a track of it, that has sound.")
    .waitFor();
  await page.getByRole("link", { name: "All transcriptions" }).click();
  await page.locator(".list [data-status=failed]").waitFor();
});

test("words are changed, undone, kept in the browser, and taken home by the keyboard alone", async () => {
  const { world, ann, page } = await start(PHONE);
  await world.storage(page);
  const webhook = { url: "https://example.com/h" };
  const { id } = (await ann("POST", "/v1/transcriptions", { file_name: "talk.wav", webhook })).json;
  const spoken = speak("hello wide world").map((word, at) => ({ ...word, confidence: [0.9, 0.7, 0.3][at] }));
  const alternatives = ["hello wide world", "yellow wide world"].map((text) => ({ text, confidence: 0.5 }));
  const segments = [
    { words: spoken, alternatives, channel: 0 },
    { start: 5, end: 6, words: speak("good bye", 5), channel: 1 },
  ];
  await completeWith(world, id, transcriptOf(segments));
  await page.goto(`${world.url}/#/transcriptions/${id}`);
  const words = page.locator("[data-word]");
  await words.first().waitFor();
  expect(await page.locator("[data-marks~=doubtful]").allTextContents()).toEqual(["wide"]);
  expect(await page.locator("[data-marks~=unsure]").allTextContents()).toEqual(["world"]);
  expect(await page.locator("[data-channel]").count()).toBe(2);

  await page.locator(".pane").focus();
  await page.keyboard.press("e");
  await page.keyboard.type("Hallo,");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("World!");
  await page.keyboard.press("Enter");
  await expect.poll(() => words.allTextContents()).toEqual(["Hallo,", "wide", "World!", "good", "bye"]);
  await page.reload();
  await expect.poll(() => words.allTextContents()).toEqual(["Hallo,", "wide", "World!", "good", "bye"]);
  await page.locator(".pane").focus();
  await page.keyboard.press("u");
  await expect.poll(() => words.nth(2).textContent()).toBe("world");
  await page.keyboard.press("r");
  await page.keyboard.press("/");
  await page.keyboard.type("hallo, wide");
  await expect.poll(() => page.locator("[data-marks~=here]").count()).toBe(2);
  await page.getByRole("button", { name: "1 other version" }).press("Enter");
  await page.getByText("yellow wide world").waitFor();
  await expectAccessible(page);
  await expectNarrow(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as JSON" }).press("Enter"),
  ]);
  expect(download.suggestedFilename()).toBe("talk.edited.json");
  expect((await ann("GET", `/v1/transcriptions/${id}/transcript?format=text`)).text).toContain("hello wide");

  await page.getByRole("button", { name: "Deliver it again" }).press("Enter");
  await expect.poll(() => world.services.queues.webhooks.depth()).toMatchObject({ visible: 2 });
});

test("other versions are asked for; batches, usage and keys are shown on a phone in the dark", async () => {
  const { world, ann, page } = await start(PHONE);
  const body = { name: "Tapes of 2019", source: { bucket: "tapes", prefix: "" } };
  const batch = (await ann("POST", "/v1/batches", body)).json.id;
  const { id } = (await ann("POST", "/v1/transcriptions", { file_name: "talk.wav" })).json;
  await completeWith(world, id, transcriptOf([{ words: speak("hello") }]));
  await world.storage(page);
  await page.goto(`${world.url}/#/transcriptions/${id}`);
  await page.getByRole("button", { name: "Transcribe again, with 5 versions of each segment" }).click();
  await page.waitForURL((url) => !url.hash.endsWith(id));
  const again = (await ann("GET", `/v1/transcriptions/${new URL(page.url()).hash.split("/")[2]}`)).json;
  expect(again).toMatchObject({ status: "queued", alternatives: 5, file_name: "talk.wav" });
  await page.goto(`${world.url}/#/batches`);
  await page.getByRole("link", { name: "Tapes of 2019" }).click();
  await page.getByRole("heading", { name: "Tapes of 2019" }).waitFor();
  expect(page.url()).toContain(batch);
  await page.locator(".facts").first().waitFor();
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("link", { name: "Usage and keys" }).click();
  await page.locator("table td", { hasText: "1:00" }).waitFor();
  await page.getByLabel("Name of a new key").fill("night desk");
  await page.getByRole("button", { name: "Create" }).click();
  const secret = await page.locator(".note code").textContent();
  expect((await apiClient(world.url, secret)("GET", "/v1/models")).status).toBe(200);
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("button", { name: "Revoke night desk" }).click();
  await page.getByText("· revoked").waitFor();
  expect((await apiClient(world.url, secret)("GET", "/v1/models")).status).toBe(401);
});
