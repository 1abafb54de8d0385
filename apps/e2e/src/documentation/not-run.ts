/** Commands of the documentation that its test does not run, and why. */
export const notRun: readonly (readonly [command: RegExp, reason: string])[] = [
  [/^docker /, "needs a Docker engine: `npm run e2e:swarm` deploys the stack"],
  [
    /^(RATATOSK_IMAGE=\S+ |CONFIG_VERSION=\S+ )?docker stack/,
    "needs a Swarm: `npm run e2e:swarm` deploys and updates the stack",
  ],
  [/^deploy\/build\.sh/, "needs a Docker engine: `npm run e2e:swarm` builds the image"],
  [/^mc mirror/, "needs MinIO's client and two stores"],
  [/agent -client\.url=/, "needs the socket of a Docker engine: agent-docker.test.ts"],
  [/^npm (test|run)|^\.ci\/run/, "the tests themselves"],
];
