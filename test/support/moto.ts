import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe } from "vitest";
import { freePort } from "./free-port.ts";
import type { HttpProxy } from "./proxy.ts";
import { startSerialProxy } from "./serial-proxy.ts";
import { startSignatureProxy } from "./sigv4/signature-proxy.ts";

/** An AWS account in a process of this machine, behind a door that checks signatures as AWS does: moto checks none. */
export interface Moto {
  /** For every service but DynamoDB. */
  endpoint: string;
  /** The same, one request at a time: moto loses updates where threads of it change a table at once. */
  dynamoEndpoint: string;
  /** What the SDK needs in the environment, also of other processes, to find it. */
  environment: Record<string, string>;
  /** Put the clock of its queues forward: timeouts and delays end by it, polls do not. */
  advanceQueues(seconds: number): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL("moto_server.py", import.meta.url));
const FOUND = spawnSync("python3", ["-c", "import moto.server"], { stdio: "ignore" }).status === 0;
const START_MS = 100_000;
const ACCESS_KEY = "test";
const SECRET = "test";

/** A suite against moto's server. Where that is missing it is skipped, except in CI, where it has to be there. */
export function describeWithMoto(name: string, suite: (moto: () => Moto) => void): void {
  if (!FOUND && !process.env.CI) {
    describe.skip(`${name} (needs moto: pip install "moto[server]")`, () => suite(() => null!));
    return;
  }
  describe(name, () => {
    let server: ChildProcess | null = null;
    let serial: HttpProxy | null = null;
    const doors: HttpProxy[] = [];
    let moto: Moto | null = null;
    beforeAll(async () => {
      if (!FOUND) throw new Error('There is no moto. Run: pip install "moto[server]"');
      const port = await freePort();
      const child = spawn("python3", [PROGRAM], {
        stdio: ["pipe", "pipe", "ignore"],
        env: { ...process.env, MOTO_PORT: String(port), PYTHONDONTWRITEBYTECODE: "1" },
      });
      server = child;
      const answers = createInterface({ input: child.stdout });
      const advanceQueues = async (seconds: number) => {
        const answered = once(answers, "line");
        child.stdin.write(`${seconds}\n`);
        await answered;
      };
      await untilReady(`http://127.0.0.1:${port}`, server);
      serial = await startSerialProxy(port);
      const verifier = { accessKey: ACCESS_KEY, secret: SECRET, now: Date.now };
      for (const behind of [port, Number(new URL(serial.url).port)])
        doors.push(await startSignatureProxy(behind, verifier));
      const [{ url: endpoint }, { url: dynamoEndpoint }] = doors;
      moto = { endpoint, dynamoEndpoint, environment: environment(endpoint, dynamoEndpoint), advanceQueues };
      Object.assign(process.env, moto.environment);
    });
    afterAll(async () => {
      for (const door of [...doors, serial]) await door?.close();
      if (!server || server.exitCode !== null) return;
      server.kill("SIGKILL");
      await once(server, "exit");
    });
    suite(() => moto!);
  });
}

function environment(endpoint: string, dynamoEndpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoEndpoint,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: ACCESS_KEY,
    AWS_SECRET_ACCESS_KEY: SECRET,
    // Nobody's own settings may lead these tests to a real account.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

async function untilReady(endpoint: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && server.exitCode === null) {
    const answer = await fetch(`${endpoint}/moto-api/data.json`).catch(() => null);
    if (answer?.ok) return;
    await pause(50);
  }
  throw new Error(`moto did not start within ${START_MS / 1000} s`);
}
