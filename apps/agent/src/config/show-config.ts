import { isMap, isScalar, parseDocument, stringify, visit } from "yaml";

const secretKeys = new Set(["password", "credentials", "client_secret", "bearer_token", "key", "secrets", "secret"]);

/** The configuration as `/config` shows it: defaults left out, secrets masked. */
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
  const value: unknown = document.toJS();
  return value === null ? "" : stringify(value, { lineWidth: 0 });
}

const withoutPassword = (url: string): string => url.replace(/\/\/([^:/@]*):[^@/]*@/, "//$1:<secret>@");
