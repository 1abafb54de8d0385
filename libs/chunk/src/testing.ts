export { joinLines, randomBlock, randomFrom } from "./random-block.ts";
