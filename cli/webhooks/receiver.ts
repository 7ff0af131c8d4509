import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { CliError } from "../errors.ts";

/** An event whose signature is good. */
export interface ReceivedEvent {
  /** `webhook-id`. */
  id: string;
  event: z.infer<typeof eventShape>;
  /** As it came, for those who verify it themselves. */
  body: string;
  headers: Record<string, string>;
}

const eventShape = z.looseObject({
  type: z.string(),
  timestamp: z.string(),
  data: z.looseObject({ id: z.string().optional(), status: z.string().optional() }),
});

export interface ReceiverOptions {
  /** Any of them will do: two are valid after a rotation. */
  secrets: readonly string[];
  /** 0: any that is free. */
  port: number;
  /** Returns the status to answer with. */
  onEvent(event: ReceivedEvent): Promise<number>;
  onRefused(reason: string): void;
}

/** Events are below 20 kB. */
const MOST_BODY_BYTES = 256 * 1024;
const CLOSING_MS = 1000;

/** A server on this machine that takes Standard Webhooks. */
export class Receiver {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Throws errors of listening: the port may be taken. */
  static async start(options: ReceiverOptions): Promise<Receiver> {
    const server = createServer((request, response) => {
      answer(request, options)
        .catch((error: unknown) => {
          options.onRefused(error instanceof Error ? error.message : String(error));
          return 500;
        })
        .then((status) => finish(response, status));
    });
    server.listen(options.port, "127.0.0.1");
    await once(server, "listening").catch((cause: NodeJS.ErrnoException) => {
      const message = `Port ${options.port} cannot be listened on (${cause.code}). Name another with --port.`;
      throw new CliError("port_taken", message, { cause });
    });
    return new Receiver(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Answers that are under way are given first, if they are given soon. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeIdleConnections();
    const hangUp = setTimeout(() => this.#server.closeAllConnections(), CLOSING_MS);
    await closed;
    clearTimeout(hangUp);
  }
}

function finish(response: ServerResponse, status: number): void {
  response.writeHead(status, {
    // Whoever listens may leave after any event.
    connection: "close",
    ...(status === 405 && { allow: "POST" }),
  });
  response.end();
}

async function answer(request: IncomingMessage, options: ReceiverOptions): Promise<number> {
  if (request.method !== "POST") return 405;
  const body = await readBody(request);
  if (body === null) return 413;
  const headers = webhookHeaders(request);
  const verdict = verify(body, headers, options.secrets);
  if ("reason" in verdict) {
    options.onRefused(verdict.reason);
    return 400;
  }
  return options.onEvent({ id: headers["webhook-id"], event: verdict.event, body, headers });
}

function verify(
  body: string,
  headers: Record<string, string>,
  secrets: readonly string[],
): { event: ReceivedEvent["event"] } | { reason: string } {
  let reason = "there is no secret to verify it with";
  for (const secret of secrets) {
    try {
      return { event: eventShape.parse(new Webhook(secret).verify(body, headers)) };
    } catch (error) {
      reason = error instanceof z.ZodError ? "it is not an event of Scriptorium" : (error as Error).message;
    }
  }
  return { reason };
}

function webhookHeaders({ headers }: IncomingMessage): Record<string, string> {
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type"];
  return Object.fromEntries(names.map((name) => [name, String(headers[name] ?? "")]));
}

/** Null where it is too long. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
