import { once } from "node:events";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";
import { InvalidRequestError, ServiceError } from "../../../src/jobs/errors.ts";
import { HttpProblemError } from "../problems.ts";
import { type BodyLimits, timedBody } from "./timed-body.ts";

/** Texts by name, in the order they came; `x[]` and `x` are one. */
export type FormFields = ReadonlyMap<string, readonly string[]>;

/** A form up to its file: the rest is read as the file is. */
export interface OpenForm {
  /** Those before the file. */
  fields: FormFields;
  /** Null where the form does not say. */
  fileName: string | null;
  /** To be read to its end, or left: nothing of it is kept. Throws as `timedBody`, and where the form is broken. */
  content: AsyncIterable<Uint8Array>;
  /** All fields, once the file and what stands behind it have been read. Throws likewise. */
  rest(): Promise<FormFields>;
}

const LIMITS = { fieldNameSize: 100, fieldSize: 64 * 1024, fields: 50, files: 1, headerSize: 8192 };

/**
 * Read a multipart form as far as its file, which must be called `file`. Throws InvalidRequestError, HttpProblemError
 * unsupported_media_type, and as `timedBody`.
 */
export async function openForm(request: Request, limits: BodyLimits): Promise<OpenForm> {
  const parser = parserFor(request);
  const fields = new Map<string, string[]>();
  const leave = new AbortController();
  const opened = Promise.withResolvers<{ file: BusboyFileStream; fileName: string | null }>();
  let file: BusboyFileStream | null = null;

  const refuse = (message: string, field: string) => leave.abort(new InvalidRequestError(message, { field }));
  parser.on("field", (name, value, _nameCut, valueCut) => {
    const plain = name?.replace(/\[\]$/, "") ?? "";
    if (valueCut) refuse(`\`${plain}\` is longer than ${LIMITS.fieldSize} bytes.`, plain);
    fields.set(plain, [...(fields.get(plain) ?? []), value]);
  });
  parser.on("file", (name, stream, fileName) => {
    file = stream;
    // Emitted where nobody may be reading yet; whoever reads later finds it destroyed.
    stream.on("error", () => {});
    if (name === "file") opened.resolve({ file: stream, fileName: fileName || null });
    else refuse(`The file must be called \`file\`, not \`${name}\`.`, name ?? "");
  });
  parser.on("filesLimit", () => refuse("There must be one file only.", "file"));
  parser.on("fieldsLimit", () => refuse(`There must be at most ${LIMITS.fields} fields.`, ""));

  const ended = feed(parser, timedBody(request, limits), leave.signal);
  ended.then(
    () => opened.reject(new InvalidRequestError("Send the recording as `file`.", { field: "file" })),
    (error) => {
      opened.reject(error);
      file?.destroy(error);
    },
  );
  const first = await opened.promise;
  return {
    fields: new Map(fields),
    fileName: first.fileName,
    content: leavable(first.file, leave),
    rest: async () => {
      await ended;
      return fields;
    },
  };
}

function parserFor({ headers }: Request): BusboyInstance {
  const type = headers.get("content-type") ?? "";
  if (!/^multipart\/form-data/i.test(type))
    throw new HttpProblemError(
      "unsupported_media_type",
      "Send a form with the recording as `file`: Content-Type: multipart/form-data.",
    );
  try {
    const parser = new Busboy({ headers: { "content-type": type }, limits: LIMITS });
    // What goes wrong is met where it is waited for; one error more must not end the process.
    return parser.on("error", () => {});
  } catch {
    throw new InvalidRequestError("The Content-Type of the form names no boundary.");
  }
}

/** Hand the body to the parser, no faster than the file is read. */
async function feed(
  parser: BusboyInstance,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  let broken: unknown = null;
  parser.on("error", (error) => (broken = error));
  const check = () => {
    signal.throwIfAborted();
    if (broken) throw new InvalidRequestError(`The form cannot be read: ${(broken as Error).message}.`);
  };
  const event = async (name: string) => {
    await once(parser, name, { signal }).catch(check);
    check();
  };
  for await (const piece of body) {
    if (!parser.write(piece)) await event("drain");
    check();
  }
  const finished = event("finish");
  parser.end();
  await finished;
}

/** What is not read to its end stops the form. */
async function* leavable(file: BusboyFileStream, leave: AbortController): AsyncGenerator<Uint8Array> {
  let whole = false;
  try {
    for await (const piece of file) yield piece as Uint8Array;
    whole = true;
  } catch (error) {
    throw error instanceof ServiceError ? error : new InvalidRequestError("The form broke off.");
  } finally {
    if (!whole) leave.abort(new InvalidRequestError("The file was not read to its end."));
  }
}
