import { useState } from "preact/hooks";
import { type Api, randomKey } from "../api/client.ts";
import type { Transcription } from "../api/shapes.ts";
import { toTranscription } from "../route.ts";
import { TEXT } from "../text.ts";

const VERSIONS = 5;

/** Where only one version of each segment was asked for: the same recording again, with more of them. */
export function AskVersions({ api, record }: { api: Api; record: Transcription }) {
  const [error, setError] = useState<string | null>(null);
  if (record.alternatives > 1) return null;
  const { id, file_name, channels } = record;
  const ask = () => {
    const body = {
      source: { transcription: id },
      alternatives: VERSIONS,
      channels,
      ...(file_name && { file_name }),
    };
    api
      .post<Transcription>("/v1/transcriptions", { body, headers: { "idempotency-key": randomKey() } })
      .then((created) => location.assign(toTranscription(created.id)))
      .catch((cause: Error) => setError(cause.message));
  };
  return (
    <p>
      <button type="button" onClick={ask}>
        {TEXT.reading.askVersions(VERSIONS)}
      </button>
      {error && <span role="alert">{error}</span>}
    </p>
  );
}
