import { readFileSync } from "node:fs";
import { openFunction } from "../../src/aws/lambda.ts";
import { publishCanary } from "../../src/aws/powertools-metrics.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { makeCanaryHandler } from "./handler.ts";
import { readUrl } from "./settings.ts";

const { services, emf, logged } = openFunction("canary", readAwsSettings());
/** Lies beside the bundle. */
const recording = readFileSync(new URL("speech.wav", import.meta.url));

/** For a schedule. */
export const handler = logged(
  makeCanaryHandler({ services, recording, url: readUrl(), publish: (report) => publishCanary(emf, report) }),
);
