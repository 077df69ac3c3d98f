import { describe, expect, test } from "vitest";
import { clockOffset } from "../../agent/clock-offset.ts";
import { configurationDigest } from "../../agent/configuration-digest.ts";
import { parseIperf, parseMtu, parsePing } from "../../agent/network.ts";

test("the other clock is read against the middle of the shortest exchange", () => {
  const offset = clockOffset([
    { asked: 100, answered: 102, answer: "103.000000" },
    { asked: 110, answered: 110.2, answer: "110.350000" },
  ]);
  expect(offset).toBeCloseTo(0.25, 9);
});

test("a node that tells no time is an error", () => {
  expect(() => clockOffset([{ asked: 1, answered: 2, answer: "" }])).toThrow('the node did not report its time: ""');
});

test("the configuration's digest does not depend on the order of its keys", () => {
  expect(configurationDigest({ a: "1", b: "2" })).toBe(configurationDigest({ b: "2", a: "1" }));
  expect(configurationDigest({ a: "1" })).not.toBe(configurationDigest({ a: "2" }));
});

describe("network", () => {
  test("ping of iputils", () => {
    const printed = "20 packets transmitted, 20 received, 0% packet loss, time 968ms\nrtt min/avg/max/mdev = 0.984/2.004/9.401/1.811 ms\n";
    expect(parsePing(printed)).toEqual({ min: 984, mean: 2004 });
    expect(parsePing("20 packets transmitted, 0 received, 100% packet loss\n")).toBeNull();
  });

  test("ip -o link", () => {
    const printed =
      "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\\    link/loopback\n" +
      "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9000 qdisc fq_codel state UP\\    link/ether 52:54:00:ba:7e:01\n";
    expect(parseMtu(printed)).toBe(9000);
    expect(parseMtu(printed.split("\n")[0] ?? "")).toBeNull();
  });

  test("iperf3 --json: what was received counts, an error is its own words", () => {
    expect(parseIperf('{"end":{"sum_sent":{"bits_per_second":1.2e9},"sum_received":{"bits_per_second":1.1e9}}}')).toBeCloseTo(1.1, 12);
    expect(parseIperf('{"error":"unable to connect to server: Connection refused"}')).toBe(
      "unable to connect to server: Connection refused",
    );
    expect(parseIperf("")).toBe("no report: ");
  });
});
