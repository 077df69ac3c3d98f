import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";

/** What a machine answers, whose root the author of a stack file may be. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-guest-"));
  mkdirSync(join(folder, "bin"));
  return () => rmSync(folder, { recursive: true, force: true });
});

const connection = { hosts: [{ name: "head", role: "head", address: "127.0.0.1", hostKey: "" }], privateKey: "", jump: null };

/** Asks a head whose ssh breaks, and then says this of the kernel's count. */
function askBroken(says: string) {
  const ssh = `#!/bin/bash\ncat >/dev/null\n[[ -e "${folder}/asked" ]] || { touch "${folder}/asked"; exit 255; }\nprintf '%s\\n' "$SAYS"\n`;
  writeFileSync(join(folder, "bin", "ssh"), ssh, { mode: 0o755 });
  return ask({ SAYS: says.replaceAll("BAIT", join(folder, "canary")) });
}

function ask(environment: NodeJS.ProcessEnv) {
  const { status, stdout, stderr } = spawnSync("components/scripts/ask-agent", {
    input: JSON.stringify({ connection, request: { verb: "run" } }),
    encoding: "utf8",
    env: { ...process.env, ...environment, PATH: `${join(folder, "bin")}:${process.env.PATH}` },
  });
  expect(status).not.toBe(0);
  return { error: JSON.parse(stdout).error, stderr };
}

describe("the kernel's count of processes that it ended", () => {
  test.each([
    "PATH[$(touch BAIT)]",
    "1\nPATH[$(touch BAIT)]",
    "PATH[$(touch BAIT)]\n9",
    "1\n2\n3",
    "9".repeat(40),
    "",
    "3",
    "7\n7",
    "9\n7",
  ])("is not read from %j", (says) => {
    expect(askBroken(says).error.kind).toBe("failed");
    expect(existsSync(join(folder, "canary"))).toBe(false);
  });

  test.each([
    ["7\n9", 2],
    ["008\n0010", 2],
  ])("is what it grew by during the run: %j", (says, ended) => {
    const { error } = askBroken(says);
    expect(error).toEqual({ kind: "out of memory", message: expect.stringContaining(`the kernel killed ${ended} processes`) });
  });
});

test("an answer without end is read to a bound", () => {
  writeFileSync(join(folder, "bin", "ssh"), "#!/bin/bash\ncat >/dev/null\nexec cat /dev/zero | tr '\\0' x\n", { mode: 0o755 });
  expect(ask({}).error.message).toContain("head: the agent's answer is longer than 67108864 characters");
});

describe("an archive of tables", () => {
  function unpack(make: string, most = 1 << 20) {
    const script = `set -euo pipefail
mkdir "$1/made" "$1/tables"
(cd "$1/made" && echo '{}' >run.reply && ${make} && tar --create --gzip --file ../reply.tar.gz --sparse -- *)
source components/scripts/tables.bash
most_of_table=$2
trap - EXIT
unpack_tables "$1/reply.tar.gz" "$1/tables" && cat "$1/tables"/*`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script, "bash", folder, String(most)], { encoding: "utf8" });
    return { taken: status === 0, stdout, stderr };
  }

  test("of regular files is unpacked", () => {
    expect(unpack("echo 1 >jobs.csv")).toEqual({ taken: true, stdout: "1\n{}\n", stderr: "" });
  });

  test.each([
    ["a link to a file of this machine", "ln --symbolic /etc/hostname jobs.csv"],
    ["a link in the reply's place", "ln --force --symbolic /etc/hostname run.reply"],
    ["a pipe", "mkfifo jobs.csv"],
    ["a folder", "mkdir jobs.csv"],
    ["more than is taken", "head --bytes 2M /dev/zero >jobs.csv"],
    ["a file of holes", "truncate --size 2M jobs.csv"],
    ["no archive at all", "tar() { echo x >../reply.tar.gz; }"],
  ])("with %s is refused", (_, make) => {
    expect(unpack(make)).toMatchObject({ taken: false, stderr: expect.stringContaining("tables: what the guest has packed is not whole") });
  });
});
