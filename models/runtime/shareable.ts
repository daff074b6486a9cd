// Memory that other threads can read without a copy, where the engine has it.

export function shareableFloats(length: number): Float32Array {
  return new Float32Array(allocate(length * Float32Array.BYTES_PER_ELEMENT));
}

export function shareableBytes(length: number): Uint8Array {
  return new Uint8Array(allocate(length));
}

export function isShared(view: ArrayBufferView): boolean {
  return typeof SharedArrayBuffer !== "undefined" && view.buffer instanceof SharedArrayBuffer;
}

function allocate(bytes: number): ArrayBufferLike {
  return typeof SharedArrayBuffer === "undefined"
    ? new ArrayBuffer(bytes)
    : new SharedArrayBuffer(bytes);
}
