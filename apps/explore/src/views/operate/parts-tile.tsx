import type { Process } from "../../operate/health.ts";

/** The services of the process that is asked or, of a system whose roles are apart, of each process. */
export function Parts({ processes }: { readonly processes: readonly Process[] }) {
  const isApart = processes.length > 1;
  return (
    <section class={isApart ? "card tile wide" : "card tile"} aria-label="Parts">
      <h2>Parts</h2>
      {isApart ? (
        <ul class="states">
          {processes.map((process) => (
            <OneProcess key={process.address} process={process} />
          ))}
        </ul>
      ) : (
        <OwnServices process={processes[0]!} />
      )}
    </section>
  );
}

function OwnServices({ process: { services } }: { readonly process: Process }) {
  return (
    <>
      {services.length === 0 && <p class="hint">This server lists no parts.</p>}
      <ul class="states">
        {services.map(([name, state]) => (
          <li key={name}>
            <span>{name}</span>
            <span class={state === "Running" ? "state good" : "state bad"}>{state}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Whether a process is ready; nothing where it does not tell. */
export const ReadyState = ({ ready }: { readonly ready: string }) =>
  ready === "" ? null : <span class={ready === "ready" ? "state good" : "state bad"}>{ready}</span>;

function OneProcess({ process: { address, ready, services } }: { readonly process: Process }) {
  const stopped = services.filter(([, state]) => state !== "Running");
  return (
    <li>
      <span>
        <b>{address || "the one asked"}</b> <small>{services.map(([name]) => name).join(", ")}</small>
      </span>
      <span>
        {stopped.map(([name, state]) => (
          <span key={name} class="state bad">
            {name} {state}
          </span>
        ))}
        <ReadyState ready={ready} />
      </span>
    </li>
  );
}
