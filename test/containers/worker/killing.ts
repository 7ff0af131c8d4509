import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, vi } from "vitest";
import { seededRandom } from "../../../bench/random.ts";
import { parseWebhookMessage } from "../../../src/jobs/messages.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { batchOf, dropInInbox, upload } from "./give.ts";
import { type Recording, utterances } from "./recordings.ts";
import { settled } from "./setting.ts";
import { bodiesOf, OWNER, openWorld, transcriptOf, type World } from "./world.ts";

/** Every so many workers one is killed that is surely in the middle of something; the others, whenever it may be. */
const HALTING = 3;
const HOOK = "https://example.com/hook";
const ENTRY = fileURLToPath(new URL("./kill-entry.ts", import.meta.url));

const living = new Set<ChildProcess>();

/** Comes back once it takes messages. */
async function spawnWorker(...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  living.add(child);
  await once(child.stdout, "data");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  living.delete(child);
}

function untilHalted({ services }: World, id: string): Promise<void> {
  return vi.waitFor(
    async () => {
      const { items } = await services.store.listTranscriptions({ owner: OWNER, limit: 100 });
      // A bad one never gets so far; one taken over may have been further already.
      const begun = items.filter(({ progress }) => progress > 0);
      expect(begun.map(({ lease }) => lease?.worker.split("#")[0])).toContain(id);
    },
    { timeout: 100_000, interval: 20 },
  );
}

interface Given {
  id: string;
  /** Null: a bad recording. */
  text: string | null;
  webhook: boolean;
}

/** Two uploads: every third bad, every second with a webhook, some announced twice. */
async function giveTwo(world: World, round: number, spoken: Recording[]): Promise<Given[]> {
  const given: Given[] = [];
  for (const index of [2 * round, 2 * round + 1]) {
    const bad = index % 3 === 2;
    const webhook = index % 2 === 0;
    const { bytes, text } = spoken[index % spoken.length];
    const wishes = webhook ? { webhookUrl: HOOK } : {};
    const { id, event } = await upload(world, bad ? "this is not a recording" : bytes, wishes);
    if (index % 4 === 1) await world.services.queues.transcribe.send(event);
    given.push({ id, text: bad ? null : text, webhook });
  }
  return given;
}

/** Workers are killed at any moment, so many times: nothing is lost, and nothing counted twice. */
export async function surviveKills(kills: number): Promise<void> {
  const folder = await temporaryFolder();
  const database = join(folder, "jobs.db");
  const world = openWorld({ database, folder });
  onTestFinished(() => {
    for (const child of living) child.kill("SIGKILL");
    world.db.close();
  });
  const spoken = await utterances();
  const random = seededRandom(20260301);
  const tapes = Object.fromEntries(spoken.slice(0, 7).map(({ bytes }, index) => [`${index}.wav`, bytes]));
  const batch = await batchOf(world, { ...tapes, "bad.wav": "nothing to hear" }, HOOK);
  for (const name of ["a.wav", "b.wav"]) {
    const event = await dropInInbox(world, name, spoken[3].bytes);
    await world.services.queues.transcribe.send(event);
  }
  const given: Given[] = [];
  for (let round = 0; round < kills; round++) {
    const id = `worker-${round}`;
    const halts = round % HALTING === 0;
    const child = await spawnWorker(database, folder, id, ...(halts ? ["halting"] : []));
    given.push(...(await giveTwo(world, round, spoken)));
    if (halts) await untilHalted(world, id);
    else await pause(random() * 400);
    await kill(child);
  }
  const last = await spawnWorker(database, folder, "worker-last");
  const records = await settled(world, [...given.map(({ id }) => id), ...batch.items], 120);
  await kill(last);

  const all = (await world.services.store.listTranscriptions({ owner: OWNER, limit: 100 })).items;
  expect(all).toHaveLength(2 * kills + 8 + 2);
  expect(all.filter(({ origin }) => origin === "inbox")).toMatchObject([
    { state: "completed" },
    { state: "completed" },
  ]);
  for (const [index, { id, text }] of given.entries()) {
    if (text === null)
      expect(records[index]).toMatchObject({ state: "failed", error: { code: "unsupported_media" } });
    else expect((await transcriptOf(world, id)).verbatim_text).toBe(text);
  }
  const { state, counts, audioSeconds } = (await world.services.store.getBatch(batch.id))!;
  expect({ state, ...counts }).toMatchObject({
    state: "completed",
    queued: 0,
    processing: 0,
    completed: 7,
    failed: 1,
  });
  const seconds = all.reduce((sum, { batchId, audio }) => sum + (batchId && audio ? audio.duration : 0), 0);
  expect(audioSeconds).toBeCloseTo(seconds, 6);
  const told = (await bodiesOf(world.services.queues.webhooks)).map((body) => parseWebhookMessage(body)?.id);
  const expected = [batch.id, ...given.filter(({ webhook }) => webhook).map(({ id }) => id)];
  expect([...new Set(told)].sort()).toEqual(expected.sort());
  // Each of those that halted was killed over one at least.
  const begun = all.reduce((sum, { attempts }) => sum + attempts, 0);
  expect(begun - all.length).toBeGreaterThanOrEqual(Math.ceil(kills / HALTING));
}
