// As pino-loki's README shows it: a transport in a worker thread.
const { pino } = require("pino");

const transport = pino.transport({
  target: require.resolve("pino-loki"),
  options: {
    host: process.argv[2],
    batching: { interval: 1 },
    labels: { application: "pino" },
    propsToLabels: ["shop"],
  },
});
const log = pino(transport);
log.info({ shop: "north", order: 7 }, "order placed");
log.error({ shop: "north" }, "order failed");
transport.end();
