import { RatatoskError } from "@ratatosk/model";
import { type Document, isMap, isScalar, parseDocument, stringify, visit } from "yaml";

const secretKeys = new Set(["password", "credentials", "client_secret", "bearer_token", "key", "secrets", "secret"]);

/** The configuration as `/config` shows it: defaults left out, secrets masked. Throws bad_request for too many aliases. */
export function showConfig(text: string): string {
  const document = parseDocument(text, { merge: false, version: "1.1" });
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key) && secretKeys.has(String(pair.key.value)) && pair.value !== null && !isMap(pair.value))
        pair.value = document.createNode("<secret>");
      if (isScalar(pair.key) && isScalar(pair.value) && String(pair.key.value).endsWith("url"))
        pair.value = document.createNode(withoutPassword(String(pair.value.value)));
    },
  });
  const value = plainValue(document);
  return value === null ? "" : stringify(value, { lineWidth: 0 });
}

function plainValue(document: Document): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new RatatoskError("bad_request", "yaml: document contains excessive aliasing", { cause });
  }
}

const withoutPassword = (url: string): string => url.replace(/\/\/([^:/@]*):[^@/]*@/, "//$1:<secret>@");
