import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "schedfront-rule-"));
  mkdirSync(join(root, "run/systemd/system"), { recursive: true });
  file("etc/shells", "# login shells\n/bin/sh\n/bin/bash\n/usr/sbin/nologin\n");
  file("etc/nsswitch.conf", "passwd:         files systemd\ngroup: files ldap\n");
  accounts();
  return () => rmSync(root, { recursive: true });
});

function file(path: string, text: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const caller = process.getuid?.() ?? 0;
const accounts = (...others: readonly string[]) =>
  file("etc/passwd", ["root:x:0:0:root:/root:/bin/bash", `me:x:${caller}:0::/home/me:/bin/bash`, ...others, ""].join("\n"));

const rule = () => execFileSync("toolchain/sandbox-rule", [root], { encoding: "utf8" }).trim();

describe("where SCHEDFRONT_SANDBOX does not say, the sandbox", () => {
  test("is not used on a machine of root's and one user's", () => {
    accounts("daemon:x:1:1::/:/usr/sbin/nologin", "sync:x:4:65534::/bin:/bin/sync", "old:x:1009:1009::/:/bin/false");
    expect(rule()).toBe("no alone nobody else may log in here");
  });

  test("is used where no init system keeps libvirt", () => {
    rmSync(join(root, "run"), { recursive: true });
    expect(rule()).toBe("yes init no init system here keeps libvirt");
  });

  test.each([
    ["somebody", "alice:x:1001:1001::/home/alice:/bin/bash", "alice"],
    ["a service", "postgres:x:112:120::/var/lib/postgresql:/bin/bash", "postgres"],
    ["somebody without a shell of his own", "bob:x:1002:1002::/home/bob:", "bob"],
  ])("is used where %s has an account with a login shell", (_, account, name) => {
    accounts(account);
    expect(rule()).toBe(`yes users ${name} may log in here`);
  });

  test.each(["ldap", "winbind", "nis"])("is used where accounts come from a directory that cannot be listed: %s", (source) => {
    file("etc/nsswitch.conf", `passwd: files ${source}\n`);
    expect(rule()).toBe(`yes users accounts of a directory (${source}) may log in here`);
  });

  test("is used for sss where that has a directory, not where the distribution only names it", () => {
    file("etc/nsswitch.conf", "passwd: sss files systemd\n");
    expect(rule()).toMatch(/^no /);
    file("etc/sssd/sssd.conf", "[sssd]\n");
    expect(rule()).toMatch(/^yes users .*sss/);
  });

  test("is used where another user is logged in, whatever gave him his account", () => {
    file("run/systemd/users/4242", "");
    expect(rule()).toBe("yes users user 4242 is logged in");
  });
});

describe("toolchain/run", () => {
  const run = (sandbox: string) =>
    spawnSync("toolchain/run", ["true"], { encoding: "utf8", env: { ...process.env, SCHEDFRONT_SANDBOX: sandbox } });

  test("says so where SCHEDFRONT_SANDBOX=no overrules the rule, and runs the command", () => {
    const [, why, ...reason] = execFileSync("toolchain/sandbox-rule", { encoding: "utf8" }).trim().split(" ");
    const { status, stderr } = run("no");
    const warning = `toolchain: SCHEDFRONT_SANDBOX=no, although ${reason.join(" ")}: whoever does may run commands as you`;
    expect({ status, warned: stderr.includes(warning) }).toEqual({ status: 0, warned: why === "users" });
  });

  test("refuses any other word", () => {
    const { status, stderr } = run("$(touch x)");
    expect({ status, stderr }).toEqual({ status: 2, stderr: "SCHEDFRONT_SANDBOX: \\$\\(touch\\ x\\) is not one of yes, no, auto\n" });
  });
});

/** Whether this test may make network namespaces, and be somebody else in them. */
const mayBeOthers = spawnSync("unshare", ["--net", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true"]).status === 0;

test.skipIf(!mayBeOthers)(
  "another user reaches what listens on this machine's loopback, and nothing on that of a network namespace",
  () => {
    const as = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    const script = `set -eu
    listen='const s = require("node:net").createServer((c) => c.end()).listen(0, "127.0.0.1", () => console.log(s.address().port))'
    connect() { $1 ${as} bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"' connect "$2" 2>/dev/null && echo reached || echo refused; }
    exec {outside}< <(exec node -e "$listen")
    outer=$!
    exec {inside}< <(exec unshare --net bash -c 'ip link set lo up; exec node -e "$1"' listen "$listen")
    inner=$!
    trap 'kill $outer $inner' EXIT
    read -r -u "$outside" open
    read -r -u "$inside" hidden
    echo "outside $(connect '' "$open")"
    echo "from outside $(connect '' "$hidden")"
    echo "inside $(connect "nsenter --net=/proc/$inner/ns/net" "$hidden")"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8", timeout: 60_000 });
    expect(stdout.trim().split("\n"), stderr).toEqual(["outside reached", "from outside refused", "inside reached"]);
  },
);
