import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { runCommand } from "../run-command.ts";
import { type Answer, answerApi } from "./fake-api.ts";

export interface Seen {
  method: string;
  /** With its query. */
  path: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/** `cut`: the connection is closed without an answer, after `after` bytes of the request's body. */
type Scripted = Answer | { cut: true; after?: number };

/** A service that keeps records in memory and does what it is told to, on a port of its own. */
export class FakeDeployment {
  readonly key = "sk_test";
  readonly seen: Seen[] = [];
  readonly transcriptions = new Map<string, Record<string, unknown>>();
  readonly uploads = new Map<string, Buffer>();
  readonly batches = new Map<string, Record<string, unknown>>();
  /** What transcriptions become, one reading after the other; the last stays. */
  course: Record<string, unknown>[] = [{ status: "completed", progress: 1 }];
  readonly idempotency = new Map<string, string>();
  readonly #scripted: { method: string; path: RegExp; answer: Scripted }[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Stopped when the test ends. */
  static async start(): Promise<FakeDeployment> {
    const fake = new FakeDeployment();
    fake.#server.listen(0, "127.0.0.1");
    await once(fake.#server, "listening");
    onTestFinished(async () => {
      const closed = once(fake.#server, "close");
      fake.#server.close();
      fake.#server.closeAllConnections();
      await closed;
    });
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next request that fits gets this answer instead; said twice, the next two do. */
  next(method: string, path: RegExp, answer: Scripted): void {
    this.#scripted.push({ method, path, answer });
  }

  /** Run a command against it. */
  run(...args: string[]) {
    return runCommand(...args, "--url", this.url, "--api-key", this.key);
  }

  requests(method: string, path: RegExp): Seen[] {
    return this.seen.filter((seen) => seen.method === method && path.test(seen.path));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "", headers } = request;
    const at = this.#scripted.findIndex((one) => one.method === method && one.path.test(path));
    const scripted = at < 0 ? undefined : this.#scripted.splice(at, 1)[0]!.answer;
    if (scripted && "cut" in scripted) {
      for await (const chunk of request.iterator({ destroyOnReturn: false }))
        if ((chunk as Buffer).length >= (scripted.after ?? 0)) break;
      this.seen.push({ method, path, headers, body: Buffer.alloc(0) });
      request.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen: Seen = { method, path, headers, body: Buffer.concat(chunks) };
    this.seen.push(seen);
    const answer = scripted ?? answerApi(this, seen);
    const body = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? null);
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(answer.status === 204 ? undefined : body);
  }
}
