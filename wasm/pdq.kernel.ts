/**
 * The PDQ kernel, in AssemblyScript with SIMD.
 * @module
 */

/** First free byte: the host lays its buffers out from here. */
export function heapBase(): usize {
  return __heap_base;
}

/** Reads every byte once: the speed of memory, which the bench compares with. */
export function readOnce(pointer: usize, bytes: usize): i32 {
  let a = i32x4.splat(0);
  for (const end = pointer + bytes; pointer < end; pointer += 16) a = i32x4.add(a, v128.load(pointer));
  return i32x4.extract_lane(a, 0);
}
