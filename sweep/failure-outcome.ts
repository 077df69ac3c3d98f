import type { FailureKind } from "../model/trial-file.ts";
import type { Failure } from "./infrastructure.ts";

/** What kind of failure a message tells of, the first that fits. The words are the program's own, libvirt's, QEMU's and the kernel's. */
export const tellingWords: readonly { readonly kind: FailureKind; readonly words: RegExp }[] = [
  { kind: "refused", words: /invalid tuple|libvirt at ".*" does not answer|virsh is not installed|already, and not of this stack's state/ },
  { kind: "configuration differs", words: /the scheduler does not run as configured/ },
  { kind: "out of memory", words: /cannot allocate memory|cannot set up guest memory|out of memory|oom-kill|oom_kill/i },
  { kind: "boot", words: /did not answer ssh within/ },
];

/** The typed outcome of an update that failed: by its words, else by what failed. */
export function failureOutcome({ failed, messages }: Failure): { kind: FailureKind; at: string | null; message: string } {
  const at = failed[0] ?? null;
  const told = tellingWords.find(({ words }) => messages.some((message) => words.test(message)));
  const kind = told?.kind ?? (at !== null && isMachine(at) ? "boot" : "failed");
  // The message that tells the kind, else the last, which is the nearest to the cause.
  const telling = messages.find((message) => told?.words.test(message)) ?? messages.at(-1) ?? "pulumi up failed without a word";
  return { kind, at, message: shortened(telling) };
}

/** Resources of the component that makes machines: its domains, and the wait for their ssh. */
const isMachine = (resource: string) => /^cluster-/.test(resource) && !/-(names|pool|network|base|kernel|initrd|key)$/.test(resource);

const most = 2000;

/** The end of a long message, where the cause is. */
const shortened = (message: string) => {
  const text = message.trim();
  return text.length > most ? `… ${text.slice(-most)}` : text;
};
