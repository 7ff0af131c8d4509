import { json } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import {
  protectTask,
  TaskProtection,
  type TaskProtectionOptions,
} from "../../../containers/worker/task-protection.ts";
import { silentLog } from "../../../local/log.ts";
import { listen } from "../../support/listen.ts";

const OK = { status: 200, body: { protection: { ProtectionEnabled: true } } };

/**
 * A worker and the endpoint of ECS's agent, with one list of what the one is told and the other is asked, in order.
 * Each look at the worker is at a time of the test's: nothing goes on by itself.
 */
async function startTask(
  options: Partial<TaskProtectionOptions> = {},
  answer: (index: number) => { status: number; body: unknown } = () => OK,
) {
  const events: unknown[] = [];
  let asked = 0;
  const url = await listen(async (request, response) => {
    events.push({ at: `${request.method} ${request.url}`, ...((await json(request)) as object) });
    const { status, body } = answer(asked++);
    response.writeHead(status).end(JSON.stringify(body));
  });
  const worker = { idle: false, pause: () => events.push("pause"), resume: () => events.push("resume") };
  const all: TaskProtectionOptions = {
    agentUri: `${url}/api/task`,
    worker,
    log: silentLog,
    longestSeconds: 3600,
    timeoutSeconds: 3600,
    ...options,
  };
  const protection = new TaskProtection(all);
  /** Once a second, as in the worker, from the one time to the other. */
  const lookFrom = async (first: number, last: number) => {
    for (let now = first; now <= last; now++) await protection.look(now);
  };
  return { all, events, worker, protection, lookFrom };
}

const ON = {
  at: "PUT /api/task/task-protection/v1/state",
  ProtectionEnabled: true,
  ExpiresInMinutes: 10,
};
const OFF = { at: "PUT /api/task/task-protection/v1/state", ProtectionEnabled: false };

test("a task is protected while it is at work, and let go after it", async () => {
  const { all, events, worker } = await startTask();
  const end = protectTask({
    ...all,
    lookSeconds: 0.01,
    idleSeconds: 0.05,
    retrySeconds: 0.01,
    refreshSeconds: 3600,
  });
  onTestFinished(end);
  await expect.poll(() => events).toEqual([ON]);
  worker.idle = true;
  await expect.poll(() => events).toEqual([ON, OFF]);
  worker.idle = false;
  await expect.poll(() => events).toEqual([ON, OFF, ON]);
});

test("a task between two recordings keeps its protection", async () => {
  const { events, worker, lookFrom } = await startTask({ idleSeconds: 10 });
  await lookFrom(0, 20);
  worker.idle = true;
  await lookFrom(21, 29);
  expect(events).toEqual([ON]);
  await lookFrom(30, 100);
  expect(events).toEqual([ON, OFF]);
});

test("protection is renewed before it expires", async () => {
  const { events, lookFrom } = await startTask({ refreshSeconds: 120 });
  await lookFrom(0, 119);
  expect(events).toEqual([ON]);
  await lookFrom(120, 359);
  expect(events).toEqual([ON, ON, ON]);
});

test("what ECS refuses is logged and asked for again", async () => {
  const refusal = { status: 200, body: { failure: { Reason: "DEPLOYMENT_BLOCKED" } } };
  const warned: unknown[] = [];
  const log = { ...silentLog, warn: (event: string, fields?: object) => warned.push({ event, ...fields }) };
  const { all, events } = await startTask({ log }, (index) => (index < 2 ? refusal : OK));
  const end = protectTask({ ...all, lookSeconds: 0.01, retrySeconds: 0.01, refreshSeconds: 3600 });
  onTestFinished(end);
  await expect.poll(() => events).toEqual([ON, ON, ON]);
  expect(warned).toHaveLength(2);
  expect(warned[0]).toMatchObject({
    event: "task.protection_failed",
    error: expect.stringContaining("DEPLOYMENT_BLOCKED"),
  });
});

test("what ECS refuses is not asked for each time that is looked", async () => {
  const { events, protection, lookFrom } = await startTask({ retrySeconds: 10 }, () => ({
    status: 400,
    body: {},
  }));
  await expect(protection.look(0)).rejects.toThrow("400");
  await lookFrom(1, 9);
  expect(events).toEqual([ON]);
  await expect(protection.look(10)).rejects.toThrow("400");
  expect(events).toEqual([ON, ON]);
});

test("a task whose work never ends is without protection from time to time, with nothing in hand", async () => {
  const { events, worker, lookFrom } = await startTask({ longestSeconds: 100, restSeconds: 30 });
  await lookFrom(0, 99);
  expect(events).toEqual([ON]);
  // Still at its longest recording: it keeps its protection as long as that takes.
  await lookFrom(100, 110);
  expect(events).toEqual([ON, "pause"]);
  worker.idle = true;
  await lookFrom(111, 140);
  expect(events).toEqual([ON, "pause", OFF]);
  await lookFrom(141, 141);
  expect(events).toEqual([ON, "pause", OFF, "resume"]);
  // And so on, if nobody has stopped it.
  worker.idle = false;
  await lookFrom(142, 242);
  expect(events).toEqual([ON, "pause", OFF, "resume", ON, "pause"]);
});

test("what a poll still brings while a task rests is protected, and rested from again", async () => {
  const { events, worker, lookFrom } = await startTask({ longestSeconds: 100, restSeconds: 30 });
  await lookFrom(0, 100);
  worker.idle = true;
  await lookFrom(101, 110);
  expect(events).toEqual([ON, "pause", OFF]);
  worker.idle = false;
  await lookFrom(111, 150);
  expect(events).toEqual([ON, "pause", OFF, ON]);
  worker.idle = true;
  await lookFrom(151, 180);
  expect(events).toEqual([ON, "pause", OFF, ON, OFF]);
  await lookFrom(181, 181);
  expect(events).toEqual([ON, "pause", OFF, ON, OFF, "resume"]);
});
