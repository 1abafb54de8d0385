// The health check of the image: is the process ready?
const port = process.env.RATATOSK_HTTP_PORT ?? "3100";
const answer = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(3500) }).catch(
  () => undefined,
);
process.exit(answer?.ok === true ? 0 : 1);
