import { z } from "zod";
import type { FormatName } from "../../src/formats/index.ts";
import { CliError } from "../errors.ts";
import { type ApiRequest, Connection } from "./connection.ts";
import {
  type ApiBatch,
  type ApiKeySummary,
  type ApiModel,
  type ApiTranscription,
  type ApiUploadInParts,
  type ApiWebhookSecret,
  batchShape,
  keyShape,
  modelsShape,
  pageOf,
  transcriptionShape,
  uploadInParts,
  webhookSecretsShape,
} from "./shapes.ts";

/** The calls of the API (docs/api.md). Each throws ApiError, ConnectionError, or the signal's reason. */
export class ApiClient extends Connection {
  /** `key`: an Idempotency-Key, so that the request can be sent again. */
  createTranscription(body: Record<string, unknown>, key: string): Promise<ApiTranscription> {
    return this.#ask(transcriptionShape, post("v1/transcriptions", { body, idempotencyKey: key }));
  }

  /** The parts that are not there yet, with fresh URLs. */
  continueUpload(id: string): Promise<ApiUploadInParts> {
    return this.#ask(uploadInParts, { method: "GET", path: `v1/transcriptions/${id}/upload` });
  }

  completeUpload(id: string): Promise<ApiTranscription> {
    return this.#ask(transcriptionShape, post(`v1/transcriptions/${id}/upload`, { repeatable: true }));
  }

  /** `patient` where work goes on meanwhile: the service may be away for minutes. */
  transcription(id: string, patient = false): Promise<ApiTranscription> {
    return this.#ask(transcriptionShape, { method: "GET", path: `v1/transcriptions/${id}`, patient });
  }

  /** Newest first. */
  async transcriptions(query: { limit: number }): Promise<ApiTranscription[]> {
    const request: ApiRequest = { method: "GET", path: "v1/transcriptions", query };
    return (await this.#ask(pageOf(transcriptionShape), request)).data;
  }

  transcript(id: string, format: FormatName): Promise<string> {
    return this.text({ method: "GET", path: `v1/transcriptions/${id}/transcript`, query: { format } });
  }

  cancelTranscription(id: string): Promise<ApiTranscription> {
    return this.#ask(transcriptionShape, post(`v1/transcriptions/${id}/cancel`, { repeatable: true }));
  }

  async deleteTranscription(id: string): Promise<void> {
    await this.text({ method: "DELETE", path: `v1/transcriptions/${id}` });
  }

  createBatch(body: Record<string, unknown>, key: string): Promise<ApiBatch> {
    return this.#ask(batchShape, post("v1/batches", { body, idempotencyKey: key }));
  }

  batch(id: string, patient = false): Promise<ApiBatch> {
    return this.#ask(batchShape, { method: "GET", path: `v1/batches/${id}`, patient });
  }

  /** Newest first. */
  async batches(query: { limit: number }): Promise<ApiBatch[]> {
    return (await this.#ask(pageOf(batchShape), { method: "GET", path: "v1/batches", query })).data;
  }

  cancelBatch(id: string): Promise<ApiBatch> {
    return this.#ask(batchShape, post(`v1/batches/${id}/cancel`, { repeatable: true }));
  }

  /** JSON Lines, one item each. */
  batchSummary(id: string): Promise<ReadableStream<Uint8Array>> {
    return this.stream({ method: "GET", path: `v1/batches/${id}/summary` });
  }

  redeliver(id: string): Promise<ApiTranscription | ApiBatch> {
    return id.startsWith("ba_")
      ? this.#ask(batchShape, post(`v1/batches/${id}/webhook/redeliver`))
      : this.#ask(transcriptionShape, post(`v1/transcriptions/${id}/webhook/redeliver`));
  }

  /** The current one first. */
  async webhookSecrets(): Promise<ApiWebhookSecret[]> {
    return (await this.#ask(webhookSecretsShape, { method: "GET", path: "v1/webhook-secrets" })).data;
  }

  /** Not repeatable: a second rotation ends the overlap of the first. */
  async rotateWebhookSecret(): Promise<ApiWebhookSecret[]> {
    return (await this.#ask(webhookSecretsShape, post("v1/webhook-secrets/rotate"))).data;
  }

  async models(): Promise<ApiModel[]> {
    return (await this.#ask(modelsShape, { method: "GET", path: "v1/models" })).data;
  }

  /** Not repeatable: each request makes another one. */
  createKey(body: Record<string, unknown>): Promise<ApiKeySummary & { secret: string }> {
    return this.#ask(keyShape.extend({ secret: z.string() }), post("v1/keys", { body }));
  }

  /** Oldest first. */
  async keys(): Promise<ApiKeySummary[]> {
    return (await this.#ask(z.object({ data: z.array(keyShape) }), { method: "GET", path: "v1/keys" })).data;
  }

  async revokeKey(id: string): Promise<void> {
    await this.text({ method: "DELETE", path: `v1/keys/${encodeURIComponent(id)}` });
  }

  async #ask<T>(shape: z.ZodType<T>, request: ApiRequest): Promise<T> {
    const text = await this.text(request);
    try {
      return shape.parse(JSON.parse(text));
    } catch (cause) {
      const { origin } = this.deployment.url;
      const message = `${origin} does not answer like a Scriptorium that this command knows. Is the URL right?`;
      throw new CliError("unexpected_answer", message, { cause });
    }
  }
}

function post(path: string, rest: Partial<ApiRequest> = {}): ApiRequest {
  return { method: "POST", path, ...rest };
}
