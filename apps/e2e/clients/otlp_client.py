# OpenTelemetry's exporter with Loki's endpoint, as Loki's documentation shows it.
import sys

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource

resource = Resource.create({"service.name": "python-otlp", "deployment.environment.name": "qa", "host.arch": "x"})
provider = LoggerProvider(resource=resource)
exporter = OTLPLogExporter(endpoint=f"{sys.argv[1]}/otlp/v1/logs", compression=Compression.Gzip)
provider.add_log_record_processor(BatchLogRecordProcessor(exporter))
log = provider.get_logger("shop", "1.2")
for number, severity, text in ((SeverityNumber.INFO, "INFO", "order placed"), (SeverityNumber.ERROR, "ERROR", "order failed")):
    log.emit(LogRecord(severity_number=number, severity_text=severity, body=text, attributes={"shop.name": "north", "order": 7}))
provider.shutdown()
