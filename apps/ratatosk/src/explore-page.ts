import { pageFolder } from "@ratatosk/explore";
import { type Route, staticFiles } from "@ratatosk/http";

const missing = "The Explore page is not built: run `npm run build` and reload.";

/** The page under `/ui/`; `/` leads there. */
export function explorePage(): Route[] {
  return [
    {
      methods: ["GET"],
      path: "/",
      tenant: "none",
      errors: "text-line",
      handle: () => ({ status: 302, headers: { Location: "ui/" } }),
    },
    ...staticFiles({ folder: pageFolder, path: "/ui", missing, policy: explorePolicy }),
  ];
}

/** Nothing from elsewhere; the page may ask one other server, the one that its address names (`?server=`). */
export function explorePolicy(query: URLSearchParams): string {
  const self = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'";
  const origin = originOf(query.get("server") ?? "");
  return origin === undefined ? self : `${self}; connect-src 'self' ${origin} ${origin.replace(/^http/, "ws")}`;
}

function originOf(server: string): string | undefined {
  const url = URL.parse(server);
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : undefined;
}
