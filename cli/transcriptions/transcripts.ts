import { extname } from "node:path";
import { Command } from "commander";
import { FORMAT_NAMES, FORMATS, type FormatName } from "../../src/formats/index.ts";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "../client/command.ts";
import { transcriptionId } from "../option-parsers.ts";
import { saveAs } from "../results/save.ts";
import { formatOption } from "../shared-options.ts";
import { EXIT, type Terminal, writeAll } from "../terminal.ts";

interface GetOptions extends ConnectionOptions {
  format?: FormatName;
  output?: string;
}

/** `scriptorium transcripts get ID` */
export function transcriptsCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command("transcripts").description("Fetch transcripts.").addCommand(getCommand(terminal, exit));
}

function getCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("get")
    .description("Print the transcript of one recording, or write it to a file.")
    .argument("<id>", "transcription", transcriptionId)
    .addOption(formatOption("default: what the file's name ends in, else text"))
    .option("-o, --output <file>", "write it here instead of to standard output")
    .addHelpText("after", HELP)
    .action(async (id: string, options: GetOptions) => {
      const { output } = options;
      const format = options.format ?? formatOf(output) ?? "text";
      const code = await withClient(options, async (client) => {
        const body = await client.transcript(id, format);
        if (output !== undefined) await saveAs(output, body);
        else await writeAll(terminal.stdout, body === "" || body.endsWith("\n") ? body : `${body}\n`);
        return EXIT.done;
      });
      exit(code);
    });
}

const HELP = clientHelp(
  [
    "scriptorium transcripts get tr_0123456789abcdef0123456789abcdef",
    "scriptorium transcripts get tr_0123456789abcdef0123456789abcdef --output call.srt",
  ],
  "0 done; 1 it is not there, or not completed",
);

function formatOf(path: string | undefined): FormatName | undefined {
  const extension = extname(path ?? "")
    .slice(1)
    .toLowerCase();
  return FORMAT_NAMES.find((name) => FORMATS[name].extension === extension);
}
