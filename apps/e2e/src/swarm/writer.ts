/** What each writer runs: ten numbered lines every 200 ms, until SIGTERM's little sister SIGUSR2 tells it to rest. */
export const writer = `
const name = require("os").hostname();
let count = 0;
const timer = setInterval(() => {
  for (let i = 0; i < 10; i++) console.log("writer=" + name + " n=" + count++ + " the quick brown fox jumps over the lazy dog");
}, 200);
process.on("SIGUSR2", () => clearInterval(timer));
process.on("SIGTERM", () => process.exit(0));
setInterval(() => {}, 1000);
`;
