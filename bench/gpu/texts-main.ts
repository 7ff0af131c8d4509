/** A process that transcribes the fixtures' utterances on a device and prints the texts as JSON. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadTranscriber, mapConcurrently, transcribeWhole } from "../engine.ts";

const UTTERANCES = fileURLToPath(new URL("../../test/fixtures/utterances", import.meta.url));
const AT_A_TIME = 8;

const transcriber = await loadTranscriber(JSON.parse(process.argv[2]));
const names = (await readdir(UTTERANCES)).sort();
const texts = await mapConcurrently(
  names,
  AT_A_TIME,
  async (name) => (await transcribeWhole(transcriber, join(UTTERANCES, name))).text,
);
const { device } = transcriber.model;
process.stdout.write(JSON.stringify({ device, precision: transcriber.precision, names, texts }));
await transcriber.close();
process.exit(0);
