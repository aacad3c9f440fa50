import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WASM_BASE64, WASM_SHA256 } from '../../src/kernels/generated/pdq.wasm.js';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { decodeBase64, loadWasmKernel, simdRefusal } from '../../src/kernels/wasm-loader.js';

const webAssembly = globalThis.WebAssembly;

describe('the embedded kernel', () => {
  it('is what its digest says, imports nothing and exports its ABI', async () => {
    const bytes = decodeBase64(WASM_BASE64);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(WASM_SHA256);
    const module = await WebAssembly.compile(bytes);
    expect(WebAssembly.Module.imports(module)).toEqual([]);
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'begin',
        'bitsPointer',
        'coefficientsPointer',
        'dctPointer',
        'end',
        'heapBase',
        'median',
        'memory',
        'readOnce',
        'rows',
      ]),
    );
  });

  it('starts where WebAssembly has SIMD', async () => {
    expect(simdRefusal()).toBeUndefined();
    const onRefusal = vi.fn();
    expect((await createPdqKernel(onRefusal)).name).toBe('wasm-simd');
    expect(onRefusal).not.toHaveBeenCalled();
  });
});

describe('where there is no WebAssembly with SIMD', () => {
  afterEach(() => vi.unstubAllGlobals());

  const REFUSALS = [
    ['no-webassembly', undefined],
    ['no-simd', { instantiate: webAssembly.instantiate, validate: () => false }],
    [
      'refused',
      {
        validate: webAssembly.validate,
        instantiate: () => Promise.reject(new WebAssembly.CompileError('blocked by CSP')),
      },
    ],
  ] as const;

  it.each(REFUSALS)('%s: the TypeScript kernel is used', async (reason, stub) => {
    vi.stubGlobal('WebAssembly', stub);
    const onRefusal = vi.fn();
    expect((await createPdqKernel(onRefusal)).name).toBe('typescript');
    expect(onRefusal).toHaveBeenCalledExactlyOnceWith(reason);
  });

  it('a module that is damaged is refused too', async () => {
    const loaded = await loadWasmKernel<object>(btoa('\0asm not really'));
    expect(loaded).toMatchObject({ exports: null, reason: 'refused' });
    expect(loaded.exports === null && loaded.cause).toBeInstanceOf(WebAssembly.CompileError);
  });
});
