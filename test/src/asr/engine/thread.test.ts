import { describe, expect, it, onTestFinished } from "vitest";
import { Thread } from "../../../../src/asr/engine/thread.ts";
import { PackError } from "../../../../src/asr/errors.ts";
import type { SampleApi } from "./sample-thread.ts";

function startThread(): Thread<SampleApi> {
  const thread = new Thread<SampleApi>(new URL("./sample-thread.ts", import.meta.url), { factor: 3 });
  onTestFinished(() => thread.close());
  return thread;
}

describe("a worker thread", () => {
  it("answers each call with its own answer, however many are under way", async () => {
    const thread = startThread();
    const calls = Array.from({ length: 20 }, (_, index) => thread.call("double", Float32Array.of(index)));
    expect(thread.load).toBe(20);
    const answers = await Promise.all(calls);
    expect(answers.map(([value]) => value)).toEqual(Array.from({ length: 20 }, (_, index) => 2 * index));
    expect(thread.load).toBe(0);
  });

  it("takes buffers over instead of copying them", async () => {
    const values = Float32Array.of(1, 2);
    await startThread().call("double", values, [values.buffer]);
    expect(values).toHaveLength(0);
  });

  it("is given its data at the start", async () => {
    expect(await startThread().call("factor", undefined)).toBe(3);
  });

  it("hands typed errors over with their class and code, and others as engine_failed", async () => {
    const thread = startThread();
    const typed = thread.call("fail", "typed");
    await expect(typed).rejects.toBeInstanceOf(PackError);
    await expect(typed).rejects.toMatchObject({ code: "pack_invalid", message: "no good" });
    await expect(thread.call("fail", "plain")).rejects.toMatchObject({
      code: "engine_failed",
      message: "bad luck",
    });
  });

  it("that dies fails the calls it had, and every call after", async () => {
    const thread = startThread();
    await expect(thread.call("die", undefined)).rejects.toMatchObject({
      code: "engine_stopped",
      message: expect.stringContaining("code 7"),
    });
    await expect(thread.call("factor", undefined)).rejects.toMatchObject({ code: "engine_stopped" });
  });

  it("can be closed twice", async () => {
    const thread = startThread();
    await thread.close();
    await thread.close();
  });
});
