import type { NetworkMeasurement } from "../model/record.ts";
import { ssh } from "./nodes.ts";
import { execute, failure, hold } from "./process.ts";
import { narrate } from "./progress.ts";
import type { MeasureNetwork } from "./request.ts";

type Path = NetworkMeasurement["paths"][number];

/** How long iperf3 sends, and before that sends uncounted (TCP's slow start), in seconds. */
const sendSeconds = 4;
const omitSeconds = 1;
const pings = 20;

/** The server serves one measurement. It ends with its standard input, and so with whoever asked for it, or by itself. */
const serverSeconds = 90;
const serverCommand = `timeout ${serverSeconds} iperf3 --server --one-off >/dev/null & read -r _; kill $! 2>/dev/null; wait`;
const readyTries = 30;

/** Throughput and round trip from the head to the first compute node, and from that to the second. */
export async function measureNetwork({ network, nodes }: MeasureNetwork): Promise<NetworkMeasurement> {
  const [first, second] = nodes;
  const pairs = [["head", first], ...(second === undefined ? [] : [[first, second]])] as [string, string][];
  const paths: Path[] = [];
  // One after another: two at once would share the machine.
  for (const [from, to] of pairs)
    paths.push(
      await narrate(
        () => `network: ${from} to ${to}`,
        () => measure(from, to),
      ),
    );
  return { asked: network, paths };
}

async function measure(from: string, to: string): Promise<Path> {
  const { min, mean, mtu } = await pingFrom(from, to);
  const bandwidthGbitPerSecond = await throughput(from, to);
  return { from, to, bandwidthGbitPerSecond, roundTripMicroseconds: { min, mean }, mtu };
}

/** Runs a fixed command on a node; the agent itself is on the head. */
const on = (node: string, file: string, args: readonly string[], timeoutSeconds: number) =>
  node === "head" ? execute(file, args, { timeoutSeconds }) : execute("ssh", ssh(node, [file, ...args].join(" ")), { timeoutSeconds });

async function pingFrom(from: string, to: string) {
  const result = await on(from, "ping", ["-c", String(pings), "-i", "0.05", "-q", to], 60);
  const found = parsePing(result.stdout.toString("utf8"));
  if (found === null) throw new Error(`ping from ${from} to ${to}: ${failure(result, { timeoutSeconds: 60 })}`);
  const route = await on(from, "ip", ["-o", "link", "show"], 30);
  const mtu = parseMtu(route.stdout.toString("utf8"));
  if (mtu === null) throw new Error(`ip link on ${from} shows no interface that is up: ${failure(route, { timeoutSeconds: 30 })}`);
  return { ...found, mtu };
}

async function throughput(from: string, to: string): Promise<number> {
  const release = hold("ssh", ssh(to, serverCommand), { timeoutSeconds: serverSeconds + 30 });
  try {
    return await sendUntilServed(from, to);
  } finally {
    await release();
  }
}

async function sendUntilServed(from: string, to: string): Promise<number> {
  const args = ["--client", to, "--json", "--time", String(sendSeconds), "--omit", String(omitSeconds), "--connect-timeout", "3000"];
  for (let attempt = 1; ; attempt++) {
    const result = await on(from, "iperf3", args, serverSeconds);
    const rate = parseIperf(result.stdout.toString("utf8"));
    if (typeof rate === "number") return rate;
    // The server is still starting: it refuses the connection until it listens.
    if (!/refused|unable to connect/i.test(rate) || attempt === readyTries) throw new Error(`iperf3 from ${from} to ${to}: ${rate}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** `rtt min/avg/max/mdev = 0.035/0.041/0.052/0.006 ms`, in microseconds. */
export function parsePing(text: string): { min: number; mean: number } | null {
  const match = /= ([\d.]+)\/([\d.]+)\/[\d.]+\/[\d.]+ ms/.exec(text);
  if (match === null) return null;
  const microseconds = (milliseconds: string | undefined) => Math.round(Number(milliseconds) * 1000);
  return { min: microseconds(match[1]), mean: microseconds(match[2]) };
}

/** Bytes of a frame's payload on the first interface that is up and is not the loopback. */
export function parseMtu(text: string): number | null {
  for (const line of text.split("\n")) {
    const match = /^\d+: (\S+?)(?:@\S+)?: <([^>]*)> mtu (\d+)/.exec(line);
    if (match !== null && match[1] !== "lo" && match[2]?.split(",").includes("UP")) return Number(match[3]);
  }
  return null;
}

/** What the receiver counted, in Gbit/s; or iperf3's own error. */
export function parseIperf(text: string): number | string {
  try {
    const report = JSON.parse(text) as { error?: string; end?: { sum_received?: { bits_per_second?: number } } };
    const rate = report.end?.sum_received?.bits_per_second;
    return report.error ?? (rate === undefined ? `no rate in the report: ${text.slice(0, 200)}` : rate / 1e9);
  } catch {
    return `no report: ${text.slice(0, 200)}`;
  }
}
