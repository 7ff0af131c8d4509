/** What we use of the Emscripten module that wraps libfvad; the package ships no types. */
declare module "@echogarden/fvad-wasm" {
  export interface FvadModule {
    /** Replaced by a new view whenever the WASM memory grows: read it again before each use. */
    readonly HEAP16: Int16Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _fvad_new(): number;
    _fvad_free(handle: number): void;
    _fvad_reset(handle: number): void;
    /** 0 (misses least) to 3 (falsest alarms least); −1 when refused. */
    _fvad_set_mode(handle: number, mode: number): number;
    _fvad_set_sample_rate(handle: number, hertz: number): number;
    /** 1 speech, 0 none, −1 when `length` is not 10, 20 or 30 ms. */
    _fvad_process(handle: number, pointer: number, length: number): number;
  }
  const load: () => Promise<FvadModule>;
  // biome-ignore lint/style/noDefaultExport: this is what the package exports.
  export default load;
}
