// As winston-loki’s README shows it.
const { createLogger } = require("winston");
const LokiTransport = require("winston-loki");

const transport = new LokiTransport({
  host: process.argv[2],
  json: true,
  interval: 1,
  labels: { application: "winston" },
  onConnectionError: (error) => {
    throw error;
  },
});
const log = createLogger({ transports: [transport] });
log.info({ message: "order placed", labels: { shop: "north" } });
log.error({ message: "order failed", labels: { shop: "north" } });
transport.flush().then(() => process.exit(0));
