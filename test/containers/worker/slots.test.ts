import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LANES, type Lane, type Poll, Slots } from "../../../containers/worker/slots.ts";

const forever = new AbortController().signal;

/** What each queue may ask for at this moment. */
class Asked {
  readonly slots: Slots;
  readonly polls = new Map<Lane, Poll>();
  constructor(slots: Slots) {
    this.slots = slots;
    for (const lane of LANES) this.ask(lane);
  }
  ask(lane: Lane): void {
    void this.slots.take(lane, forever).then((poll) => poll && this.polls.set(lane, poll));
  }
  /** The answer to the poll under way; the queue is asked again. */
  async answer(lane: Lane, received: number | null): Promise<void> {
    const poll = this.polls.get(lane);
    if (!poll) throw new Error(`${lane} is not being asked`);
    this.polls.delete(lane);
    this.slots.polled(poll, received);
    this.ask(lane);
    await settle();
  }
  get now(): Record<string, string> {
    const text = ({ most, patient }: Poll) => `${most}${patient ? ", waiting" : ""}`;
    return Object.fromEntries([...this.polls].map(([lane, poll]) => [lane, text(poll)]));
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const open = async (concurrency: number) => {
  const slots = new Slots(concurrency);
  const asked = new Asked(slots);
  await settle();
  return { slots, asked };
};

describe("slots", () => {
  it("let the archive ask only when a look at interactive work has found nothing, and never for all", async () => {
    const { asked } = await open(8);
    expect(asked.now).toEqual({ transcribe: "8" });
    await asked.answer("transcribe", 3);
    expect(asked.now).toEqual({ transcribe: "5" });
    await asked.answer("transcribe", 0);
    expect(asked.now).toEqual({ archive: "5" });
    await asked.answer("archive", 3);
    expect(asked.now).toEqual({ transcribe: "2, waiting" });
  });

  it("wait at both queues when both are empty, with room for interactive work", async () => {
    const { asked } = await open(8);
    await asked.answer("transcribe", 0);
    await asked.answer("archive", 0);
    expect(asked.now).toEqual({ transcribe: "2, waiting", archive: "1, waiting" });
    await asked.answer("transcribe", 2);
    expect(asked.now).toEqual({ transcribe: "5", archive: "1, waiting" });
  });

  it("look at interactive work first once a slot is free again", async () => {
    const { slots, asked } = await open(4);
    await asked.answer("transcribe", 0);
    await asked.answer("archive", 3);
    await asked.answer("transcribe", 1);
    expect(asked.now).toEqual({});
    slots.free("archive");
    await settle();
    expect(asked.now).toEqual({ transcribe: "1" });
    await asked.answer("transcribe", 0);
    expect(asked.now).toEqual({ archive: "1" });
    await asked.answer("archive", 0);
    expect(asked.now).toEqual({ transcribe: "1, waiting" });
  });

  it("take turns where there is one only, without asking again and again", async () => {
    const { slots, asked } = await open(1);
    expect(asked.now).toEqual({ transcribe: "1" });
    await asked.answer("transcribe", 0);
    expect(asked.now).toEqual({ archive: "1" });
    await asked.answer("archive", 0);
    expect(asked.now).toEqual({ transcribe: "1, waiting" });
    await asked.answer("transcribe", 0);
    await asked.answer("archive", 1);
    expect(asked.now).toEqual({});
    slots.free("archive");
    await settle();
    expect(asked.now).toEqual({ transcribe: "1" });
  });

  it("are not kept by a queue that gives no answer", async () => {
    const { asked } = await open(1);
    await asked.answer("transcribe", 0);
    await asked.answer("archive", null);
    expect(asked.now).toEqual({ transcribe: "1, waiting" });
  });

  it("are given out no more once the worker has to go", async () => {
    const slots = new Slots(1);
    const stopping = new AbortController();
    const taken = slots.take("archive", stopping.signal);
    stopping.abort();
    expect(await taken).toBeNull();
    expect(await slots.take("transcribe", stopping.signal)).toBeNull();
  });

  it("hold what was asked for, and leave some to interactive work, whatever happens", async () => {
    const steps = fc.array(
      fc.record({
        lane: fc.constantFrom(...LANES),
        what: fc.constantFrom("answer", "answer", "free"),
        received: fc.option(fc.nat(10)),
      }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 24 }), steps, async (concurrency, done) => {
        const { slots, asked } = await open(concurrency);
        const busy = { transcribe: 0, archive: 0 };
        for (const { lane, what, received } of done) {
          const poll = asked.polls.get(lane);
          if (what === "free" && busy[lane] > 0) {
            busy[lane]--;
            slots.free(lane);
            await settle();
          } else if (what === "answer" && poll) {
            const count = received === null ? null : Math.min(received, poll.most);
            busy[lane] += count ?? 0;
            await asked.answer(lane, count);
          }
          const polled = (of: Lane) => asked.polls.get(of)?.most ?? 0;
          const all = busy.transcribe + busy.archive + polled("transcribe") + polled("archive");
          expect(all).toBeLessThanOrEqual(concurrency);
          const reserved = concurrency > 1 ? Math.ceil(concurrency / 4) : 0;
          expect(busy.archive + polled("archive")).toBeLessThanOrEqual(concurrency - reserved);
          // Somebody is asked, as long as there is a slot.
          if (busy.transcribe + busy.archive < concurrency) expect(asked.polls.size).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
