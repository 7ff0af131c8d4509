// Generated from the OpenAPI document by openapi-typescript: npm run clients

export interface paths {
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read this description in a browser
         * @description The same as a page. Needs no key.
         */
        get: operations["readDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check the service's health
         * @description Needs no key. Tells whether the store answers; on one machine, whether it and the folder of recordings and results can be written to, and what is missing there.
         */
        get: operations["checkHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read this description
         * @description OpenAPI 3.1. Needs no key.
         */
        get: operations["readOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Upload the recording
         * @description Send it as it is to `upload.url`, which opens it once and without the API key, with the headers of `upload.headers`. The URL is to be taken whole: it is made as here where the service keeps recordings on its own machine. On AWS it leads to S3, whose errors are XML with much the same status.
         */
        put: operations["uploadRecording"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audio/transcriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Transcribe in one call
         * @description As OpenAI has it: its clients work unchanged. The same as a transcription that is created, uploaded and waited for. Where that takes too long, the answer is a 504 with the id to ask for. The recording is deleted at the end, the transcript after a day, unless `delete_after_seconds` says otherwise.
         */
        post: operations["transcribe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List batches
         * @description Newest first.
         */
        get: operations["listBatches"];
        put?: never;
        /**
         * Create a batch
         * @description Transcribes every recording of an archive, behind all transcriptions that are asked for one by one. What this model version has done already is skipped unless `force` is set.
         */
        post: operations["createBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a batch
         * @description Counts by status, progress and the time that is left.
         */
        get: operations["getBatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a batch
         * @description No further item is begun, and those at work are stopped. What is completed stays.
         */
        post: operations["cancelBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a batch's summary
         * @description What became of each item, once the batch is over: JSON Lines, one item a line. One of more than 2.5 MB is a 303 to where it lies.
         */
        get: operations["readBatchSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/webhook/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver a batch's webhook again
         * @description Sends the event again, with the same `webhook-id`, from the start of the schedule on; to a disabled endpoint too.
         */
        post: operations["redeliverBatchWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description Those of your own owner, without their secrets; with an admin key, of all or of one owner.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Create an API key
         * @description Of your own owner; with an admin key, of any. It works at once. An admin key is made where the service runs: `scriptorium keys create --admin`.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description From now on it opens nothing. Twice is no mistake.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List models
         * @description The model that transcribes, and others that the service has; in OpenAI's words as well.
         */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transcriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List transcriptions
         * @description Newest first. A page may be short, or empty, where few have the `file_name` or `metadata` that is asked for: go on until `next` is null.
         */
        get: operations["listTranscriptions"];
        put?: never;
        /**
         * Create a transcription
         * @description Without `source` the answer has an `upload`: PUT the recording there, and it is queued. With `source` it is queued at once, and with `wait` the answer comes when it has ended.
         */
        post: operations["createTranscription"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transcriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a transcription
         * @description Its status, progress and facts; the transcript itself is another call. With `wait` the answer comes when the transcription has ended.
         */
        get: operations["getTranscription"];
        put?: never;
        post?: never;
        /**
         * Delete a transcription
         * @description Deletes the uploaded audio, the transcript and all that you told us, at once. What is left says only that it was there. An object that was named as `source` stays. Deleting twice is no mistake.
         */
        delete: operations["deleteTranscription"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transcriptions/{id}/audio": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the recording
         * @description A 303 to where the recording lies, for an hour and without the API key. That place answers Range, so that a player can begin anywhere. Clients that do not follow by themselves find the same link in the body; with `Accept: application/json` it comes as a 200, for pages, whose scripts cannot see where a redirect leads.
         */
        get: operations["readAudio"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transcriptions/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a transcription
         * @description Stops it wherever it is. Canceling twice is no mistake.
         */
        post: operations["cancelTranscription"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transcriptions/{id}/transcript": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a transcript
         * @description In the format that `format` names or, without it, that the Accept header prefers; else JSON. One of more than 2.5 MB is a 303 to where it lies.
         */
        get: operations["readTranscript"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transcriptions/{id}/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Go on with an upload in parts
         * @description The parts that are not there yet, with fresh URLs: after a cut, or when their time is over.
         */
        get: operations["continueUpload"];
        put?: never;
        /**
         * Complete an upload in parts
         * @description Makes the recording of its parts, which are all there: it is queued. Twice is no mistake.
         */
        post: operations["completeUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transcriptions/{id}/webhook/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver a transcription's webhook again
         * @description Sends the event again, with the same `webhook-id`, from the start of the schedule on; to a disabled endpoint too.
         */
        post: operations["redeliverTranscriptionWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List usage
         * @description Recordings that ended and their seconds of audio, by day (UTC) and key. Deleting one takes nothing back.
         */
        get: operations["listUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhook secrets
         * @description What webhooks are signed with: one secret, or two while one takes over from the other.
         */
        get: operations["listWebhookSecrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-secrets/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the webhook secret
         * @description Makes a new secret. The one before it signs beside it until its `expires_at`.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    batch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A batch ended
         * @description Verify `webhook-id`, `webhook-timestamp` and `webhook-signature` before you believe it.
         */
        post: operations["batchEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    transcription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A transcription completed, failed, was canceled or expired
         * @description Verify `webhook-id`, `webhook-timestamp` and `webhook-signature` before you believe it.
         */
        post: operations["transcriptionEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        Batch: {
            alternatives: number;
            /** @description Of completed items. */
            audio_seconds: number;
            /** @enum {string} */
            channels: "mix" | "split";
            counts: components["schemas"]["BatchCounts"];
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            created_at: string;
            delete_after_seconds: number | null;
            end: number | null;
            error: {
                code: string;
                message: string;
            } | null;
            /** @description Null while it cannot be told. */
            eta_seconds: number | null;
            force: boolean;
            format_text: boolean;
            formats: ("json" | "text" | "srt" | "vtt")[];
            hotwords: {
                boost?: number;
                phrase: string;
            }[];
            /** @example ba_0123456789abcdef0123456789abcdef */
            id: string;
            language: string | null;
            /** @description What its source holds besides recordings, by the reason (`other_extension`, `apple_double`, `symbolic_link`, `unreadable_name`, `hidden`, `no_file`); the summary names each. Null while the source is being read. */
            left_out: {
                [key: string]: number;
            } | null;
            metadata: {
                [key: string]: string;
            };
            name: string | null;
            numerals: boolean;
            progress: number;
            punctuate: boolean;
            replace: {
                find: string;
                with: string;
            }[];
            results: {
                formats: ("json" | "text" | "srt" | "vtt")[];
                /** @enum {string} */
                place: "batch" | "beside";
            };
            source: {
                bucket: string;
                prefix: string;
            } | {
                bucket: string | null;
                /** @enum {string} */
                format: "csv" | "jsonl" | "s3_inventory";
                manifest: {
                    bucket: string;
                    key: string;
                };
            };
            start: number | null;
            /**
             * @description `listing`: its source is still being read, while items are worked on. `processing`: all items are known. Then `completed`, or `canceling` and `canceled`. `failed`: the source could not be read.
             * @enum {string}
             */
            status: "listing" | "processing" | "completed" | "canceling" | "canceled" | "failed";
            times: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                canceled?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                canceling?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                completed?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                failed?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                listing?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                processing?: string;
            };
            track: number | null;
            webhook: components["schemas"]["Webhook"] | null;
            word_timestamps: boolean;
        };
        /** @description Items by their status; `skipped`: done before. */
        BatchCounts: {
            awaiting_upload: number;
            canceled: number;
            completed: number;
            deleted: number;
            expired: number;
            failed: number;
            processing: number;
            queued: number;
            skipped: number;
            /** @description Items known so far: the sum of the others. */
            total: number;
        };
        /** @description Sent at every end of a batch: `status` tells which. */
        BatchEvent: {
            data: {
                counts: {
                    [key: string]: number;
                };
                id: string;
                metadata?: {
                    [key: string]: string;
                };
                /** @enum {boolean} */
                metadata_omitted?: true;
                /** @enum {string} */
                status: "completed" | "canceled" | "failed";
            };
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            timestamp: string;
            /** @enum {string} */
            type: "batch.completed";
        };
        BatchItem: {
            /** @description Seconds of audio. */
            duration: number | null;
            error: {
                code: string;
                message: string;
            } | null;
            /** @description Of the transcription; null where there is none. */
            id: string | null;
            /** @description bucket/key */
            source: string;
            status: ("awaiting_upload" | "queued" | "processing" | "completed" | "failed" | "canceled" | "expired" | "deleted") | ("skipped" | "left_out");
        };
        BatchPage: {
            data: components["schemas"]["ListedBatch"][];
            /** @description To be sent as `after` for the next page; null at the end. */
            next: string | null;
        };
        /**
         * @example {
         *       "name": "Calls of 2019",
         *       "source": {
         *         "bucket": "recordings",
         *         "prefix": "2019/"
         *       }
         *     }
         */
        CreateBatch: {
            /**
             * @description How many versions of each segment to return, the best first. Default: 1.
             * @example 1
             */
            alternatives?: number;
            /**
             * @description `mix`: all channels as one. `split`: each channel on its own, as for calls with a speaker per channel; each track, where there are several and none is chosen. Default: mix.
             * @example mix
             * @enum {string}
             */
            channels?: "mix" | "split";
            /**
             * @description Delete audio and transcript so many seconds after the end. Default: kept until deleted.
             * @example 604800
             */
            delete_after_seconds?: number | null;
            /**
             * @description Second of the recording up to which it is transcribed. Default: its end. Times in the transcript stay those of the recording.
             * @example 90.5
             */
            end?: number | null;
            /** @description Do again what this model version has done already. Default: false. */
            force?: boolean;
            /** @description Text as people write it. False: the words as they were heard; those are in `verbatim_text` and `words[].word` in any case. Default: true. */
            format_text?: boolean;
            /**
             * @description Files to store beside the JSON result. Every format can be asked for later all the same. Default: none.
             * @example [
             *       "srt"
             *     ]
             */
            formats?: ("json" | "text" | "srt" | "vtt")[];
            /** @description Words and phrases to expect: names, products, jargon. */
            hotwords?: components["schemas"]["Hotword"][];
            /**
             * @description BCP 47. Default: the model's own language.
             * @example en
             */
            language?: string | null;
            /**
             * @description Your own names and values. They come back in every answer and webhook.
             * @example {
             *       "order": "4711"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description For people.
             * @example Calls of 2019
             */
            name?: string | null;
            /** @description Numbers, dates, money and spelled letters as they are written. Default: as `format_text`. */
            numerals?: boolean;
            /** @description Marks and capitals, where the model brings what puts them. Default: as `format_text`. */
            punctuate?: boolean;
            /** @description Custom spelling, applied last: to the text as it is written. */
            replace?: components["schemas"]["Replacement"][];
            /** @description Files named for their sources, besides each transcription's own result. */
            results?: {
                /**
                 * @description One file for each. Default: json.
                 * @example [
                 *       "srt"
                 *     ]
                 */
                formats?: ("json" | "text" | "srt" | "vtt")[];
                /**
                 * @description `batch`: under batches/{id}/results/ in the service's bucket. `beside`: next to each source. Default: batch.
                 * @enum {string}
                 */
                place?: "batch" | "beside";
            };
            /**
             * @description Either all objects under a prefix, or those that a manifest lists.
             * @example {
             *       "bucket": "recordings",
             *       "prefix": "2019/"
             *     }
             */
            source: {
                /** @example recordings */
                bucket: string;
                /**
                 * @description Empty: the whole bucket.
                 * @example 2019/
                 */
                prefix: string;
            } | {
                /**
                 * @description Of the rows that name none. Default: each row names its own.
                 * @example recordings
                 */
                bucket?: string | null;
                /** @enum {string} */
                format: "csv" | "jsonl" | "s3_inventory";
                manifest: components["schemas"]["ObjectRef"];
            };
            /**
             * @description Second of the recording from which on it is transcribed. Default: its begin.
             * @example 0
             */
            start?: number | null;
            /**
             * @description Which track of sound of a video or of a recorder with several, from 1. Default: the file's default one; the others are named in the transcript's warnings.
             * @example 1
             */
            track?: number | null;
            /** @description Where to tell of the batch's end. */
            webhook?: {
                /**
                 * @description https, to a public address.
                 * @example https://example.com/hooks/scriptorium
                 */
                url: string;
            } | null;
            /** @description Times of each word. Default: true. */
            word_timestamps?: boolean;
        };
        /**
         * @example {
         *       "owner": "radio",
         *       "name": "night desk"
         *     }
         */
        CreateKey: {
            /** @description Default: false. */
            admin?: boolean;
            /**
             * @description For people.
             * @example night desk
             */
            name?: string;
            /**
             * @description Whom what it makes belongs to. Default: your own.
             * @example radio
             */
            owner?: string;
        };
        /**
         * @example {
         *       "file_name": "call-17.wav",
         *       "language": "en"
         *     }
         */
        CreateTranscription: {
            /**
             * @description How many versions of each segment to return, the best first. Default: 1.
             * @example 1
             */
            alternatives?: number;
            /**
             * @description `mix`: all channels as one. `split`: each channel on its own, as for calls with a speaker per channel; each track, where there are several and none is chosen. Default: mix.
             * @example mix
             * @enum {string}
             */
            channels?: "mix" | "split";
            /**
             * @description Of the recording. The upload must then be sent with it. What it really is, the service finds out.
             * @example audio/wav
             */
            content_type?: string | null;
            /**
             * @description Delete audio and transcript so many seconds after the end. Default: kept until deleted.
             * @example 604800
             */
            delete_after_seconds?: number | null;
            /**
             * @description Second of the recording up to which it is transcribed. Default: its end. Times in the transcript stay those of the recording.
             * @example 90.5
             */
            end?: number | null;
            /**
             * @description Of the recording, for people; subtitles are saved under it.
             * @example call-17.wav
             */
            file_name?: string | null;
            /** @description Text as people write it. False: the words as they were heard; those are in `verbatim_text` and `words[].word` in any case. Default: true. */
            format_text?: boolean;
            /**
             * @description Files to store beside the JSON result. Every format can be asked for later all the same. Default: none.
             * @example [
             *       "srt"
             *     ]
             */
            formats?: ("json" | "text" | "srt" | "vtt")[];
            /** @description Words and phrases to expect: names, products, jargon. */
            hotwords?: components["schemas"]["Hotword"][];
            /**
             * @description BCP 47. Default: the model's own language.
             * @example en
             */
            language?: string | null;
            /**
             * @description Your own names and values. They come back in every answer and webhook.
             * @example {
             *       "order": "4711"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            /** @description Numbers, dates, money and spelled letters as they are written. Default: as `format_text`. */
            numerals?: boolean;
            /** @description Marks and capitals, where the model brings what puts them. Default: as `format_text`. */
            punctuate?: boolean;
            /** @description Custom spelling, applied last: to the text as it is written. */
            replace?: components["schemas"]["Replacement"][];
            /**
             * @description An object that lies ready, in a bucket that your key may read; or a recording elsewhere on the web, which is fetched; or another transcription, whose recording is transcribed again. Without it: the recording will be uploaded.
             * @example {
             *       "bucket": "recordings",
             *       "key": "2026/call-17.wav"
             *     }
             */
            source?: components["schemas"]["ObjectRef"] | components["schemas"]["RemoteSource"] | components["schemas"]["SourceTranscription"] | null;
            /**
             * @description Second of the recording from which on it is transcribed. Default: its begin.
             * @example 0
             */
            start?: number | null;
            /**
             * @description Which track of sound of a video or of a recorder with several, from 1. Default: the file's default one; the others are named in the transcript's warnings.
             * @example 1
             */
            track?: number | null;
            /** @description To upload it in parts, each as often as it takes: for large recordings and bad lines. `upload.parts` of the answer says where to, and another call makes the recording of them. */
            upload?: {
                /**
                 * @description Bytes of the recording.
                 * @example 400000000
                 */
                size: number;
            } | null;
            /** @description Where to tell of the end. */
            webhook?: {
                /**
                 * @description https, to a public address.
                 * @example https://example.com/hooks/scriptorium
                 */
                url: string;
            } | null;
            /** @description Times of each word. Default: true. */
            word_timestamps?: boolean;
        };
        /** @description Where to GET it, without the API key. */
        DownloadLink: {
            /** Format: uri */
            download_url: string;
            expires_at: string;
        };
        Health: {
            /** @enum {string} */
            status: "ok";
            /** @description What keeps it from some of its work: `ffmpeg_missing`. */
            warnings: {
                code: string;
                message: string;
            }[];
        };
        Hotword: {
            /**
             * @description How much to favour it: above 0. Above 2, words that nobody said begin to appear. Default: 1.
             * @example 1
             */
            boost?: number;
            /** @example Scriptorium */
            phrase: string;
        };
        Key: {
            /** @description Makes, lists and revokes the keys of every owner; others those of their own. */
            admin: boolean;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            created_at: string;
            /**
             * @description Its first characters, to tell keys apart.
             * @example sk_4f1c
             */
            hint: string;
            /** @example ke_0123456789abcdef0123456789abcdef */
            id: string;
            /** @description For people. */
            name: string;
            /** @example radio */
            owner: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            revoked_at: string | null;
        };
        Keys: {
            /** @description Oldest first, revoked ones too. */
            data: components["schemas"]["Key"][];
        };
        ListedBatch: {
            alternatives: number;
            /** @description Of completed items. */
            audio_seconds: number;
            /** @enum {string} */
            channels: "mix" | "split";
            counts: components["schemas"]["BatchCounts"];
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            created_at: string;
            delete_after_seconds: number | null;
            end: number | null;
            error: {
                code: string;
                message: string;
            } | null;
            /** @description Null while it cannot be told. */
            eta_seconds: number | null;
            force: boolean;
            format_text: boolean;
            formats: ("json" | "text" | "srt" | "vtt")[];
            hotwords?: {
                boost?: number;
                phrase: string;
            }[];
            /** @example ba_0123456789abcdef0123456789abcdef */
            id: string;
            language: string | null;
            /** @description What its source holds besides recordings, by the reason (`other_extension`, `apple_double`, `symbolic_link`, `unreadable_name`, `hidden`, `no_file`); the summary names each. Null while the source is being read. */
            left_out: {
                [key: string]: number;
            } | null;
            metadata?: {
                [key: string]: string;
            };
            name: string | null;
            numerals: boolean;
            /** @description Members of more than 2,000 bytes, which lists leave out: get it by its id for them. */
            omitted?: ("hotwords" | "replace" | "metadata")[];
            progress: number;
            punctuate: boolean;
            replace?: {
                find: string;
                with: string;
            }[];
            results: {
                formats: ("json" | "text" | "srt" | "vtt")[];
                /** @enum {string} */
                place: "batch" | "beside";
            };
            source: {
                bucket: string;
                prefix: string;
            } | {
                bucket: string | null;
                /** @enum {string} */
                format: "csv" | "jsonl" | "s3_inventory";
                manifest: {
                    bucket: string;
                    key: string;
                };
            };
            start: number | null;
            /**
             * @description `listing`: its source is still being read, while items are worked on. `processing`: all items are known. Then `completed`, or `canceling` and `canceled`. `failed`: the source could not be read.
             * @enum {string}
             */
            status: "listing" | "processing" | "completed" | "canceling" | "canceled" | "failed";
            times: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                canceled?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                canceling?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                completed?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                failed?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                listing?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                processing?: string;
            };
            track: number | null;
            webhook: components["schemas"]["Webhook"] | null;
            word_timestamps: boolean;
        };
        ListedTranscription: {
            alternatives: number;
            audio: {
                channels: number;
                codec: string;
                /** @description Seconds. */
                duration: number;
                /** @description Hz. */
                sample_rate: number;
                sha256: string;
            } | null;
            batch_id: string | null;
            /** @enum {string} */
            channels: "mix" | "split";
            content_type: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            created_at: string;
            delete_after_seconds: number | null;
            /**
             * Format: uri
             * @description Where to GET the transcript as JSON without the API key, for 15 minutes. In answers about a single one that is completed.
             */
            download_url?: string;
            end: number | null;
            /** @description Why it failed. */
            error: {
                code: string;
                message: string;
            } | null;
            file_name: string | null;
            format_text: boolean;
            formats: ("json" | "text" | "srt" | "vtt")[];
            hotwords?: {
                boost?: number;
                phrase: string;
            }[];
            /** @example tr_0123456789abcdef0123456789abcdef */
            id: string;
            language: string | null;
            metadata?: {
                [key: string]: string;
            };
            model: {
                device: string;
                name: string;
                version: string;
            } | null;
            numerals: boolean;
            /** @description Members of more than 2,000 bytes, which lists leave out: get it by its id for them. */
            omitted?: ("hotwords" | "replace" | "metadata")[];
            progress: number;
            punctuate: boolean;
            replace?: {
                find: string;
                with: string;
            }[];
            /** @description Null where the recording was uploaded. */
            source: {
                bucket: string;
                key: string;
            } | {
                /** @description Without its query. */
                url: string;
            } | {
                /** @description Whose recording it is about. */
                transcription: string;
            } | null;
            start: number | null;
            /**
             * @description `awaiting_upload`, `queued`, `processing`, then `completed`, `failed` or `canceled`; `expired`: it was never uploaded; `deleted`.
             * @enum {string}
             */
            status: "awaiting_upload" | "queued" | "processing" | "completed" | "failed" | "canceled" | "expired" | "deleted";
            /** @description When each status was last entered. */
            times: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                awaiting_upload?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                canceled?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                completed?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                deleted?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                expired?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                failed?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                processing?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                queued?: string;
            };
            track: number | null;
            /** @description In answers to the creation alone, while the upload is awaited. */
            upload?: components["schemas"]["Upload"] | components["schemas"]["UploadInParts"];
            /** @description The transcript's first ones: a `hotword_skipped` that cannot be spelled, a recording that is `truncated`… */
            warnings: {
                at: number;
                code: string;
                message: string;
            }[];
            webhook: components["schemas"]["Webhook"] | null;
            word_timestamps: boolean;
        };
        Models: {
            /** @description The first is the one in use. */
            data: {
                /** @description Always 0: packs do not say. */
                created: number;
                /** @description The same as `name`. */
                id: string;
                languages: string[];
                license: string | null;
                name: string;
                /** @enum {string} */
                object: "model";
                owned_by: string;
                parameters: {
                    active: number;
                    total: number;
                } | null;
                version: string;
            }[];
            /** @enum {string} */
            object: "list";
        };
        NewKey: {
            /** @description Makes, lists and revokes the keys of every owner; others those of their own. */
            admin: boolean;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            created_at: string;
            /**
             * @description Its first characters, to tell keys apart.
             * @example sk_4f1c
             */
            hint: string;
            /** @example ke_0123456789abcdef0123456789abcdef */
            id: string;
            /** @description For people. */
            name: string;
            /** @example radio */
            owner: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            revoked_at: string | null;
            /**
             * @description The key itself. It is shown this once; only its digest is kept.
             * @example sk_0123456789ab0123456789ab0123456789ab0123456789ab
             */
            secret: string;
        };
        ObjectRef: {
            /** @example recordings */
            bucket: string;
            /** @example 2026/call-17.wav */
            key: string;
        };
        OpenAiTranscription: {
            text: string;
            usage: {
                seconds: number;
                /** @enum {string} */
                type: "duration";
            };
        };
        OpenAiVerboseTranscription: {
            duration: number;
            /**
             * @description Its English name.
             * @example english
             */
            language: string;
            segments?: {
                /** @description Logarithm of the segment's confidence. */
                avg_logprob: number;
                compression_ratio: number;
                end: number;
                id: number;
                /** @description Always 0: silence is cut off beforehand. */
                no_speech_prob: number;
                seek: number;
                start: number;
                temperature: number;
                text: string;
                /** @description Always empty: no vocabulary is shared. */
                tokens: number[];
            }[];
            /** @enum {string} */
            task: "transcribe";
            text: string;
            usage: {
                seconds: number;
                /** @enum {string} */
                type: "duration";
            };
            words?: {
                end: number;
                start: number;
                word: string;
            }[];
        };
        /** @description Sentences between longer pauses, or of one speaker's turn. */
        Paragraph: {
            channel?: number;
            /** @description Seconds from the start of the recording. */
            end: number;
            sentences: {
                /** @description Seconds from the start of the recording. */
                end: number;
                /** @description Seconds from the start of the recording. */
                start: number;
                text: string;
            }[];
            /** @description Seconds from the start of the recording. */
            start: number;
        };
        /** @description What went wrong (RFC 9457). */
        Problem: {
            /**
             * @description For machines; codes do not change.
             * @enum {string}
             */
            code: "invalid_request" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "request_timeout" | "not_completed" | "not_cancelable" | "transcription_failed" | "not_in_parts" | "parts_missing" | "upload_over" | "no_webhook" | "deleted" | "too_large" | "unsupported_media_type" | "idempotency_key_reused" | "rate_limited" | "internal_error" | "storage_read_only" | "not_yet_completed" | "storage_full" | "upload_incomplete" | "upload_url_invalid" | "upload_headers_missing" | "upload_url_expired" | "upload_stalled" | "not_awaited" | "already_uploaded";
            /** @description The status that stood in the way. */
            current_status?: string;
            /** @description For people: what is wrong and, where there is one, the remedy. */
            detail: string;
            /** @description not_completed, transcription_failed: why the transcription failed. In answers of the calls that OpenAI has as well: the same as clients of OpenAI read it. */
            error?: {
                code: string;
                message: string;
                param?: string | null;
                type?: string;
            };
            /** @description invalid_request: each member, parameter or header at fault. */
            errors?: {
                field: string;
                message: string;
            }[];
            /** @description invalid_request: the one member at fault. */
            field?: string;
            /** @description too_large: the largest body that is taken. */
            limit_bytes?: number;
            /** @description parts_missing: their numbers. */
            missing_parts?: number[];
            /** @description internal_error: to quote when asking about it. */
            request_id?: string;
            /** @description The HTTP status. */
            status: number;
            /** @description The status in words. */
            title: string;
            /** @description not_yet_completed: what to ask for. */
            transcription_id?: string;
            /** @enum {string} */
            type: "about:blank";
        };
        RemoteSource: {
            /** @description To be sent to that origin, such as Authorization. Never shown again, and forgotten at the end. */
            headers?: {
                [key: string]: string;
            };
            /**
             * @description https, to a public address. Its query is not shown again.
             * @example https://example.com/call-17.wav
             */
            url: string;
        };
        Replacement: {
            /**
             * @description Whole words, in any case; marks between them do not matter.
             * @example scriptorium dot i o
             */
            find: string;
            /**
             * @description Written just so.
             * @example scriptorium.io
             */
            with: string;
        };
        /** @description A stretch of speech. */
        Segment: {
            /** @description As heard, the segment's own words first; only where more than one was asked for. */
            alternatives?: {
                /** @description Null where the model tells no probabilities. */
                confidence: number | null;
                text: string;
            }[];
            /** @description From 0; only with `channels: split`. */
            channel?: number;
            /** @description Null where the model tells no probabilities. */
            confidence: number | null;
            /** @description Seconds from the start of the recording. */
            end: number;
            id: number;
            /** @description Seconds from the start of the recording. */
            start: number;
            text: string;
            /** @description Empty where no times were asked for. */
            words: {
                /** @description Null where the model tells no probabilities. */
                confidence: number | null;
                /** @description As the text has it, with its marks; empty where it is written with the word before, as in numbers. Absent in older transcripts. */
                display?: string;
                /** @description Seconds from the start of the recording. */
                end: number;
                /** @description Seconds from the start of the recording. */
                start: number;
                /** @description As heard. */
                word: string;
            }[];
        };
        SourceTranscription: {
            /**
             * @description Its id. Its recording stays its own: when it is deleted before this one was begun, this one fails.
             * @example tr_0123456789abcdef0123456789abcdef
             */
            transcription: string;
        };
        Transcript: {
            audio: {
                channels: number;
                codec: string;
                duration: number;
                /** @description To draw the sound: the largest sample of each of as many equal stretches, in percent of full scale. A thousand at most. */
                peaks?: number[];
                sample_rate: number;
                sha256: string;
            };
            channels?: {
                channel: number;
                text: string;
            }[];
            /** @description Null where the model tells no probabilities. */
            confidence: number | null;
            /** @description Seconds of audio. */
            duration: number;
            /** @example tr_0123456789abcdef0123456789abcdef */
            id: string;
            language: string;
            model: {
                /** @enum {string} */
                device: "cpu" | "webgpu" | "cuda";
                name: string;
                version: string;
            };
            /** @description Only where marks were put: without sentences there is nothing to divide. */
            paragraphs?: components["schemas"]["Paragraph"][];
            segments: components["schemas"]["Segment"][];
            text: string;
            timing: {
                decode_ms: number;
                infer_ms: number;
                queued_ms: number;
                /** @description Seconds of work for a second of audio. */
                rtf: number;
            };
            /** @description The words as they were heard. */
            verbatim_text?: string;
            warnings?: {
                at: number;
                code: string;
                message: string;
            }[];
        };
        Transcription: {
            alternatives: number;
            audio: {
                channels: number;
                codec: string;
                /** @description Seconds. */
                duration: number;
                /** @description Hz. */
                sample_rate: number;
                sha256: string;
            } | null;
            batch_id: string | null;
            /** @enum {string} */
            channels: "mix" | "split";
            content_type: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            created_at: string;
            delete_after_seconds: number | null;
            /**
             * Format: uri
             * @description Where to GET the transcript as JSON without the API key, for 15 minutes. In answers about a single one that is completed.
             */
            download_url?: string;
            end: number | null;
            /** @description Why it failed. */
            error: {
                code: string;
                message: string;
            } | null;
            file_name: string | null;
            format_text: boolean;
            formats: ("json" | "text" | "srt" | "vtt")[];
            hotwords: {
                boost?: number;
                phrase: string;
            }[];
            /** @example tr_0123456789abcdef0123456789abcdef */
            id: string;
            language: string | null;
            metadata: {
                [key: string]: string;
            };
            model: {
                device: string;
                name: string;
                version: string;
            } | null;
            numerals: boolean;
            progress: number;
            punctuate: boolean;
            replace: {
                find: string;
                with: string;
            }[];
            /** @description Null where the recording was uploaded. */
            source: {
                bucket: string;
                key: string;
            } | {
                /** @description Without its query. */
                url: string;
            } | {
                /** @description Whose recording it is about. */
                transcription: string;
            } | null;
            start: number | null;
            /**
             * @description `awaiting_upload`, `queued`, `processing`, then `completed`, `failed` or `canceled`; `expired`: it was never uploaded; `deleted`.
             * @enum {string}
             */
            status: "awaiting_upload" | "queued" | "processing" | "completed" | "failed" | "canceled" | "expired" | "deleted";
            /** @description When each status was last entered. */
            times: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                awaiting_upload?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                canceled?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                completed?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                deleted?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                expired?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                failed?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                processing?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                queued?: string;
            };
            track: number | null;
            /** @description In answers to the creation alone, while the upload is awaited. */
            upload?: components["schemas"]["Upload"] | components["schemas"]["UploadInParts"];
            /** @description The transcript's first ones: a `hotword_skipped` that cannot be spelled, a recording that is `truncated`… */
            warnings: {
                at: number;
                code: string;
                message: string;
            }[];
            webhook: components["schemas"]["Webhook"] | null;
            word_timestamps: boolean;
        };
        TranscriptionEvent: {
            data: {
                batch_id?: string;
                /** @description Seconds of audio. */
                duration?: number;
                error?: {
                    code: string;
                    message: string;
                };
                file_name: string | null;
                id: string;
                metadata?: {
                    [key: string]: string;
                };
                /** @enum {boolean} */
                metadata_omitted?: true;
                /** @enum {string} */
                status: "completed" | "failed" | "canceled" | "expired";
            };
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            timestamp: string;
            /** @enum {string} */
            type: "transcription.completed" | "transcription.failed" | "transcription.canceled" | "transcription.expired";
        };
        TranscriptionForm: {
            /** @description Taken, and without effect: speech is always cut at its pauses. */
            chunking_strategy?: string;
            /** @description Not of OpenAI: keep recording and transcript for so long. Default: the recording goes at the end, the transcript after a day. */
            delete_after_seconds?: number;
            /**
             * Format: binary
             * @description The recording.
             */
            file: string;
            /** @description Taken, and without effect: there are no log probabilities of tokens. */
            include?: string[];
            /**
             * @description One of the model's. Default: its own.
             * @example en
             */
            language?: string;
            /**
             * @description Any name, such as `whisper-1`: the service's own model does it.
             * @example whisper-1
             */
            model?: string;
            /** @description A list of names and terms, between commas or on lines of their own, becomes hotwords. Any other text is without effect. */
            prompt?: string;
            /**
             * @description Default: json.
             * @enum {string}
             */
            response_format?: "json" | "text" | "srt" | "verbose_json" | "vtt";
            /** @description Answer with server-sent events, with `response_format` json or text: the text of each segment, then the whole. */
            stream?: boolean;
            /** @description Taken, and without effect: nothing here is drawn by lot. */
            temperature?: number;
            /** @description With `verbose_json`: `word`, `segment` or both. Default: segment. Clients write it `timestamp_granularities[]`. */
            timestamp_granularities?: ("word" | "segment")[];
        };
        TranscriptionPage: {
            data: components["schemas"]["ListedTranscription"][];
            /** @description To be sent as `after` for the next page; null at the end. */
            next: string | null;
        };
        /** @description Where to PUT the recording: once, and without the API key. */
        Upload: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            expires_at: string;
            /** @description To be sent with it as they are. */
            headers: {
                [key: string]: string;
            };
            /** @enum {string} */
            method: "PUT";
            url: string;
        };
        /** @description Where to PUT the parts of the recording: in any order, each as often as it takes. */
        UploadInParts: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            expires_at: string;
            /** @description Those that are not there yet. */
            parts: {
                number: number;
                /** @description Where it begins in the recording. */
                offset: number;
                /** @description Its bytes. */
                size: number;
                /** @description Where to PUT it, without the API key and any other header. */
                url: string;
            }[];
            /** @description Bytes of all of it. */
            size: number;
        };
        Usage: {
            /** @description By day, then by key. Days and keys without any are left out. */
            data: components["schemas"]["UsageRow"][];
            /**
             * Format: date
             * @description YYYY-MM-DD, UTC.
             * @example 2026-01-31
             */
            from: string;
            /**
             * Format: date
             * @description YYYY-MM-DD, UTC.
             * @example 2026-01-31
             */
            to: string;
        };
        UsageRow: {
            /** @description Of those that completed. */
            audio_seconds: number;
            canceled: number;
            completed: number;
            /**
             * Format: date
             * @description YYYY-MM-DD, UTC.
             * @example 2026-01-31
             */
            day: string;
            failed: number;
            /** @description Null: what came by the inbox, or before keys were counted. */
            key_id: string | null;
            /** @description That ended: the sum of the three. */
            recordings: number;
        };
        Webhook: {
            attempt_count: number;
            /** @description The last ones, oldest first. */
            attempts: components["schemas"]["WebhookAttempt"][];
            /** @description Why it is `disabled`. */
            disabled_reason: {
                /** @enum {string} */
                code: "gone" | "endpoint_disabled" | "address_refused";
                message: string;
            } | null;
            /** @description The `webhook-id` header of every attempt. */
            event_id: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            next_attempt_at: string | null;
            /**
             * @description `waiting`: the event has not happened yet. `pending`: it is being delivered, or will be tried again. `exhausted`: every attempt failed. `disabled`: the endpoint answered 410, or its address may not be called.
             * @enum {string}
             */
            status: "waiting" | "pending" | "delivered" | "exhausted" | "disabled";
            url: string;
        };
        WebhookAttempt: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-31T12:00:00.000Z
             */
            at: string;
            error: string | null;
            /** @description Of the answer; null where there was none. */
            status: number | null;
        };
        WebhookSecrets: {
            /** @description Those that sign now, the current one first. */
            data: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                created_at: string;
                /**
                 * Format: date-time
                 * @description Null for the current one.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                expires_at: string | null;
                /**
                 * @description `whsec_` and base64.
                 * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                 */
                secret: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    checkHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service can do its work. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description It cannot: its storage is full, read-only or out of reach. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    uploadRecording: {
        parameters: {
            query?: {
                /** @description Comes with the URL. */
                expires?: string;
                /** @description Comes with the URL. */
                max?: string;
                /** @description Comes with the URL. */
                signature?: string;
            };
            header?: {
                /** @description `*`, as in `upload.headers`. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Comes with the URL. */
                path: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description It is kept, and queued. */
            200: {
                headers: {
                    /** @description Of the recording. */
                    ETag?: string;
                    /** @description As everywhere. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description `upload_incomplete`: The connection broke off. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upload_url_invalid`: The URL, or the Content-Type sent to it, is not as it was made. `upload_headers_missing`: The headers of `upload.headers` were not sent with it. `upload_url_expired`: The time to begin the upload is over. */
            403: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upload_stalled`: Nothing was sent for a minute. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_awaited`: It was canceled: it awaits no upload any more. */
            409: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deleted`: It was deleted. */
            410: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_uploaded`: It was uploaded before. */
            412: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON. */
            415: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    transcribe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["TranscriptionForm"];
            };
        };
        responses: {
            /** @description The transcript, in the `response_format` that was asked for, or its events. */
            200: {
                headers: {
                    /** @description Path of the transcription. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiTranscription"] | components["schemas"]["OpenAiVerboseTranscription"];
                    "application/x-subrip": string;
                    "text/event-stream": string;
                    "text/plain": string;
                    "text/vtt": string;
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. `transcription_failed`: The recording cannot be transcribed: see `error`. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_completed`: It is not completed: see `current_status`. */
            409: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deleted`: It was deleted. */
            410: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON. */
            415: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_yet_completed`: It takes longer than the call may: ask for `transcription_id` later. */
            504: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBatches: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. Without it: the first page. */
                after?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of batches. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPage"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createBatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key with the same request is answered with what the first one made; with a different request it is refused. Use a fresh UUID for each new thing. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateBatch"];
            };
        };
        responses: {
            /** @description The batch that an earlier request with this Idempotency-Key made, as it stands now. */
            200: {
                headers: {
                    /** @description `true` */
                    "Idempotent-Replayed"?: string;
                    /** @description Path of the batch. */
                    Location?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description The new batch. */
            201: {
                headers: {
                    /** @description Path of the batch. */
                    Location?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON. */
            415: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The Idempotency-Key was used for a different request. */
            422: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The batch as it stands. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The batch, `canceling` or already `canceled`. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_cancelable`: It has ended: see `current_status`. */
            409: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readBatchSummary: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One JSON document a line, of the schema shown. */
            200: {
                headers: {
                    /** @description A file name. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": components["schemas"]["BatchItem"];
                };
            };
            /** @description It is larger than 2.5 MB: GET it there, without the API key. */
            303: {
                headers: {
                    /** @description The same as `download_url`. */
                    Location?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadLink"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_completed`: It is not completed: see `current_status`. */
            409: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliverBatchWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is on its way. */
            202: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_webhook`: It was created without a webhook. `not_completed`: It is not completed: see `current_status`. */
            409: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: {
                owner?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Keys"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key may not do this: an admin key may. */
            403: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CreateKey"];
            };
        };
        responses: {
            /** @description The new key, with its secret. */
            201: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key may not do this: an admin key may. */
            403: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON. */
            415: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The models. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Models"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTranscriptions: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. Without it: the first page. */
                after?: string;
                /** @description Those of one batch. */
                batch_id?: string;
                /** @description Created then or later. */
                created_after?: string;
                /** @description Created earlier than that. */
                created_before?: string;
                /** @description Whose file name has this in it, in whatever case. */
                file_name?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description Whose metadata has this entry: `name=value`. */
                metadata?: string;
                /** @description `awaiting_upload`, `queued`, `processing`, then `completed`, `failed` or `canceled`; `expired`: it was never uploaded; `deleted`. */
                status?: "awaiting_upload" | "queued" | "processing" | "completed" | "failed" | "canceled" | "expired" | "deleted";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of transcriptions. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TranscriptionPage"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTranscription: {
        parameters: {
            query?: {
                /** @description Seconds in which the answer waits for the transcription to end. It comes as soon as that is so, and after this time as it stands then. */
                wait?: number;
            };
            header?: {
                /** @description Makes the request safe to repeat: the same key with the same request is answered with what the first one made; with a different request it is refused. Use a fresh UUID for each new thing. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CreateTranscription"];
            };
        };
        responses: {
            /** @description The transcription that an earlier request with this Idempotency-Key made, as it stands now. */
            200: {
                headers: {
                    /** @description `true` */
                    "Idempotent-Replayed"?: string;
                    /** @description Path of the transcription. */
                    Location?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transcription"];
                };
            };
            /** @description The new transcription. */
            201: {
                headers: {
                    /** @description Path of the transcription. */
                    Location?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transcription"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deleted`: It was deleted. */
            410: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON. */
            415: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The Idempotency-Key was used for a different request. */
            422: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTranscription: {
        parameters: {
            query?: {
                /** @description Seconds in which the answer waits for the transcription to end. It comes as soon as that is so, and after this time as it stands then. */
                wait?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The transcription as it stands. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transcription"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteTranscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readAudio: {
        parameters: {
            query?: never;
            header?: {
                accept?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where it lies, for who asked for JSON. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadLink"];
                };
            };
            /** @description GET it there, without the API key. */
            303: {
                headers: {
                    /** @description The same as `download_url`. */
                    Location?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadLink"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deleted`: It was deleted. */
            410: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelTranscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The canceled transcription. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transcription"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_cancelable`: It has ended: see `current_status`. */
            409: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readTranscript: {
        parameters: {
            query?: {
                format?: "json" | "text" | "srt" | "vtt";
            };
            header?: {
                accept?: string;
                "if-none-match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The transcript. */
            200: {
                headers: {
                    /** @description A file name. */
                    "Content-Disposition"?: string;
                    /** @description Changes with the content. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transcript"];
                    "application/x-subrip": string;
                    "text/plain": string;
                    "text/vtt": string;
                };
            };
            /** @description It is larger than 2.5 MB: GET it there, without the API key. */
            303: {
                headers: {
                    /** @description The same as `download_url`. */
                    Location?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadLink"];
                };
            };
            /** @description It is the one that If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: The Accept header names no format there is. */
            406: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_completed`: It is not completed: see `current_status`. */
            409: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deleted`: It was deleted. */
            410: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    continueUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is left to be sent. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadInParts"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_in_parts`: It is not uploaded in parts. `upload_over`: No upload is awaited: see `current_status`. */
            409: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deleted`: It was deleted. */
            410: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The transcription, queued. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transcription"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_in_parts`: It is not uploaded in parts. `parts_missing`: Parts are missing: see `missing_parts`. `upload_over`: No upload is awaited: see `current_status`. */
            409: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deleted`: It was deleted. */
            410: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliverTranscriptionWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is on its way. */
            202: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transcription"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or it is another owner's. */
            404: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_webhook`: It was created without a webhook. `not_completed`: It is not completed: see `current_status`. */
            409: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deleted`: It was deleted. */
            410: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsage: {
        parameters: {
            query?: {
                /** @description First day. Default: 30 days up to `to`. */
                from?: string;
                /** @description Of one key alone. */
                key_id?: string;
                /** @description Last day, at most 92 days in all. Default: today. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The usage. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookSecrets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secrets. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecrets"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secrets, the new one first. */
            200: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecrets"];
                };
            };
            /** @description `invalid_request`: The request makes no sense as it is. */
            400: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Bearer. */
                    "WWW-Authenticate"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The body came in too slowly. */
            408: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is larger than `limit_bytes`. */
            413: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests with this key. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description URL and headers are longer than 16 KB together. There is no body. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal_error`: The service is at fault. */
            500: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_read_only`: The service cannot write to its storage for now. */
            503: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: The service has no storage left for now. */
            507: {
                headers: {
                    /** @description To quote when asking about this request. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    batchEvent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchEvent"];
            };
        };
        responses: {
            /** @description You have it. Any other answer: it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    transcriptionEvent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TranscriptionEvent"];
            };
        };
        responses: {
            /** @description You have it. Any other answer: it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
