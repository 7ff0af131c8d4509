import { expect, test } from "vitest";
import { readWorkerSettings } from "../../../containers/worker/settings.ts";
import { readWorkerImage } from "../../support/worker-image.ts";

/** A line of a Dockerfile: `COPY`, and what follows. */
interface Step {
  name: string;
  rest: string;
}

interface Stage {
  base: string;
  steps: Step[];
}

async function readStages(): Promise<Map<string, Stage>> {
  const { text } = await readWorkerImage();
  const lines = text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stages = new Map<string, Stage>();
  for (const line of lines) {
    const [name, ...words] = line.split(/\s+/);
    const rest = words.join(" ");
    if (name === "FROM") stages.set(words[2], { base: words[0], steps: [] });
    else [...stages.values()].at(-1)?.steps.push({ name, rest });
  }
  return stages;
}

const AWS = {
  SCRIPTORIUM_BUCKET: "b",
  SCRIPTORIUM_TABLE: "t",
  SCRIPTORIUM_TRANSCRIBE_QUEUE_URL: "q",
  SCRIPTORIUM_ARCHIVE_QUEUE_URL: "q",
  SCRIPTORIUM_WEBHOOKS_QUEUE_URL: "q",
};
const TARGETS = ["cpu", "webgpu", "cuda"];

/** The steps of a stage, after those of the stage that it goes on from. */
function stepsOf(stages: Map<string, Stage>, target: string): Step[] {
  const { base, steps } = stages.get(target)!;
  return stages.has(base) ? [...stepsOf(stages, base), ...steps] : steps;
}
const restsOf = (steps: Step[], wanted: string) =>
  steps.filter(({ name }) => name === wanted).map(({ rest }) => rest);
const environmentOf = (steps: Step[]): Record<string, string> =>
  Object.fromEntries(restsOf(steps, "ENV").flatMap((rest) => rest.split(" ").map((pair) => pair.split("="))));

test("stages begin with, and copy from, what is there by then", async () => {
  const known = new Set(["scratch", "${" + "NODE_IMAGE}", "${" + "PYTHON_IMAGE}"]);
  for (const [name, { base, steps }] of await readStages()) {
    expect(known).toContain(base);
    for (const from of restsOf(steps, "COPY").flatMap((rest) => /--from=(\S+)/.exec(rest)?.[1] ?? []))
      expect(known).toContain(from);
    known.add(name);
  }
  for (const target of TARGETS) expect(known).toContain(target);
});

test.each(TARGETS)(
  "%s: its environment is what the worker reads, and its user may write the cache",
  async (target) => {
    const steps = stepsOf(await readStages(), target);
    const environment = environmentOf(steps);
    const settings = readWorkerSettings({ ...AWS, ...environment });
    expect(settings.device).toBe(target);
    const user = restsOf(steps, "USER").at(-1)!;
    const runs = restsOf(steps, "RUN").join("\n");
    const { modelCache } = settings;
    expect(modelCache).toBe(environment.SCRIPTORIUM_MODEL_CACHE);
    expect(runs).toContain(`mkdir -p ${modelCache}`);
    expect(runs).toMatch(new RegExp(`chown ${user}(:${user})? ${modelCache}`));
    // The images of Node bring a user of that name; the others must make theirs.
    if (user !== "node") expect(runs).toMatch(new RegExp(`useradd .* ${user}\\b`));
    const [healthCheck] = restsOf(steps, "HEALTHCHECK");
    expect(healthCheck).toContain(`find ${settings.healthFile} `);
  },
);

test("cpu and cuda end alike, but for the device and the user", async () => {
  const stages = await readStages();
  const endOf = (target: string) => {
    const steps = stepsOf(stages, target);
    const { SCRIPTORIUM_DEVICE: _, NVIDIA_DRIVER_CAPABILITIES: __, ...environment } = environmentOf(steps);
    // Its own packages come over those of cpu, and the libraries are what it is for.
    const copies = [
      ...new Set(restsOf(steps, "COPY").map((rest) => rest.replace("packages-cuda", "packages"))),
    ];
    const tail = ["WORKDIR", "HEALTHCHECK", "ENTRYPOINT", "CMD"].map((name) => restsOf(steps, name));
    return { environment, copies: copies.filter((rest) => !rest.includes("cuda-libraries")), tail };
  };
  expect(endOf("cuda")).toEqual(endOf("cpu"));
});

test("what is installed comes without what it recommends, and leaves no lists behind", async () => {
  for (const { steps } of (await readStages()).values())
    for (const run of restsOf(steps, "RUN").filter((rest) => rest.includes("apt-get install"))) {
      expect(run).toMatch(/^apt-get update && apt-get install -y --no-install-recommends /);
      expect(run).toMatch(/rm -rf \/var\/lib\/apt\/lists\/\*$/);
    }
});
