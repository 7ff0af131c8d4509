import { RecordingError } from "../errors.ts";
import type { ProbedStream } from "./probe.ts";
import type { AudioWarning, OpenAudioOptions } from "./types.ts";

/** Each takes a decoder of its own when they are read side by side. */
const MOST_TRACKS = 16;

/** A stream of sound and its number among them, from 0. */
export interface Track {
  index: number;
  stream: ProbedStream;
}

/**
 * The tracks to be read: the one that was asked for, else the file's default one; all of them where channels are
 * split and none was asked for. Throws no_audio where there is no such track, unsupported_media for too many.
 */
export function chooseTracks(
  all: readonly ProbedStream[],
  { channels, track }: Pick<OpenAudioOptions, "channels" | "track">,
  label: string,
): Track[] {
  const tracks = all.map((stream, index) => ({ index, stream }));
  if (track !== undefined) {
    refuseMissing(track, tracks.length, label);
    return [tracks[track - 1]!];
  }
  if (channels === "split" && tracks.length > 1) {
    if (tracks.length <= MOST_TRACKS) return tracks;
    const what = `has ${tracks.length} tracks of sound; at most ${MOST_TRACKS} can be read at once. Choose one.`;
    throw new RecordingError("unsupported_media", `${label} ${what}`);
  }
  return [tracks.find(({ stream }) => stream.isDefault) ?? tracks[0]!];
}

/** Throws no_audio for a track that a file with so many does not have. */
export function refuseMissing(track: number | undefined, count: number, label: string): void {
  if (track === undefined || (track >= 1 && track <= count)) return;
  const has = count === 1 ? "one track" : `${count} tracks`;
  throw new RecordingError("no_audio", `${label} has no track ${track}: it has ${has} of sound.`);
}

/** Names what was not read, once; nothing where a track was asked for. */
export function otherTracks(
  all: readonly ProbedStream[],
  chosen: readonly Track[],
  track: number | undefined,
  label: string,
): AudioWarning[] {
  if (track !== undefined || chosen.length === all.length) return [];
  const [read] = chosen;
  const others = all.flatMap((stream, index) => (index === read!.index ? [] : [called(index, stream)]));
  const listed = others.length > 8 ? [...others.slice(0, 8), "more"] : others;
  const message = `${label} has ${all.length} tracks of sound. ${capital(called(read!.index, read!.stream))} was read; ${listed.join(", ")} ${others.length === 1 ? "was" : "were"} not.`;
  return [{ code: "other_tracks", message, at: 0 }];
}

function called(index: number, { name }: ProbedStream): string {
  return name === null ? `track ${index + 1}` : `track ${index + 1} (${name})`;
}

function capital(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}
