import { RatatoskError } from "@ratatosk/model";
import { currentHost, type Host } from "./host.ts";
import type { World } from "./world.ts";

/** How the network behaves for a while. */
export interface NetworkMood {
  /** Milliseconds that a message takes at most. */
  delayMs: number;
  /** How often a message is lost. */
  losses: number;
}

const deadlineMs = 10_000;

/** Calls from host to host: late, lost on the way there or back, cut by partitions. */
export class Network {
  readonly mood: NetworkMood = { delayMs: 3, losses: 0 };
  readonly #world: World;
  readonly #cuts = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Nothing passes between two places any more, one way or both. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from}>${to}`);
  }

  heal(): void {
    this.#cuts.clear();
  }

  /** Does `work` at the place called, where a process runs, and brings its answer back. */
  call<T>(place: string, hostAt: () => Host | undefined, work: () => Promise<T>): Promise<T> {
    const from = currentHost();
    const { clock } = this.#world;
    return new Promise<T>((resolve, reject) => {
      const fail = (why: string): void => reject(new RatatoskError("unavailable", `${place}: ${why}`));
      const deadline = clock.after(deadlineMs, () => fail("no answer in time"));
      const back = (settle: () => void): void => {
        if (this.#isLost(place, from?.name ?? "")) return;
        clock.after(
          this.#delay(),
          () => {
            deadline.cancel();
            settle();
          },
          from,
        );
      };
      if (this.#isLost(from?.name ?? "", place)) return;
      const arrive = (): void => {
        const host = hostAt();
        if (host?.isAlive !== true) return back(() => fail("nobody listens"));
        host.onEnd(() => back(() => fail("the connection was closed")));
        host.run(work).then(
          (answer) => back(() => resolve(answer)),
          (error: unknown) => back(() => reject(error)),
        );
      };
      // What is on its way does not end with the sender.
      clock.after(this.#delay(), arrive, "nobody");
    });
  }

  #delay(): number {
    return this.#world.random.next() * this.mood.delayMs;
  }

  #isLost(from: string, to: string): boolean {
    return this.#cuts.has(`${from}>${to}`) || this.#world.random.chance(this.mood.losses);
  }
}
