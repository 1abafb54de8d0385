export type * from "./ast.ts";
export { applyBinary, isSetOp } from "./binary.ts";
export { formatByteSize, parseByteSize } from "./byte-size.ts";
export { captureNames } from "./captures.ts";
export {
  type Description,
  otherDescriptions,
  rangeDescriptions,
  stageDescriptions,
  vectorDescriptions,
} from "./describe.ts";
export { formatGoDuration, parseGoDuration } from "./go-duration.ts";
export { ConversionError, floatOf, formatDecimal, formatGoFloat, parseGoFloat } from "./go-float.ts";
export { type Address, type AddressRange, parseAddress, parseIpPattern } from "./ip-pattern.ts";
export { type JsonPath, parseJsonPath, parseLogfmtKey } from "./json-path.ts";
export { parse, parseLogQuery, parseSelector, parseUnchecked, type SelectorOptions } from "./parse.ts";
export { parseLabelText } from "./label-text.ts";
export { type PatternPart, PatternError, parsePattern } from "./pattern.ts";
export { prettyPrint } from "./pretty.ts";
export { print, printSelector, printStage } from "./print.ts";
export { formatRangeDuration, parseRangeDuration } from "./range-duration.ts";
export { stageError } from "./stage-rules.ts";
