import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startService } from "../e2e/support/local-service.ts";
import { describeWithPython, python } from "../support/python.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const COMMANDS = new URL("../fixtures/commands.wav", import.meta.url).pathname;
const QUICK_START = new URL("quick_start.py", import.meta.url).pathname;

describeWithPython("openapi_python_client", "httpx")("a Python client made of the document", () => {
  test("runs the quick start", async () => {
    const service = await startService();
    const folder = await temporaryFolder();
    const document = join(folder, "openapi.json");
    await writeFile(document, await (await fetch(`${service.url}/openapi.json`)).text());
    const config = join(folder, "config.yml");
    // Formatting what is thrown away takes its time.
    await writeFile(config, "package_name_override: scriptorium_client\npost_hooks: []\n");
    const target = join(folder, "scriptorium_client");
    const generate = ["generate", "--path", document, "--output-path", target, "--meta", "none"];
    await promisify(execFile)("openapi-python-client", [...generate, "--config", config]);
    const output = await python([QUICK_START, COMMANDS], {
      SERVICE_URL: service.url,
      SERVICE_KEY: service.access.key,
      PYTHONPATH: folder,
    });
    expect(output.trim()).toBe(
      "ENTER NINE ONE SEVEN ERASE FOUR FIVE SIX FIVE FIVE FIVE ONE TWO THREE FOUR GO",
    );
  });
});
