/**
 * libheif as the npm package `libheif-js` builds it with Emscripten: its C interface, one instance for each file.
 *
 * A fresh instance takes some ten milliseconds. In return nothing of a file outlives its scan, neither memory (a heap never
 * shrinks) nor what a malicious one might leave behind, and an abort concerns no other file.
 * @module
 */

/** A number that is an address in the instance's heap. */
export type Pointer = number;

/** What is used of an instance; names and types are libheif's (heif.h). A `result` takes a `heif_error`. */
export interface Libheif {
  /** Replaced whenever the heap grows. */
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  _malloc(bytes: number): Pointer;
  _free(pointer: Pointer): void;
  _heif_get_version_number(): number;
  _heif_context_alloc(): Pointer;
  _heif_context_set_maximum_image_size_limit(context: Pointer, side: number): void;
  _heif_context_read_from_memory_without_copy(
    result: Pointer,
    context: Pointer,
    bytes: Pointer,
    length: number,
    options: 0,
  ): void;
  _heif_context_get_image_handle(result: Pointer, context: Pointer, id: number, handle: Pointer): void;
  _heif_image_handle_get_width(handle: Pointer): number;
  _heif_image_handle_get_height(handle: Pointer): number;
  _heif_image_handle_has_alpha_channel(handle: Pointer): number;
  _heif_decode_image(
    result: Pointer,
    handle: Pointer,
    image: Pointer,
    colorspace: number,
    chroma: number,
    options: 0,
  ): void;
  _heif_image_get_width(image: Pointer, channel: number): number;
  _heif_image_get_height(image: Pointer, channel: number): number;
  _heif_image_is_premultiplied_alpha(image: Pointer): number;
  _heif_image_get_plane_readonly2(image: Pointer, channel: number, stride: Pointer): Pointer;
}

const FUNCTIONS = [
  '_malloc',
  '_free',
  '_heif_get_version_number',
  '_heif_context_alloc',
  '_heif_context_set_maximum_image_size_limit',
  '_heif_context_read_from_memory_without_copy',
  '_heif_context_get_image_handle',
  '_heif_image_handle_get_width',
  '_heif_image_handle_get_height',
  '_heif_image_handle_has_alpha_channel',
  '_heif_decode_image',
  '_heif_image_get_width',
  '_heif_image_get_height',
  '_heif_image_is_premultiplied_alpha',
  '_heif_image_get_plane_readonly2',
] as const satisfies readonly (keyof Libheif)[];

/** Emscripten's options for an instance. */
interface InstanceOptions {
  print(): void;
  printErr(): void;
  /** `this`: the options, with the WebAssembly's bytes added by the package. */
  instantiateWasm(
    this: { wasmBinary: BufferSource },
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance) => void,
  ): WebAssembly.Exports;
}

/** Makes instances. */
export type MakeLibheif = () => Promise<Libheif>;

/**
 * @param library - the imported module `libheif-bundle.mjs`
 * @returns what makes instances; the code is compiled once
 * @throws Error where the module is something else
 */
export async function prepareLibheif(library: unknown): Promise<MakeLibheif> {
  const factory = (library as { default?: unknown } | null | undefined)?.default;
  if (typeof factory !== 'function') throw new Error('the library of the part "heic" is not libheif');
  let compiled: WebAssembly.Module | undefined;
  const options = (): InstanceOptions => ({
    // What it has to say of a file is nobody's concern.
    print() {},
    printErr() {},
    instantiateWasm(imports, receive) {
      compiled ??= new WebAssembly.Module(this.wasmBinary);
      const instance = new WebAssembly.Instance(compiled, imports);
      receive(instance);
      return instance.exports;
    },
  });
  const make = async () => (await factory(options())) as Libheif;
  const first: Partial<Libheif> = await make();
  const missing = FUNCTIONS.find((name) => typeof first[name] !== 'function');
  if (missing !== undefined) throw new Error(`the library of the part "heic" has no ${missing}`);
  return make;
}
