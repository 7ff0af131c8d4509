import { expect, test, vi } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { RunningCommand } from "./support/running-command.ts";

test("start prints a link that opens the page signed in, once", async () => {
  const command = new RunningCommand(
    "start",
    "--port",
    "0",
    "--data",
    await temporaryFolder(),
    "--no-worker",
  );
  const [, url, token] = await vi.waitUntil(() => /(http:\S+)\/#once=(\S+)/.exec(command.stdout) ?? false, {
    timeout: 100_000,
  });
  expect(await (await fetch(url)).text()).toContain("<title>Scriptorium</title>");
  const exchange = () =>
    fetch(`${url}/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    });
  const { key } = (await (await exchange()).json()) as { key: string };
  const headers = { authorization: `Bearer ${key}` };
  expect((await fetch(`${url}/v1/models`, { headers })).status).toBe(200);
  expect((await exchange()).status).toBe(401);
  command.interrupt();
  expect(await command.exitCode()).toBe(0);
});
