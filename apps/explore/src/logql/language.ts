import { parser } from "@grafana/lezer-logql";
import { HighlightStyle, LanguageSupport, LRLanguage, syntaxHighlighting } from "@codemirror/language";
import { styleTags, tags as t } from "@lezer/highlight";

const styled = parser.configure({
  props: [
    styleTags({
      LineComment: t.comment,
      Identifier: t.propertyName,
      String: t.string,
      "Number Duration Bytes": t.number,
      "Eq Neq Re Nre Gtr Lss Gte Lte Eql PipeExact PipeMatch PipePattern Npa Pipe Or And Unless Add Sub Mul Div Mod Pow":
        t.operator,
      "Rate CountOverTime BytesRate BytesOverTime AvgOverTime SumOverTime MinOverTime MaxOverTime StddevOverTime StdvarOverTime QuantileOverTime FirstOverTime LastOverTime AbsentOverTime RateCounter":
        t.function(t.name),
      "Sum Avg Count Max Min Stddev Stdvar Bottomk Topk Sort Sort_Desc Vector LabelReplace": t.function(t.name),
      "Json Logfmt Unpack Pattern Regexp Unwrap LabelFormat LineFormat Decolorize Drop Keep Distinct": t.keyword,
      "By Without On Ignoring GroupLeft GroupRight Bool Offset": t.keyword,
      "( ) { } [ ]": t.bracket,
    }),
  ],
});

/** LogQL in the editor, in the page's colours. */
export function logql(): LanguageSupport {
  const language = LRLanguage.define({
    parser: styled,
    languageData: { closeBrackets: { brackets: ["(", "[", "{", '"', "`"] } },
  });
  const style = HighlightStyle.define([
    { tag: t.comment, color: "var(--faint)", fontStyle: "italic" },
    { tag: t.propertyName, color: "var(--q-name)" },
    { tag: t.string, color: "var(--q-string)" },
    { tag: t.number, color: "var(--q-number)" },
    { tag: t.operator, color: "var(--q-op)" },
    { tag: t.function(t.name), color: "var(--q-function)" },
    { tag: t.keyword, color: "var(--q-function)" },
  ]);
  return new LanguageSupport(language, syntaxHighlighting(style));
}
