import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { protectTask } from "../../../containers/worker/task-protection.ts";
import { silentLog } from "../../../local/log.ts";

/** The endpoint of ECS's agent: keeps what it is asked. */
async function startAgent(answer: (index: number) => { status: number; body: unknown }) {
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    asked.push({ at: `${request.method} ${request.url}`, ...((await json(request)) as object) });
    const { status, body } = answer(asked.length - 1);
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { agentUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/task`, asked };
}

const OK = { status: 200, body: { protection: { ProtectionEnabled: true } } };
const TIMES = {
  ...{ lookSeconds: 0.01, refreshSeconds: 60, idleSeconds: 0.05, retrySeconds: 0.01 },
  ...{ restSeconds: 0.05, longestSeconds: 60 },
};

/** Work without end: whoever is done with a recording has the next one, unless he was told to pause. */
class Backlogged {
  idle = false;
  readonly told: string[] = [];
  pause(): void {
    this.told.push("pause");
  }
  resume(): void {
    this.told.push("resume");
    this.idle = false;
  }
}
const ON = {
  at: "PUT /api/task/task-protection/v1/state",
  ProtectionEnabled: true,
  ExpiresInMinutes: 10,
};
const OFF = { at: "PUT /api/task/task-protection/v1/state", ProtectionEnabled: false };

test("a task is protected while it is at work, and let go after it", async () => {
  const { agentUri, asked } = await startAgent(() => OK);
  const worker = new Backlogged();
  const end = protectTask({ agentUri, worker, log: silentLog, ...TIMES });
  onTestFinished(end);
  await expect.poll(() => asked).toEqual([ON]);
  worker.idle = true;
  await expect.poll(() => asked).toEqual([ON, OFF]);
  worker.idle = false;
  await expect.poll(() => asked).toEqual([ON, OFF, ON]);
});

test("protection is renewed before it expires", async () => {
  const { agentUri, asked } = await startAgent(() => OK);
  const worker = new Backlogged();
  const end = protectTask({ agentUri, worker, log: silentLog, ...TIMES, refreshSeconds: 0.02 });
  onTestFinished(end);
  await expect.poll(() => asked.length).toBeGreaterThan(2);
  expect(asked.slice(0, 3)).toEqual([ON, ON, ON]);
});

test("what ECS refuses is logged and asked for again", async () => {
  const refusal = { status: 200, body: { failure: { Reason: "DEPLOYMENT_BLOCKED" } } };
  const { agentUri, asked } = await startAgent((index) => (index < 2 ? refusal : OK));
  const warned: unknown[] = [];
  const log = { ...silentLog, warn: (event: string, fields?: object) => warned.push({ event, ...fields }) };
  const end = protectTask({ agentUri, worker: new Backlogged(), log, ...TIMES });
  onTestFinished(end);
  await expect.poll(() => asked.length).toBe(3);
  expect(warned).toHaveLength(2);
  expect(warned[0]).toMatchObject({
    event: "task.protection_failed",
    error: expect.stringContaining("DEPLOYMENT_BLOCKED"),
  });
});

test("a task whose work never ends is without protection from time to time, with nothing in hand", async () => {
  const { agentUri, asked } = await startAgent(() => OK);
  const worker = new Backlogged();
  const end = protectTask({ agentUri, worker, log: silentLog, ...TIMES, longestSeconds: 0.1 });
  onTestFinished(end);
  await expect.poll(() => worker.told).toEqual(["pause"]);
  // Still at its longest recording: it keeps its protection as long as that takes.
  expect(asked).toEqual([ON]);
  worker.idle = true;
  await expect.poll(() => asked).toEqual([ON, OFF]);
  expect(worker.told).toEqual(["pause"]);
  await expect.poll(() => worker.told).toEqual(["pause", "resume"]);
  // And so on, if nobody has stopped it.
  await expect.poll(() => asked).toEqual([ON, OFF, ON]);
  await expect.poll(() => worker.told.length).toBe(3);
});

test("what a poll still brings while a task rests is protected, and rested from again", async () => {
  const { agentUri, asked } = await startAgent(() => OK);
  const worker = new Backlogged();
  const end = protectTask({
    agentUri,
    worker,
    log: silentLog,
    ...TIMES,
    longestSeconds: 0.1,
    restSeconds: 0.3,
  });
  onTestFinished(end);
  await expect.poll(() => worker.told).toEqual(["pause"]);
  worker.idle = true;
  await expect.poll(() => asked).toEqual([ON, OFF]);
  worker.idle = false;
  await expect.poll(() => asked).toEqual([ON, OFF, ON]);
  worker.idle = true;
  await expect.poll(() => asked).toEqual([ON, OFF, ON, OFF]);
  expect(worker.told).toEqual(["pause"]);
  await expect.poll(() => worker.told).toEqual(["pause", "resume"]);
});
