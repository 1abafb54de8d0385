/** The input is no such encoding, or does not give the size it announces. */
export class CorruptInput extends Error {
  override readonly name = "CorruptInput";

  constructor(format: "snappy" | "lz4") {
    super(`${format}: corrupt input`);
  }
}

/** The input announces more bytes than the caller takes. */
export class OutputTooLarge extends Error {
  override readonly name = "OutputTooLarge";
  readonly declaredBytes: number;
  readonly maxBytes: number;

  constructor(declaredBytes: number, maxBytes: number) {
    super("snappy: decoded block is too large");
    this.declaredBytes = declaredBytes;
    this.maxBytes = maxBytes;
  }
}
