import { Worker } from "../../../containers/worker/worker.ts";
import { Transcriber } from "../../../src/asr/index.ts";
import { PACK } from "../../src/asr/golden.ts";
import { haltHalfway } from "./halting.ts";
import { openWorld } from "./world.ts";

/**
 * A worker in a process of its own: `node kill-entry.ts <database> <folder> <id> [halting]`. Says "ready" once it is at
 * work. One that halts is through with no recording ever.
 */

const [database, folder, id, halting] = process.argv.slice(2);
const { services } = openWorld({ database, folder, limits: { attempts: 100 }, maxReceives: 1000 });
const loaded = await Transcriber.load(PACK, { device: "cpu" });
const transcriber = halting ? haltHalfway(loaded).transcriber : loaded;
const times = { visibilitySeconds: 2, waitSeconds: 1, checkSeconds: 0.2, progressSeconds: 0.2 };
new Worker(services, transcriber, { id, concurrency: 3, ...times }).start();
process.stdout.write("ready\n");
