/**
 * Calls between the main thread and a worker thread: a request and its answer, matched by number.
 * onnxruntime-node computes on the thread that calls it, so it must not be the one that serves people.
 */
import { parentPort, Worker, workerData } from "node:worker_threads";
import { EngineError, fromWireError, toWireError, type WireError } from "../errors.ts";

/** Method name → what goes in and what comes out. Both must survive structured cloning. */
export type ThreadApi<Api> = { [Method in keyof Api]: { request: unknown; response: unknown } };

/** An answer, and the buffers that move with it instead of being copied. */
export interface Reply<Value> {
  value: Value;
  transfer?: ArrayBuffer[];
}

interface Request {
  id: number;
  method: string;
  payload: unknown;
}

type Answer = { id: number; value: unknown } | { id: number; error: WireError };

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** The main thread's end. */
export class Thread<Api extends ThreadApi<Api>> {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #failure: Error | undefined;
  readonly #exited: Promise<void>;

  constructor(module: URL, data: unknown) {
    this.#worker = new Worker(module, { workerData: data });
    this.#worker.on("message", (answer: Answer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#failAll(error));
    this.#exited = new Promise((resolve) => {
      this.#worker.once("exit", (code) => {
        this.#failAll(new Error(`a worker thread ended with code ${code}`));
        resolve();
      });
    });
  }

  /** Calls waiting for an answer. */
  get load(): number {
    return this.#pending.size;
  }

  call<Method extends keyof Api & string>(
    method: Method,
    payload: Api[Method]["request"],
    transfer: ArrayBuffer[] = [],
  ): Promise<Api[Method]["response"]> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, payload } satisfies Request, transfer);
    });
  }

  /** Ask the thread to end by itself, and wait until it has. */
  async close(): Promise<void> {
    if (!this.#failure) this.#worker.postMessage(null);
    await this.#exited;
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ("error" in answer) pending?.reject(fromWireError(answer.error));
    else pending?.resolve(answer.value);
  }

  #failAll(cause: Error): void {
    this.#failure ??= new EngineError("engine_stopped", `The engine stopped: ${cause.message}.`, { cause });
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }
}

/** Ask several to end, and wait until all have. */
export async function closeAll(threads: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(threads.map((thread) => thread.close()));
}

export type Handlers<Api extends ThreadApi<Api>> = {
  [Method in keyof Api]: (
    request: Api[Method]["request"],
  ) => Reply<Api[Method]["response"]> | Promise<Reply<Api[Method]["response"]>>;
};

/** The worker's end: answer requests until asked to end, then run `onClose`. */
export function serveThread<Api extends ThreadApi<Api>>(
  handlers: Handlers<Api>,
  onClose?: () => Promise<void>,
): void {
  const port = parentPort;
  if (!port) throw new Error("this module runs in a worker thread only");
  port.on("message", async (request: Request | null) => {
    if (request === null) {
      await onClose?.();
      port.close();
      return;
    }
    const { id, method, payload } = request;
    try {
      const reply = await handlers[method as keyof Api](payload);
      port.postMessage({ id, value: reply.value } satisfies Answer, reply.transfer ?? []);
    } catch (error) {
      port.postMessage({ id, error: toWireError(error) } satisfies Answer);
    }
  });
}

/** What the main thread passed to the constructor. */
export function threadData<Data>(): Data {
  return workerData as Data;
}
