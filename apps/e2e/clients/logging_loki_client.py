# As python-logging-loki's README shows it.
import logging
import sys

import logging_loki

handler = logging_loki.LokiHandler(url=f"{sys.argv[1]}/loki/api/v1/push", tags={"application": "python"}, version="1")
handler.handleError = lambda record: sys.exit(1)
log = logging.getLogger("shop")
log.setLevel(logging.INFO)
log.addHandler(handler)
log.info("order placed", extra={"tags": {"shop": "north"}})
log.error("order failed", extra={"tags": {"shop": "north"}})
