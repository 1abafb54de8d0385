/** The messages of `proto/ratatosk/v1/ingester.proto` as proto-loader gives them: 64-bit numbers are text. */
export interface MatcherMessage {
  readonly name: string;
  readonly op: string;
  readonly value: string;
}

export interface SelectionMessage {
  readonly tenant: string;
  readonly matchers: readonly MatcherMessage[];
  readonly start: string;
  readonly end: string;
}

export interface LabelValuesMessage {
  readonly name: string;
  readonly selection: SelectionMessage;
}

export interface NamesMessage {
  readonly names: readonly string[];
}

export interface LabelSetMessage {
  readonly labels: readonly { readonly name: string; readonly value: string }[];
}

export interface SeriesMessage {
  readonly series: readonly LabelSetMessage[];
}

export interface TailMessage {
  readonly batch: Uint8Array;
}

export interface PushMessage {
  readonly batch: Uint8Array;
}

export interface PushAnswerMessage {
  readonly refused: readonly {
    readonly status: number;
    readonly reason: string;
    readonly message: string;
    readonly entries: number;
    readonly bytes: string | number;
  }[];
}

export interface ExtentMessage {
  readonly minTime: string;
  readonly maxTime: string;
  readonly entries: number;
  readonly bytes: string | number;
}

export interface BlockRefMessage {
  readonly extent: ExtentMessage;
  readonly storedBytes: string | number;
}

export interface ChunkMessage {
  readonly labels: LabelSetMessage;
  readonly extent: ExtentMessage;
  readonly knowsLevels: boolean;
  readonly levels: readonly { readonly level: string; readonly entries: number }[];
  readonly blocks: readonly BlockRefMessage[];
}

export interface ChunksMessage {
  readonly chunks: readonly ChunkMessage[];
  readonly last: boolean;
  readonly warnings: readonly string[];
  readonly shipped: readonly string[];
}

export interface ColumnsMessage {
  readonly lines: boolean;
  readonly lengths: boolean;
  readonly allMetadata: boolean;
  readonly metadata: readonly string[];
  readonly patterns: boolean;
}

export interface BlockRequestMessage {
  readonly id: number;
  readonly chunk: number;
  readonly block: number;
  readonly columns: ColumnsMessage;
}

export interface ColumnMessage {
  readonly kind: string;
  readonly name: string;
  readonly codec: number;
  readonly rawBytes: number;
  readonly crc: number;
  readonly data: Uint8Array;
}

export interface BlockMessage {
  readonly id: number;
  readonly extent: ExtentMessage;
  readonly columns: readonly ColumnMessage[];
}

export interface FailureMessage {
  readonly id: number;
  readonly code: string;
  readonly message: string;
}

/** One of the members is set. */
export interface ReadRequestMessage {
  readonly select?: SelectionMessage;
  readonly block?: BlockRequestMessage;
}

/** One of the members is set. */
export interface ReadAnswerMessage {
  readonly chunks?: ChunksMessage;
  readonly block?: BlockMessage;
  readonly failure?: FailureMessage;
}
