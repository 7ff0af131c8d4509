import { describe, expect, it } from "vitest";
import { PackError } from "../../../../src/asr/errors.ts";
import { readExportOptions, readWenetOptions } from "../../../../src/asr/pack/wenet-options.ts";

function read(yaml: string) {
  const problems: string[] = [];
  return { options: readWenetOptions(yaml, problems), problems };
}

describe("train.yaml", () => {
  it("is read with WeNet's own defaults where a key is missing", () => {
    const { options, problems } = read("output_dim: 40");
    expect(problems).toEqual([]);
    expect(options).toEqual({
      vocabularySize: 40,
      blankId: 0,
      sosId: null,
      eosId: null,
      subsampling: 4,
      minFrames: 7,
      ctcWeight: 0.5,
      reverseWeight: 0,
    });
  });

  it("gives special tokens and weights where it names them", () => {
    const { options } = read(`
tokenizer_conf: {special_tokens: {<blank>: 0, <unk>: 1, <sos>: 2, <eos>: 3}}
ctc_conf: {ctc_blank_id: 5}
model_conf: {ctc_weight: 0.3, reverse_weight: 0.4}
`);
    expect(options).toMatchObject({ blankId: 5, sosId: 2, eosId: 3, ctcWeight: 0.3, reverseWeight: 0.4 });
  });

  it("knows no reverse weight for a decoder that goes left to right only", () => {
    const { options } = read("{decoder: transformer, model_conf: {reverse_weight: 0.3}}");
    expect(options.reverseWeight).toBe(0);
  });

  it.each([
    ["conv2d", 4, 7],
    ["conv2d6", 6, 11],
    ["conv2d8", 8, 15],
  ])("%s makes one frame of %i, and needs %i for the first", (layer, subsampling, minFrames) => {
    const { options, problems } = read(`encoder_conf: {input_layer: ${layer}}`);
    expect(problems).toEqual([]);
    expect(options).toMatchObject({ subsampling, minFrames });
  });

  it.each([
    ["encoder_conf: {input_layer: linear}", 'encoder_conf.input_layer: "linear" (supported: conv2d'],
    ["encoder: squeezeformer", 'encoder: "squeezeformer"'],
    ["model: transducer", 'model: "transducer"'],
    ["predictor: rnn", "predictor: not a CTC"],
    ["tokenizer: whisper", 'tokenizer: "whisper"'],
    ["input_dim: 83", "input_dim: 83 (supported: 80)"],
    ["dataset_conf: {feats_type: mfcc}", 'dataset_conf.feats_type: "mfcc"'],
    ["model_conf: {apply_non_blank_embedding: true}", "model_conf.apply_non_blank_embedding: true"],
    ["dataset_conf: {fbank_conf: {num_mel_bins: 40}}", "dataset_conf.fbank_conf.num_mel_bins: 40"],
    ["dataset_conf: {fbank_conf: {frame_shift: 12.5}}", "dataset_conf.fbank_conf.frame_shift: 12.5"],
    ["dataset_conf: {fbank_conf: {window_type: hanning}}", 'fbank_conf.window_type: "hanning"'],
    ["dataset_conf: {fbank_conf: {high_freq: 7600}}", "fbank_conf.high_freq: unknown option"],
    ["dataset_conf: {resample_conf: {resample_rate: 8000}}", "resample_rate: 8000 (supported: 16000)"],
  ])("%s is not supported", (yaml, expected) => {
    const { problems } = read(yaml);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  it.each(["[1, 2]", "words", "a: [", ""])("%j is no train.yaml", (yaml) => {
    expect(() => read(yaml)).toThrow(PackError);
    expect(() => read(yaml)).toThrow("train.yaml is not");
  });

  it("may have Python's own tags", () => {
    const { options } = read("betas: !!python/tuple [0.9, 0.98]\noutput_dim: 7");
    expect(options.vocabularySize).toBe(7);
  });
});

describe("the export's config.yaml", () => {
  it("gives the beam and the weights that were given on its command line, not −1", () => {
    expect(readExportOptions("{beam_size: 8, ctc_weight: 0.4, reverse_weight: -1.0, fp16: true}")).toEqual({
      beam: 8,
      ctcWeight: 0.4,
      reverseWeight: null,
    });
  });
});
