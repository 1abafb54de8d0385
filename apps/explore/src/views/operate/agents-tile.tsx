import type { Health } from "../../operate/health.ts";
import { type Sample, sumBy } from "../../operate/metrics-text.ts";
import { type Sender, sendersOf } from "../../operate/senders.ts";
import { agoText, countText, secondsText } from "../amounts.ts";
import { Facts } from "./facts.tsx";

/** From here on a sender is shown as one that is behind. */
const lateSeconds = 60;
const mostShown = 100;

/** Who pushes: when last, how far behind, what was refused. */
export function Agents({ health }: { readonly health: Health }) {
  const senders = sendersOf(health.processes.map(({ samples }) => samples ?? []));
  return (
    <section class="card tile wide" aria-label="Agents">
      <h2>Agents</h2>
      {senders.length === 0 ? (
        <Unnamed samples={health.samples} />
      ) : (
        <div class="table-box tall" tabIndex={0} role="region" aria-label="Agents by last push">
          <table>
            <thead>
              <tr>
                <th scope="col">Agent</th>
                <th scope="col">Tenant</th>
                <th scope="col" class="number">
                  Last sent
                </th>
                <th scope="col" class="number">
                  Lag
                </th>
                <th scope="col" class="number">
                  Pushes
                </th>
                <th scope="col" class="number">
                  Errors
                </th>
              </tr>
            </thead>
            <tbody>
              {senders.slice(0, mostShown).map((sender) => (
                <Row
                  key={JSON.stringify([sender.tenant, sender.userAgent, sender.address])}
                  sender={sender}
                  atMs={health.atMs}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ sender, atMs }: { readonly sender: Sender; readonly atMs: number }) {
  const { tenant, userAgent, address, lastSeconds, lagSeconds, pushes, failures } = sender;
  return (
    <tr>
      <th scope="row">
        {userAgent || "unnamed"} <small>{address}</small>
      </th>
      <td>{tenant}</td>
      <td class="number" title={new Date(lastSeconds * 1000).toISOString()}>
        {agoText(atMs / 1000 - lastSeconds)}
      </td>
      <td class={lagSeconds > lateSeconds ? "number loud" : "number"}>{secondsText(lagSeconds)}</td>
      <td class="number">{countText(pushes)}</td>
      <td class={failures > 0 ? "number loud" : "number"}>{countText(failures)}</td>
    </tr>
  );
}

/** What is known of senders where the server does not tell them apart. */
function Unnamed({ samples }: { readonly samples: readonly Sample[] }) {
  const lag = sumBy(samples, "loki_distributor_lag_ms_total", ["tenant", "userAgent"]);
  const pushes = sumBy(samples, "loki_request_duration_seconds_count", ["route", "status_code"]).filter(({ key }) =>
    key[0]!.includes("push"),
  );
  if (lag.length === 0 && pushes.length === 0) return <p class="hint">Nobody has pushed since the start.</p>;
  return (
    <Facts
      facts={[
        ...pushes.map(({ key, value }) => [`Pushes answered ${key[1]}`, countText(value)] as const),
        ...lag
          .slice(0, 10)
          .map(
            ({ key, value }) =>
              [`Lag of ${key[1] || "unnamed agents"} (${key[0]})`, secondsText(value / 1000)] as const,
          ),
      ]}
    />
  );
}
