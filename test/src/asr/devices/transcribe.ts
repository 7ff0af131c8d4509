/** Transcribe a file with the bundled pack on a device; print what was used and what was heard as JSON. */
import { collect, type Device, Transcriber } from "../../../../src/asr/index.ts";
import { PACK } from "../golden.ts";

const [device, file] = process.argv.slice(2);
const transcriber = await Transcriber.load(PACK, { device: device as Device });
const segments = await collect(transcriber.transcribe(file));
await transcriber.close();
const words = segments.flatMap(({ words }) => words.map(({ word, start }) => `${word} ${start.toFixed(2)}`));
process.stdout.write(
  JSON.stringify({ device: transcriber.model.device, precision: transcriber.precision, words }),
);
process.exit(0);
