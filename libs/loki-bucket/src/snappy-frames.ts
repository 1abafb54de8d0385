import type { Fail } from "@ratatosk/bytes";
import { snappyUncompress } from "@ratatosk/kernels";
import { crc32c } from "./crc32c.ts";

const identifier = Buffer.from([0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]);
const maxFrameBytes = 65_536;

/**
 * Unpacks Snappy's framing format.
 *   ┌────────────┬──────────┬────────────┬─────────────────────────────────────────┬───┐
 *   │ identifier │ type <u8>│ length <u24 LE> │ masked CRC <u32 LE>, payload        │ … │
 *   └────────────┴──────────┴────────────┴─────────────────────────────────────────┴───┘
 * Type 0 is compressed, 1 plain, 0x80 to 0xfe may be skipped, 0xff is the identifier again.
 */
export function snappyFrames(bytes: Uint8Array, maxBytes: number, fail: Fail): Uint8Array {
  const frames: Uint8Array[] = [];
  let size = 0;
  if (bytes.length > 0 && !identifier.equals(bytes.subarray(0, identifier.length))) throw fail("not snappy frames");
  for (let at = 0; at < bytes.length;) {
    if (bytes.length - at < 4) throw fail(`snappy frame cut off at byte ${at}`);
    const type = bytes[at]!;
    const end = at + 4 + bytes[at + 1]! + (bytes[at + 2]! << 8) + (bytes[at + 3]! << 16);
    if (end > bytes.length) throw fail(`snappy frame cut off at byte ${at}`);
    if (type <= 1) {
      const plain = readFrame(type, bytes.subarray(at + 4, end), fail);
      size += plain.length;
      if (size > maxBytes) throw fail(`more than ${maxBytes} bytes`);
      frames.push(plain);
    } else if (type < 0x80) throw fail(`snappy frame type ${type}`);
    at = end;
  }
  return frames.length === 1 ? frames[0]! : Buffer.concat(frames);
}

function readFrame(type: number, frame: Uint8Array, fail: Fail): Uint8Array {
  if (frame.length < 4) throw fail("snappy frame without checksum");
  const crc = new DataView(frame.buffer, frame.byteOffset).getUint32(0, true);
  const payload = frame.subarray(4);
  const plain = type === 1 ? payload : uncompress(payload, fail);
  if (mask(crc32c(plain)) !== crc) throw fail("snappy frame: checksum differs");
  return plain;
}

function uncompress(payload: Uint8Array, fail: Fail): Uint8Array {
  try {
    return snappyUncompress(payload, maxFrameBytes).slice();
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error));
  }
}

const mask = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
