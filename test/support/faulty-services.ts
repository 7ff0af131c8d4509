import type { Blob } from "../../src/jobs/ports/index.ts";
import type { Services } from "../../src/jobs/services.ts";

/** A crash of the program: whatever it would have done next is not done. */
export class Crash extends Error {}

export interface Faults {
  /** Which call fails, from 1. */
  at: number;
  /** `before` it has any effect, or `after` it had it, but before anybody learns of that. */
  when: "before" | "after";
  /** Every later call fails too, as of a process that is dead. */
  forGood: boolean;
}

export interface FaultyServices {
  services: Services;
  /** Calls of the store, the queues and the storage so far, each step through a list or a file included. */
  calls(): number;
}

/** The same services, of whose calls one fails. */
export function withFaults(real: Services, { at, when, forGood }: Faults): FaultyServices {
  let calls = 0;
  const guard = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    const number = ++calls;
    const fails = number === at || (forGood && number > at);
    if (fails && (when === "before" || number > at)) throw new Crash(`call ${number}`);
    const result = await run();
    if (fails) throw new Crash(`call ${number}`);
    return result;
  };
  async function* guardEach<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    const iterator = items[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await guard(() => iterator.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      // Begun in any case: a generator that never was does not close its file.
      await iterator.next();
      await iterator.return?.();
    }
  }
  const guardedBlob = async (get: () => Promise<Blob>): Promise<Blob> => {
    let blob: Blob | null = null;
    try {
      const { facts, body } = await guard(async () => {
        blob = await get();
        return blob;
      });
      return { facts, body: guardEach(body) };
    } catch (error) {
      for await (const _ of (blob as Blob | null)?.body ?? []) break;
      throw error;
    }
  };
  const wrap = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...values: unknown[]) => {
          if (name === "list") return guardEach(member.apply(target, values));
          if (name === "get") return guardedBlob(() => member.apply(target, values));
          return guard(async () => member.apply(target, values));
        };
      },
    });
  const queues = {
    transcribe: wrap(real.queues.transcribe),
    archive: wrap(real.queues.archive),
    webhooks: wrap(real.queues.webhooks),
  };
  const services = { ...real, store: wrap(real.store), blobs: wrap(real.blobs), queues };
  return { services, calls: () => calls };
}
