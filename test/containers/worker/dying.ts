import type { Blob } from "../../../src/jobs/ports/index.ts";
import type { Services } from "../../../src/jobs/services.ts";

/** What happens at the call that it happens at. */
export type Mishap =
  /** The call is made; nothing more ever comes of the process that made it. */
  | "death"
  /** The call is made, but its caller is told that it failed. */
  | "error after"
  /** The call fails before anything is done. */
  | "error"
  /** A record is saved, but its caller is told that somebody else was first: as after a lost answer and a retry. */
  | "denied";

/** Services whose n-th call from now on, counted over store, blobs and queues, meets with a mishap. Polls are not counted. */
export function withMishap(
  services: Services,
  at: number,
  mishap: Mishap,
): { services: Services; calls: () => number } {
  let calls = 0;
  const never = new Promise<never>(() => {});
  const guard = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        if (name === "receive" || name === "list")
          return (...given: unknown[]) => (isDead() ? never : Reflect.apply(member, target, given));
        return async (...given: unknown[]) => {
          if (isDead()) return never;
          const hit = ++calls === at;
          if (hit && mishap === "error") throw new Error("a mishap");
          const result: unknown = await Reflect.apply(member, target, given);
          if ((isDead() || (hit && mishap === "error after")) && name === "get")
            await closeBody(result as Blob);
          if (isDead()) return never;
          if (hit && mishap === "denied")
            return typeof name === "string" && name.startsWith("save") ? false : result;
          if (hit) throw new Error("a mishap, though it was done");
          return result;
        };
      },
    });
  const isDead = () => mishap === "death" && calls >= at;
  const { transcribe, archive, webhooks } = services.queues;
  const queues = { transcribe: guard(transcribe), archive: guard(archive), webhooks: guard(webhooks) };
  return {
    services: { ...services, store: guard(services.store), blobs: guard(services.blobs), queues },
    calls: () => calls,
  };
}

/** As the system does for a process that has died, and an adapter for what it cannot hand over. */
async function closeBody({ body }: Blob): Promise<void> {
  for await (const _ of body) break;
}
