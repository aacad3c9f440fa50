/** What the tests need of the package's types: none. */
declare module 'libheif-js/libheif-wasm/libheif-bundle.mjs' {
  const factory: (options?: object) => unknown;
  export default factory;
}
