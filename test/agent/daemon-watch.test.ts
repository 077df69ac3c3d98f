import { expect, test } from "vitest";
import { daemonWatch } from "../../agent/daemon-watch.ts";

function watching(...running: readonly string[]) {
  const state = { running, seconds: 0 };
  const look = daemonWatch(
    () => state.running,
    () => state.seconds,
  );
  const lookAfter = (seconds: number) => () => {
    state.seconds += seconds;
    look();
  };
  return { state, lookAfter };
}

test("a daemon that is gone at two looks has died; what never ran is not missed", () => {
  const { state, lookAfter } = watching("slurmctld", "munged");
  lookAfter(10)();
  state.running = ["munged", "slurmdbd"];
  lookAfter(10)();
  expect(lookAfter(9)).not.toThrow();
  expect(lookAfter(1)).toThrow("slurmctld ended on the head while jobs ran");
});

test("one that systemd starts again has not", () => {
  const { state, lookAfter } = watching("flux-broker-0");
  for (let i = 0; i < 3; i++) {
    state.running = [];
    lookAfter(10)();
    state.running = ["flux-broker-0"];
    lookAfter(10)();
  }
});
