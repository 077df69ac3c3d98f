import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { hostileTexts, sample } from "./mutations.ts";

/**
 * Scripts and targets, run with hostile input or a hostile environment, and with programs in the place of virsh, ssh, Ansible and
 * Pulumi that write down how they were called. Nothing may be started, written or asked for that the program itself does not mean.
 */

const recorder = `#!/bin/bash
# Several may run at once, and long arguments take more than one write.
exec 9>>"$CALLS"
flock 9
printf '%s\\0' "\${0##*/}" "$@" >&9
printf '\\0' >&9
exec 9>&-
case "\${0##*/} $*" in
  *"stack export"*) for ((i = 1; i < $#; i++)); do if [[ \${!i} == --file ]]; then j=$((i + 1)); echo '{}' >"\${!j}"; fi; done ;;
  ssh*) printf '%s\\n' "$GUEST_SAYS" && exit "$GUEST_ENDS" ;;
esac
`;

/** Where one run happens; gone after {@link close}. */
export interface Stage {
  readonly folder: string;
  /** What a payload would make. */
  readonly canary: string;
  readonly environment: NodeJS.ProcessEnv;
  close(): void;
}

export function stage(): Stage {
  const folder = mkdtempSync(join(tmpdir(), "schedfront-programs-"));
  mkdirSync(join(folder, "bin"));
  for (const program of ["virsh", "ssh", "sftp", "scp", "ansible-playbook", "pulumi", "skopeo", "mmdebstrap"]) {
    writeFileSync(join(folder, "bin", program), recorder);
    chmodSync(join(folder, "bin", program), 0o755);
  }
  const environment = {
    ...process.env,
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
    CALLS: join(folder, "calls"),
    GUEST_SAYS: '{"tables":[],"metrics":[]}',
    GUEST_ENDS: "0",
    SCHEDFRONT_BOOT_SECONDS: "2",
    SCHEDFRONT_RESTORE_SECONDS: "2",
    SCHEDFRONT_KVM_SECONDS: "1",
    SCHEDFRONT_CACHE: join(folder, "cache"),
  };
  return { folder, canary: join(folder, "canary"), environment, close: () => rmSync(folder, { recursive: true, force: true }) };
}

const connection = {
  hosts: [
    { name: "head", role: "head", address: "10.1.2.3", hostKey: "ssh-ed25519 AAAA", instance: "d-1" },
    { name: "cn1", role: "compute", address: "10.1.2.4", hostKey: "ssh-ed25519 BBBB", instance: "d-2" },
  ],
  privateKey: "",
  jump: "me@hypervisor:22",
};
const uri = "fake:///system";

/** Scripts, by file, with an input that each takes. No connection is this machine's, so that nothing is copied into a pool of it. */
export const scripts: Readonly<Record<string, object>> = {
  "components/libvirt/scripts/probe-hypervisor": { uri, imagesDirectory: "/", prefix: "schedfront-a" },
  "components/libvirt/scripts/claim-names": { uri, prefix: "schedfront-a", stack: "organization/schedfront/a" },
  "components/libvirt/scripts/settle-leftovers": { uri, prefix: "schedfront-a", stack: "organization/schedfront/a" },
  "components/libvirt/scripts/empty-pool": { uri, pool: "schedfront-a" },
  "components/libvirt/scripts/put-image": {
    uri,
    pool: "schedfront-a",
    directory: "/none",
    volumes: [{ name: "disk", format: "raw", source: "/dev/null" }],
  },
  "components/libvirt/scripts/remove-volumes": { uri, pool: "schedfront-a", volumes: [{ name: "disk" }] },
  "components/libvirt/scripts/stop-machines": { uri, domains: ["schedfront-a-head"] },
  "components/libvirt/scripts/save-machines": { uri, domains: ["schedfront-a-head"], snapshot: "a" },
  "components/libvirt/scripts/restore-machines": { uri, domains: ["schedfront-a-head"], snapshot: "a", clocks: "set", connection },
  "components/libvirt/scripts/await-hosts": { uri, connection },
  "components/scripts/ask-agent": { connection, request: { verb: "verify" }, hypervisor: { uri, prefix: "schedfront-a" } },
  "components/scripts/play": { playbook: "nodes", variables: { text: "x" }, connection, sources: "s" },
  "components/libvirt/scripts/prove-acceleration": { uri, acceleration: "auto", domain: "schedfront-a-probe", kernel: "/k", initrd: "/i" },
  "components/libvirt/scripts/inventory": { uri },
  "components/libvirt/scripts/remove": { uri, held: [{ kind: "domain", name: "schedfront-a-head" }] },
  "images/debian/build": { suite: "trixie", packages: ["vim"], files: [], rootSizeGiB: 4 },
};

/** What may take a variable's value as a path, a number or a name. */
const commands: readonly (readonly string[])[] = [
  ["toolchain/run", "true"],
  ["toolchain/env"],
  ["toolchain/sandbox", "status"],
  ["toolchain/break-stale-lock", "a"],
  ["toolchain/settle-stack", "a"],
  ["make", "outputs"],
  ["components/libvirt/scripts/await-hosts"],
  ["components/scripts/play"],
  ["components/libvirt/scripts/claim-names"],
  ["images/debian/build", "--look"],
];

export const variables = [
  "TMPDIR",
  "HOME",
  "STACK",
  "PULUMI_BACKEND_URL",
  "PULUMI_HOME",
  "PULUMI_STACK",
  "PULUMI_CONFIG_PASSPHRASE_FILE",
  "SCHEDFRONT_SECRETS",
  "SCHEDFRONT_SANDBOX",
  "SCHEDFRONT_SANDBOX_NAME",
  "SCHEDFRONT_SANDBOX_SUBNET",
  "SCHEDFRONT_SANDBOX_CALLER",
  "SCHEDFRONT_SANDBOX_ENVIRONMENT",
  "SCHEDFRONT_ENGINE",
  "SCHEDFRONT_ERRORS",
  "SCHEDFRONT_LOG",
  "SCHEDFRONT_NIX_FROM_SOURCE",
  "SCHEDFRONT_RECOVERING",
  "SCHEDFRONT_SCRIPT",
  "SCHEDFRONT_TMPDIR",
  "SCHEDFRONT_VIRTUAL_CLOCK_SECONDS",
  "SCHEDFRONT_VIRTUAL_WALL_SECONDS",
  "SCHEDFRONT_CACHE",
  "SCHEDFRONT_TOOLCHAIN",
  "SCHEDFRONT_BOOT_SECONDS",
  "SCHEDFRONT_RESTORE_SECONDS",
  "SCHEDFRONT_KVM_SECONDS",
  "SCHEDFRONT_DEBIAN_MIRROR",
  "SCHEDFRONT_NIXPKGS",
  "SLURM_ARRAY_TASK_ID",
  "XDG_CONFIG_HOME",
  "XDG_CACHE_HOME",
  "LIBVIRT_DEFAULT_URI",
] as const;

const payloads = [
  ...hostileTexts,
  "PATH[$(touch BAIT)]",
  "/a b/c",
  "-x",
  "a\nb",
  "$(shell touch BAIT)",
  "file://~/$(touch BAIT)",
  "file://BAIT;x",
].filter((text) => !text.includes("\0") && text.length < 5000);

/** One run: what is started, with which environment and standard input. */
export interface Run {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string;
}

const filled = (text: string, canary: string) => text.replaceAll("BAIT", canary);

/** What a machine says and how ssh ends, each time that it is asked. */
const guests = fc.record({
  GUEST_SAYS: fc.constantFrom('{"tables":[],"metrics":[]}', "PATH[$(touch BAIT)]", "1\nPATH[$(touch BAIT)]", ...payloads),
  GUEST_ENDS: fc.constantFrom("0", "1", "255"),
});

/** As many runs of one script as asked, with changed inputs, on machines that say what they like. */
export function runsOfScript(script: string, count: number, seed: number): Run[] {
  const answers = fc.sample(guests, { numRuns: count, seed });
  return sample(scripts[script], count, seed).map((input, i) => ({
    command: [script],
    environment: answers[i] ?? {},
    input: JSON.stringify(input) ?? "",
  }));
}

/** As many runs as asked of anything that reads the environment, with hostile variables. */
export const runsOfEnvironment = (count: number, seed: number): Run[] =>
  fc
    .sample(
      fc.record({
        command: fc.constantFrom(...commands),
        environment: fc.dictionary(fc.constantFrom<string>(...variables), fc.constantFrom(...payloads), { minKeys: 1, maxKeys: 3 }),
      }),
      { numRuns: count, seed },
    )
    .map((run) => ({ ...run, input: JSON.stringify(scripts[run.command[0] ?? ""] ?? {}) }));

/** What a run did that it may not do; and whether it ended by a signal or in time. */
export interface Seen {
  readonly violations: readonly string[];
  readonly status: number | null;
  readonly seconds: number;
}

export function perform({ command: [program = "", ...args], environment, input }: Run, { folder, canary, environment: own }: Stage): Seen {
  const given = Object.fromEntries(Object.entries(environment).map(([variable, text]) => [variable, filled(text, canary)]));
  const before = new Set(readdirSync("."));
  const started = performance.now();
  const { status, error } = spawnSync(program, args, {
    input: filled(input, canary),
    encoding: "utf8",
    // A name and a subnet that nobody has: no sandbox is made.
    env: {
      ...own,
      SCHEDFRONT_SANDBOX: "no",
      ...given,
      ...(given.SCHEDFRONT_SANDBOX === undefined ? {} : { SCHEDFRONT_SANDBOX: given.SCHEDFRONT_SANDBOX || "no" }),
    },
    timeout: 60_000,
    maxBuffer: 64 << 20,
  });
  const calls = existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "";
  rmSync(join(folder, "calls"), { force: true });
  const strange = readdirSync(folder).filter((name) => !["bin", "cache"].includes(name));
  for (const name of strange) rmSync(join(folder, name), { recursive: true, force: true });
  // Other tests may be at work in the project, and scripts try folders with a file of their own; none makes names like these.
  const made = readdirSync(".").filter((name) => !before.has(name) && !/^(?:\.schedfront\.)?[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name));
  return {
    violations: [
      ...strange.map((name) => `made ${name}`),
      ...made.map((name) => `made ${name} in the project`),
      ...calls.split("\0\0").flatMap((call) => violationsOf(call.split("\0"))),
      ...(error === undefined ? [] : [`did not end: ${error.message}`]),
    ],
    status,
    seconds: (performance.now() - started) / 1000,
  };
}

/** What is wrong with a call of one of the recorded programs. */
function violationsOf([program = "", ...args]: readonly string[]): string[] {
  const wrong = (why: string) => [`${program} ${JSON.stringify(args).slice(0, 300)}: ${why}`];
  if (program === "virsh") {
    const words = args.slice(args.indexOf("--connect") + 2);
    if (words.length === 1) return /^[a-z;/ -]+$/.test(words[0] ?? "") ? [] : wrong("a value in its command language");
    const end = words.indexOf("--");
    const before = end < 0 ? words : words.slice(0, end);
    return before.every((word, i) => (i === 0 ? /^[a-z-]+$/.test(word) : word.startsWith("--"))) ? [] : wrong("a value among its options");
  }
  if (program === "ssh" || program === "sftp") {
    const host = args[args.indexOf("--") + 1] ?? "";
    return args.includes("--") && /^[a-z][a-z0-9]*$/.test(host) ? [] : wrong("not a machine's name behind --");
  }
  if (program === "ansible-playbook")
    return /^ansible\/[a-z]+\.yml$/.test(args.at(-1) ?? "") ? [] : wrong("not a playbook of the program's");
  return [];
}
