import type { Server, ServerOptions } from "node:https";
import type { TLSSocket } from "node:tls";
import type { ServerTls } from "@ratatosk/access";

const handshakeMs = 10_000;

/** What a TLS listener begins with. */
export function tlsOptions({ certificates, clients }: ServerTls): ServerOptions {
  return {
    ...certificates.current,
    handshakeTimeout: handshakeMs,
    requestCert: clients.requested,
    rejectUnauthorized: clients.required && clients.verified,
  };
}

/** Takes changed certificates into use, and turns clients away whose certificates do not do. */
export function watchTls(server: Server, { certificates, clients }: ServerTls): void {
  server.once(
    "close",
    certificates.onChange((material) => server.setSecureContext(material)),
  );
  server.on("secureConnection", (socket: TLSSocket) => {
    const isShown = Object.keys(socket.getPeerCertificate()).length > 0;
    if (isShown ? clients.verified && !socket.authorized : clients.required) socket.destroy();
  });
}
