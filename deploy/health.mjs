// The health check of the image: is the process ready?
import http from "node:http";
import https from "node:https";

const port = process.env.RATATOSK_HTTP_PORT ?? "3100";
const isReady = async (get, url) =>
  new Promise((resolve) => {
    const signal = AbortSignal.timeout(3500);
    get(url, { rejectUnauthorized: false, signal }, ({ statusCode }) => resolve(statusCode === 200)).on("error", () =>
      resolve(false),
    );
  });
const answers = await Promise.all([
  isReady(http.get, `http://127.0.0.1:${port}/ready`),
  isReady(https.get, `https://127.0.0.1:${port}/ready`),
]);
process.exit(answers.includes(true) ? 0 : 1);
