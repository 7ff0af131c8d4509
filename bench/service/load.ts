import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Command } from "commander";
import { BUNDLED_PACK, machine, print } from "../engine.ts";
import { percentile } from "../metrics/statistics.ts";
import { formatTable } from "../metrics/table.ts";
import { BenchDeployment, type Transcription } from "./deployment.ts";

interface LoadFlags {
  jobs: number;
  clients: number;
  model: string;
  json: boolean;
}

/** Milliseconds of each call, by name. `upload to queued`: from the upload's answer until a status call says so. */
type Times = Record<"create" | "upload" | "status" | "transcript" | "upload to queued", number[]>;

/** `bench load FILE`: many tiny jobs through the whole service over HTTP, from creation to webhook. */
export function loadCommand(): Command {
  return new Command("load")
    .description("jobs per second and the time of each call, for tiny recordings through the whole service")
    .argument("<file>", "a short recording, sent again and again")
    .option("--jobs <n>", "recordings", Number, 2000)
    .option("--clients <n>", "apps that send at once", Number, 8)
    .option("--model <folder>", "model pack", BUNDLED_PACK)
    .option("--json", "print JSON", false)
    .action(async (file: string, flags: LoadFlags) => {
      const deployment = await BenchDeployment.make(flags.model);
      try {
        await deployment.start({ worker: true });
        await measure(deployment, await readFile(file), flags);
      } finally {
        await deployment.remove();
      }
    });
}

async function measure(deployment: BenchDeployment, recording: Buffer, flags: LoadFlags): Promise<void> {
  const { jobs, clients, json } = flags;
  const endpoint = await Endpoint.open();
  const times: Times = { create: [], upload: [], status: [], transcript: [], "upload to queued": [] };
  const started = performance.now();
  const uploaded: string[] = [];
  const turns = Array(jobs).keys();
  const app = async () => {
    for (const _ of turns) uploaded.push(await submit(deployment, recording, endpoint.url, times));
  };
  await Promise.all(Array.from({ length: clients }, app));
  const accepted = performance.now();
  await endpoint.received(jobs);
  const done = performance.now();
  for (const id of uploaded) await readBack(deployment, id, times);
  await endpoint.close();
  report(
    times,
    { jobs, clients, acceptedS: (accepted - started) / 1000, doneS: (done - started) / 1000 },
    json,
  );
}

async function submit(
  deployment: BenchDeployment,
  recording: Buffer,
  webhook: string,
  times: Times,
): Promise<string> {
  const created = await timed(times.create, () =>
    deployment.call<Transcription>("POST", "/v1/transcriptions", { webhook: { url: webhook } }),
  );
  const { url, headers } = created.upload!;
  await timed(times.upload, async () => {
    const answer = await fetch(url, { method: "PUT", headers, body: new Uint8Array(recording) });
    if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  });
  const uploaded = performance.now();
  const { status } = await deployment.call<Transcription>("GET", `/v1/transcriptions/${created.id}`);
  if (status === "awaiting_upload") throw new Error(`${created.id} is not queued after its upload`);
  times["upload to queued"].push(performance.now() - uploaded);
  return created.id;
}

async function readBack(deployment: BenchDeployment, id: string, times: Times): Promise<void> {
  const path = `/v1/transcriptions/${id}`;
  const record = await timed(times.status, () => deployment.call<Transcription>("GET", path));
  if (record.status !== "completed") throw new Error(`${id} is ${record.status}`);
  await timed(times.transcript, () => deployment.call("GET", `${path}/transcript`));
}

async function timed<Result>(list: number[], action: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await action();
  list.push(performance.now() - started);
  return result;
}

function report(
  times: Times,
  { jobs, clients, acceptedS, doneS }: { jobs: number; clients: number; acceptedS: number; doneS: number },
  json: boolean,
): void {
  const calls = Object.entries(times).map(([call, values]) => {
    return { call, p50_ms: percentile(values, 50), p99_ms: percentile(values, 99) };
  });
  const result = {
    machine: machine(),
    jobs,
    clients,
    accepted_per_second: jobs / acceptedS,
    jobs_per_second: jobs / doneS,
    calls,
  };
  if (json) {
    print(JSON.stringify(result));
    return;
  }
  print(`${jobs} jobs of ${clients} clients; ${result.machine}\n`);
  print(
    `accepted ${result.accepted_per_second.toFixed(0)} a second, done to the webhook ${result.jobs_per_second.toFixed(0)} a second\n`,
  );
  print(
    formatTable(
      ["call", "p50 ms", "p99 ms"],
      calls.map(({ call, p50_ms, p99_ms }) => [call, p50_ms.toFixed(1), p99_ms.toFixed(1)]),
    ),
  );
}

/** An app's webhook endpoint that counts the transcriptions it is told of. */
class Endpoint {
  readonly url: string;
  readonly #server: ReturnType<typeof createServer>;
  readonly #ids: Set<string>;
  #arrived: () => void = () => {};

  static async open(): Promise<Endpoint> {
    const ids = new Set<string>();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = new Endpoint(server, ids);
    server.on("request", (request, response) => {
      ids.add(String(request.headers["webhook-id"]));
      request.resume();
      response.writeHead(204).end();
      endpoint.#arrived();
    });
    return endpoint;
  }

  private constructor(server: ReturnType<typeof createServer>, ids: Set<string>) {
    this.#server = server;
    this.#ids = ids;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  received(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = () => {
        if (this.#ids.size >= count) resolve();
      };
      this.#arrived();
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
