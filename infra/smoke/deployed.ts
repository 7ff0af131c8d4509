import { setTimeout as wait } from "node:timers/promises";
import type { S3Client } from "@aws-sdk/client-s3";

/** What the smoke test is told of the stack that it tries. What is null leaves steps out. */
export interface DeployedOptions {
  url: string;
  apiKey: string;
  /** Whom the key belongs to: recordings under inbox/OWNER/ are theirs. */
  owner: string;
  bucket: string;
  s3: S3Client;
  /** Of a browser, one of `corsOrigins`. */
  origin: string | null;
  /** An endpoint of the tester's that answers 2xx. */
  webhookUrl: string | null;
  /** Whether lists of batches are read: by the state machine, which an emulator does not run to its end. */
  batches: boolean;
  /** Of a recording whose transcript is too long for an answer of a function. */
  longHours: number | null;
  /** Of ECS, for a deployment under load. */
  service: { cluster: string; name: string } | null;
  /** Of the Fault Injection Service, which takes one of the workers' Spot instances away. */
  interruption: string | null;
  /** Seconds that a recording may take, cold start included. */
  patience: number;
}

/** Whatever the API says: what it ought to be is what is tried. */
export type Json = Record<string, never>;

export interface Answer {
  status: number;
  headers: Headers;
  json: Json;
}

/** A deployed service, by its public ways in alone: its API and its bucket. */
export class Deployed {
  readonly options: DeployedOptions;

  constructor(options: DeployedOptions) {
    this.options = options;
  }

  async call(method: string, path: string, body?: unknown, key = this.options.apiKey): Promise<Answer> {
    const response = await fetch(new URL(path, this.options.url), {
      method,
      redirect: "manual",
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      json: /^[[{]/.test(text) ? JSON.parse(text) : {},
    };
  }

  /** What it created, as the API tells it. Throws where it refuses. */
  async create(path: string, request: object): Promise<Json> {
    const { status, json } = await this.call("POST", path, request);
    if (status !== 201 && status !== 202) throw new Error(`POST ${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  }

  /** The record once `isThere` holds of it. Throws where that takes longer than is patient. */
  async until(path: string, isThere: (record: Json) => boolean): Promise<Json> {
    const deadline = performance.now() + this.options.patience * 1000;
    for (;;) {
      const { json } = await this.call("GET", path);
      if (isThere(json)) return json;
      if (performance.now() > deadline)
        throw new Error(`${path} after ${this.options.patience} s: ${JSON.stringify(json).slice(0, 500)}`);
      await wait(POLL_MS);
    }
  }

  async ended(id: string): Promise<Json> {
    return this.until(`/v1/transcriptions/${id}`, ({ status }) =>
      /^(completed|failed|canceled)$/.test(status),
    );
  }
}

const POLL_MS = 1000;
