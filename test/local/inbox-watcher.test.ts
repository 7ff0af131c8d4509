import { appendFile, mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { InboxWatcher } from "../../local/inbox-watcher.ts";
import { parseTranscribeMessage } from "../../src/jobs/messages.ts";
import { type ServiceWorld, serviceWorld } from "../support/service-world.ts";

test("a file that came is announced once it has come to rest, and once only", async () => {
  const world = await watched();
  const path = join(world.folder, "inbox", "acme", "a b.wav");
  await write(world, path, "RIFF");
  await expect.poll(() => announced(world)).toEqual(["inbox/acme/a b.wav"]);
  await write(world, join(world.folder, "inbox", "acme", "deep", "c.wav"), "RIFF");
  await expect.poll(() => announced(world)).toEqual(["inbox/acme/deep/c.wav"]);
});

test("a file that is replaced is announced again", async () => {
  const world = await watched();
  const path = join(world.folder, "inbox", "acme", "a.wav");
  await write(world, path, "RIFF");
  await expect.poll(() => announced(world)).toHaveLength(1);
  await rm(path);
  await write(world, path, "RIFF, a longer one");
  await expect.poll(() => announced(world)).toHaveLength(1);
});

test("a file that is still being written waits", async () => {
  const world = await watched();
  const path = join(world.folder, "inbox", "acme", "a.wav");
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, "RIFF");
  await touch(path, world.clock.now()); // written this very moment
  await write(world, join(world.folder, "inbox", "acme", "other.wav"), "RIFF");
  await expect.poll(() => announced(world)).toEqual(["inbox/acme/other.wav"]);
  await appendFile(path, "more");
  await touch(path, world.clock.now());
  await lookedAgain(world, "third");
  world.clock.advance(10);
  await lookedAgain(world, "fourth");
  world.clock.advance(6);
  await expect.poll(() => announced(world)).toEqual(["inbox/acme/a.wav"]);
});

test("a copy with a pause in it is taken once, when it is whole", async () => {
  const world = await watched();
  const path = join(world.folder, "inbox", "acme", "a.wav");
  await mkdir(join(path, ".."), { recursive: true });
  for (const piece of ["RIFF", "more", "the end"]) {
    await appendFile(path, piece);
    await touch(path, world.clock.now());
    await lookedAgain(world, piece);
    world.clock.advance(4);
    await lookedAgain(world, `${piece}, later`);
  }
  world.clock.advance(12);
  await expect.poll(() => announced(world)).toEqual(["inbox/acme/a.wav"]);
});

test("a file dated in the future is taken", async () => {
  const world = await watched();
  const path = join(world.folder, "inbox", "acme", "a.wav");
  await mkdir(join(path, ".."), { recursive: true });
  // With its date from the first look on: another date is a change, as one that grows.
  const elsewhere = join(world.folder, "a.wav");
  await writeFile(elsewhere, "RIFF");
  await touch(elsewhere, world.clock.now() + 86_400_000);
  await rename(elsewhere, path);
  await lookedAgain(world, "b");
  world.clock.advance(6);
  await expect.poll(() => announced(world)).toEqual(["inbox/acme/a.wav"]);
});

test("what lay there before is found at the start", async () => {
  const world = await serviceWorld();
  await write(world, join(world.folder, "inbox", "acme", "a.wav"), "RIFF");
  await open(world);
  await expect.poll(() => announced(world)).toEqual(["inbox/acme/a.wav"]);
});

/** Another file is announced, and nothing else: so the folder was looked through. */
async function lookedAgain(world: ServiceWorld, name: string): Promise<void> {
  await write(world, join(world.folder, "inbox", "acme", `${name}.wav`), "RIFF");
  await expect.poll(() => announced(world)).toEqual([`inbox/acme/${name}.wav`]);
}

async function watched(): Promise<ServiceWorld> {
  const world = await serviceWorld();
  await open(world);
  return world;
}

async function open({ services, folder }: ServiceWorld): Promise<void> {
  const watcher = await InboxWatcher.open(services, folder);
  onTestFinished(() => watcher.close());
}

/** Moved into place with a time well before now, as the test's clock has it. */
async function write({ folder, clock }: ServiceWorld, path: string, content: string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  const beside = join(folder, "coming");
  await writeFile(beside, content);
  await touch(beside, clock.now() - 60_000);
  await rename(beside, path);
}

function touch(path: string, ms: number): Promise<void> {
  return utimes(path, ms / 1000, ms / 1000);
}

/** Keys of the recordings that were queued since the last time. */
async function announced({ services }: ServiceWorld): Promise<string[]> {
  const { transcribe } = services.queues;
  const messages = await transcribe.receive({ most: 10, waitSeconds: 0, visibilitySeconds: 600 });
  for (const message of messages) await transcribe.delete(message);
  const ids = messages.map(({ body }) => parseTranscribeMessage(body)?.id ?? "");
  return Promise.all(ids.map(async (id) => (await services.store.getTranscription(id))?.source.key ?? ""));
}
