import { z } from "@hono/zod-openapi";
import type { Limits } from "../../../src/jobs/limits.ts";
import { FormatEnum } from "./common.ts";

const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const LARGEST_BOOST = 10;
const MOST_REPLACEMENTS = 1000;
const REPLACEMENT_CHARACTERS = 100;
/** Later than any recording ends. */
const LATEST_SECOND = 1_000_000;
const LONGEST_DELETION_SECONDS = 10 * 365 * 24 * 3600;

/** What recordings are transcribed with: members of the requests that create transcriptions and batches. */
export function optionMembers(limits: Limits) {
  return {
    language: z
      .string()
      .max(35)
      .regex(LANGUAGE, "must be a BCP 47 tag, like en or en-GB")
      .nullish()
      .openapi({ description: "BCP 47. Default: the model's own language.", example: "en" }),
    channels: z.enum(["mix", "split"]).optional().openapi({
      description:
        "`mix`: all channels as one. `split`: each channel on its own, as for calls with a speaker per channel; each track, where there are several and none is chosen. Default: mix.",
      example: "mix",
    }),
    track: z.int().min(1).max(1000).nullish().openapi({
      description:
        "Which track of sound of a video or of a recorder with several, from 1. Default: the file's default one; the others are named in the transcript's warnings.",
      example: 1,
    }),
    start: second().openapi({
      description: "Second of the recording from which on it is transcribed. Default: its begin.",
      example: 0,
    }),
    end: second().openapi({
      description:
        "Second of the recording up to which it is transcribed. Default: its end. Times in the transcript stay those of the recording.",
      example: 90.5,
    }),
    hotwords: z.array(hotword(limits)).max(limits.hotwords).optional().openapi({
      description: "Words and phrases to expect: names, products, jargon.",
    }),
    alternatives: z.int().min(1).max(limits.alternatives).optional().openapi({
      description: "How many versions of each segment to return, the best first. Default: 1.",
      example: 1,
    }),
    word_timestamps: z.boolean().optional().openapi({ description: "Times of each word. Default: true." }),
    format_text: z.boolean().optional().openapi({
      description:
        "Text as people write it. False: the words as they were heard; those are in `verbatim_text` and `words[].word` in any case. Default: true.",
    }),
    punctuate: z.boolean().optional().openapi({
      description: "Marks and capitals, where the model brings what puts them. Default: as `format_text`.",
    }),
    numerals: z.boolean().optional().openapi({
      description:
        "Numbers, dates, money and spelled letters as they are written. Default: as `format_text`.",
    }),
    replace: z
      .array(replacement())
      .max(MOST_REPLACEMENTS)
      .optional()
      .openapi({ description: "Custom spelling, applied last: to the text as it is written." }),
    formats: formats().optional().openapi({
      description:
        "Files to store beside the JSON result. Every format can be asked for later all the same. Default: none.",
    }),
    delete_after_seconds: z.int().min(0).max(LONGEST_DELETION_SECONDS).nullish().openapi({
      description: "Delete audio and transcript so many seconds after the end. Default: kept until deleted.",
      example: 604800,
    }),
    metadata: metadata(limits).optional(),
  };
}

function second() {
  return z.number().min(0).max(LATEST_SECOND).nullish();
}

export function formats() {
  return z
    .array(FormatEnum)
    .max(4)
    .refine((names) => new Set(names).size === names.length, "must not name a format twice")
    .openapi({ uniqueItems: true, example: ["srt"] });
}

export function webhookRequest() {
  return z
    .strictObject({
      url: z.string().min(1).max(2048).openapi({
        description: "https, to a public address.",
        example: "https://example.com/hooks/scriptorium",
      }),
    })
    .openapi("WebhookRequest");
}

function hotword({ hotwordCharacters }: Limits) {
  return z
    .strictObject({
      phrase: z
        .string()
        .min(1)
        .max(hotwordCharacters)
        .regex(/\S/, "must not be blank")
        .openapi({ example: "Scriptorium" }),
      boost: z.number().gt(0).max(LARGEST_BOOST).optional().openapi({
        description:
          "How much to favour it: above 0. Above 2, words that nobody said begin to appear. Default: 1.",
        example: 1,
      }),
    })
    .openapi("Hotword");
}

function replacement() {
  const phrase = () => z.string().min(1).max(REPLACEMENT_CHARACTERS).regex(/\S/, "must not be blank");
  return z
    .strictObject({
      find: phrase().openapi({
        description: "Whole words, in any case; marks between them do not matter.",
        example: "scriptorium dot i o",
      }),
      with: phrase().openapi({ description: "Written just so.", example: "scriptorium.io" }),
    })
    .openapi("Replacement");
}

function metadata({ metadataEntries, metadataKeyCharacters, metadataValueCharacters }: Limits) {
  return z
    .record(z.string().min(1).max(metadataKeyCharacters), z.string().max(metadataValueCharacters))
    .refine(
      (entries) => Object.keys(entries).length <= metadataEntries,
      `must have at most ${metadataEntries} entries`,
    )
    .openapi({
      description: "Your own names and values. They come back in every answer and webhook.",
      maxProperties: metadataEntries,
      // Of OpenAPI 3.1, which the types are behind.
      ...({ propertyNames: { minLength: 1, maxLength: metadataKeyCharacters } } as object),
      example: { order: "4711" },
    });
}
