export { type Random, seededRandom } from "./random.ts";
export { randomExpr, randomLogExpr, type Vocabulary, plainVocabulary } from "./random-expr.ts";
