import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Ledger } from "../../import/ledger.ts";
import { siteConfiguration } from "../../import/slurm/cluster.ts";
import { readConfiguration } from "../../import/slurm/conf-files.ts";
import { confLines, pairsOf } from "../../import/slurm/conf-text.ts";
import { configuredNodes, shownNodes } from "../../import/slurm/nodes.ts";
import { InvalidInput } from "../../model/problem.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-import-"));
  return () => rmSync(folder, { recursive: true });
});

const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const lines = (text: string) => confLines(text, "slurm.conf").map(({ line, text }) => `${line}: ${text}`);

const complaint = (ask: () => unknown) => {
  try {
    ask();
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  return "accepted";
};

describe("lines, as Slurm reads them", () => {
  test.each<[string, string, string[]]>([
    ["comments", "A=1 # one\n# two\n  B=2#three", ["1: A=1", "3: B=2"]],
    ["a comment in quotes is one all the same", 'A="x # y"', ['1: A="x']],
    ["a plain hash", "A=x\\#y", ["1: A=x#y"]],
    ["continued lines", "A=1 \\\n  B=2 \\\nC=3\nD=4", ["1: A=1   B=2 C=3", "4: D=4"]],
    ["white space behind the backslash", "A=1 \\  \nB=2", ["1: A=1 B=2"]],
    ["two backslashes continue nothing", "A=1\\\\\nB=2", ["1: A=1\\", "2: B=2"]],
    ["a continued comment", "# A=1 \\\nB=2\nC=3", ["3: C=3"]],
    ["Windows' ends", "A=1\r\nB=2 \\\r\nC=3\r\n", ["1: A=1", "2: B=2 C=3"]],
    ["a backslash at the very end", "A=1 \\", ["1: A=1"]],
    ["nothing", "\n\n  \n", []],
  ])("%s", (_, text, expected) => {
    expect(lines(text)).toEqual(expected);
  });

  test("a NUL byte, and a line without an end, are refused with the line's number", () => {
    expect(complaint(() => lines("A=1\nB=\0"))).toBe("invalid configuration\n  slurm.conf:2: the line has a NUL byte, which no text has");
    expect(complaint(() => lines(`A=1\n${"x".repeat(1_000_001)}`))).toContain("slurm.conf:2: the line is longer than 1000000 characters");
    expect(complaint(() => lines("xxxxxxxxx \\\n".repeat(150_000)))).toContain("the line is longer than 1000000 characters");
    expect(complaint(() => lines("\n".repeat(200_002)))).toContain("the file has more than 200000 lines");
  });

  test.each<[string, [string, string][], string[]]>([
    [
      "A=1 b=two",
      [
        ["A", "1"],
        ["b", "two"],
      ],
      [],
    ],
    [
      'A="one two" B=3',
      [
        ["A", "one two"],
        ["B", "3"],
      ],
      [],
    ],
    ["A = 1", [["A", "1"]], []],
    ["A+=1", [["A", "1"]], []],
    ["A=x=y,z=1", [["A", "x=y,z=1"]], []],
    [
      "A=1 stray B=2",
      [
        ["A", "1"],
        ["B", "2"],
      ],
      ["stray"],
    ],
    ['A="open B=2', [["B", "2"]], ['A="open']],
    ["A=", [], ["A="]],
  ])("%s", (text, pairs, strays) => {
    const read = pairsOf(text);
    expect(read.pairs.map(({ key, value }) => [key, value])).toEqual(pairs);
    expect(read.strays).toEqual(strays);
  });

  test("any text has lines and pairs, or is refused", () => {
    const letters = fc.constantFrom(...'aA="#\\\n\r \t,[]1-');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: letters, maxLength: 200 })), (text) => {
        complaint(() =>
          siteConfiguration(
            confLines(text, "f").map(({ text }) => ({ where: "f", text })),
            new Ledger(),
          ),
        );
      }),
    );
  });

  test("a megabyte of white space takes no longer than any other", () => {
    expect(lines(`A=1${" ".repeat(900_000)}\\\nB=2`)).toHaveLength(1);
    expect(pairsOf(`${"a".repeat(500_000)} ${" ".repeat(400_000)}=`).pairs).toEqual([]);
  });
});

describe("included files", () => {
  const read = (path: string) => {
    const ledger = new Ledger();
    return { lines: readConfiguration(path, ledger).map(({ where, text }) => `${where} ${text}`), ledger };
  };

  test("stand where they are included, with a name of their own; a pattern is relative to the file", () => {
    mkdirSync(join(folder, "conf.d"));
    file("conf.d/b.conf", "B=2");
    file("conf.d/a.conf", "A=1\ninclude more.txt");
    file("conf.d/more.txt", "M=3");
    file("conf.d/.hidden.conf", "H=1");
    expect(read(file("slurm.conf", "X=0\nInclude conf.d/*.conf\nY=9")).lines).toEqual([
      "slurm.conf:1 X=0",
      "conf.d/a.conf:1 A=1",
      "conf.d/more.txt:1 M=3",
      "conf.d/b.conf:1 B=2",
      "slurm.conf:3 Y=9",
    ]);
  });

  test("an absolute path is looked for beside the main file, and said so", () => {
    file("nodes.conf", "NodeName=a");
    const { lines, ledger } = read(file("slurm.conf", "Include /etc/slurm/nodes.conf\nInclude /etc/slurm/none.conf"));
    expect(lines).toEqual(["nodes.conf:1 NodeName=a"]);
    expect(ledger.entries("changed")).toMatchObject([{ what: "Include /etc/slurm/nodes.conf" }]);
    expect(ledger.entries("leftOut")).toMatchObject([
      { what: "Include /etc/slurm/none.conf", because: "there is no such file in the main file's folder" },
    ]);
  });

  test.each(["../secret", "link.conf", "/etc/hostname", "linked/hostname", "x*[z-a]"])(
    "nothing outside of the folder is read: %s",
    (path) => {
      symlinkSync("/etc/hostname", join(folder, "link.conf"));
      symlinkSync("/etc", join(folder, "linked"));
      const { lines, ledger } = read(file("slurm.conf", `Include ${path}`));
      expect(lines).toEqual([]);
      expect(ledger.entries("leftOut")).toHaveLength(1);
    },
  );

  test("a loop is refused, also through a link, and so are too many", () => {
    file("a.conf", "Include b.conf");
    file("b.conf", "Include a.conf");
    expect(complaint(() => read(join(folder, "a.conf")))).toBe("invalid configuration\n  a.conf includes itself: a.conf → b.conf → a.conf");
    file("c.conf", "Include d.conf");
    symlinkSync("c.conf", join(folder, "d.conf"));
    expect(complaint(() => read(join(folder, "c.conf")))).toContain("c.conf includes itself");
    file("many.conf", "Include x.conf\n".repeat(501));
    file("x.conf", "A=1");
    expect(complaint(() => read(join(folder, "many.conf")))).toContain("more than 500 files are included");
  });

  test("neither a pipe nor a folder is waited for", () => {
    execFileSync("mkfifo", [join(folder, "pipe.conf")]);
    mkdirSync(join(folder, "folder.conf"));
    expect(complaint(() => read(file("p.conf", "Include pipe.conf")))).toContain("pipe.conf: is a named pipe, not a regular file");
    expect(complaint(() => read(file("f.conf", "Include folder.conf")))).toContain("folder.conf: is a directory, not a regular file");
  });
});

describe("what a configuration defines", () => {
  const site = (text: string) => {
    const ledger = new Ledger();
    const read = siteConfiguration(
      confLines(text, "slurm.conf").map(({ line, text }) => ({ where: `slurm.conf:${line}`, text })),
      ledger,
    );
    return { ...read, ledger };
  };

  test("DEFAULT lines apply to what follows; a later one changes what it names, and keeps the rest", () => {
    const { nodes } = site(`NodeName=z
NodeName=DEFAULT CPUs=4 RealMemory=1000
NodeName=a RealMemory=2000
nodename=default cpus=8
NodeName=b`);
    const of = (name: string) => ["cpus", "realmemory"].map((key) => nodes.get(name)?.settings.get(key)?.value);
    expect([of("z"), of("a"), of("b")]).toEqual([
      [undefined, undefined],
      ["4", "2000"],
      ["8", "1000"],
    ]);
  });

  test("keys in any capitals; of a key that stands there twice the last counts, and it is said", () => {
    const { global, ledger } = site("SchedulerType=sched/builtin\nSCHEDULERTYPE=sched/backfill");
    expect(global.get("schedulertype")?.value).toBe("sched/backfill");
    expect(ledger.entries("changed")).toHaveLength(1);
  });

  test("a node that is defined twice is the first, a partition the last", () => {
    const { nodes, partitions, ledger } = site(
      "NodeName=a[1-2] CPUs=1\nNodeName=a[2-3] CPUs=2\nPartitionName=p Nodes=a1\nPartitionName=p Nodes=a2\nPartitionName=q,r Nodes=a3",
    );
    expect([...nodes].map(([name, { settings }]) => `${name} ${settings.get("cpus")?.value}`)).toEqual(["a1 1", "a2 1", "a3 2"]);
    expect(partitions.map(({ name, settings }) => `${name} ${settings.get("nodes")?.value}`)).toEqual(["p a2", "q a3", "r a3"]);
    expect(ledger.entries("leftOut")).toHaveLength(2);
  });

  test.each<[string, object]>([
    ["CPUs=8", { cpus: 8, memoryMiB: null, gpus: 0 }],
    ["Procs=8 RealMemory=1024", { cpus: 8, memoryMiB: 1024 }],
    ["Sockets=2 CoresPerSocket=8 ThreadsPerCore=2 RealMemory=64G", { cpus: 32, threadsPerCore: 2, memoryMiB: 65_536 }],
    ["Boards=2 SocketsPerBoard=2 CoresPerSocket=4", { cpus: 16 }],
    ["Gres=gpu:4", { gpus: 4, gpuType: null }],
    ["Gres=gpu:a100:4(S:0-1),gpu:v100:2,nvme:1", { gpus: 6, gpuType: "a100" }],
    ["Gres=gpu:tesla:no_consume:2", { gpus: 2, gpuType: "tesla" }],
    ["Gres=gpu", { gpus: 1, gpuType: null }],
    ["Gres=mps:400,shard:4", { gpus: 0 }],
    ["State=CLOUD Feature=a,b", { state: "cloud", features: ["a", "b"] }],
    ["CPUs=0 RealMemory=x", { cpus: 1, memoryMiB: null }],
  ])("a node with %s", (keys, node) => {
    expect(configuredNodes(site(`NodeName=a ${keys}`))).toMatchObject([node]);
  });

  test("scontrol show node, in paragraphs or in lines", () => {
    const paragraphs = `NodeName=a1 Arch=x86_64 CoresPerSocket=8
   CPUAlloc=0 CPUEfctv=16 CPUTot=16 CPULoad=0.01
   AvailableFeatures=fast,ib
   Gres=gpu:a100:4(S:0-1)
   RealMemory=64000 State=IDLE+CLOUD ThreadsPerCore=2 Weight=5
   Partitions=batch,gpu

NodeName=a2 CPUTot=8 Gres=(null) AvailableFeatures=(null) RealMemory=1 State=DOWN*
`;
    const first = { name: "a1", cpus: 16, threadsPerCore: 2, memoryMiB: 64_000, gpus: 4, gpuType: "a100", weight: 5 };
    const expected = [
      { ...first, features: ["fast", "ib"], state: "idle", partitions: ["batch", "gpu"] },
      { name: "a2", cpus: 8, memoryMiB: null, gpus: 0, features: [], state: "down", partitions: null },
    ];
    expect(shownNodes(paragraphs, "nodes.txt")).toMatchObject(expected);
    expect(shownNodes(paragraphs.replace(/\n {3}/g, " "), "nodes.txt")).toMatchObject(expected);
  });
});
