import type { Job } from "../model/job.ts";
import { clockFile, jobFolder } from "./paths.ts";

/**
 * What a job runs: one of the scripts below, which never change, with everything else as its arguments.
 * They write when the first instruction ran and when the body ended, by bash's own clock, without a process more.
 */
export interface Script {
  readonly name: Job["body"]["kind"];
  readonly text: string;
  readonly arguments: readonly string[];
}

const opening = `#!/bin/bash
LC_ALL=C
clock=$1 job=$2
echo "$job started $EPOCHREALTIME" >>"$clock"
shift 2
`;

const closing = `echo "$job ended $EPOCHREALTIME" >>"$clock"
`;

/** Arguments: clock file, job, seconds. */
const sleep = `${opening}[[ $1 == 0 ]] || sleep "$1"
status=$?
${closing}exit "$status"
`;

/** Arguments: clock file, job, folder, how many commands come first, of each the number of its words and these, the command. */
const mpi = `${opening}cd "$1" || exit
steps=$2 status=0
shift 2
for (( ; steps > 0 && status == 0; steps--)); do
  "\${@:2:$1}"
  status=$?
  shift "$(($1 + 1))"
done
if ((status == 0)); then
  "$@"
  status=$?
fi
${closing}exit "$status"
`;

export const scriptTexts = { sleep, mpi };

/** @param launcher what starts the ranks of an MPI program: the scheduler's own command */
export function scriptOf(job: Job, launcher: readonly string[]): Script {
  const { body } = job;
  if (body.kind === "sleep") return { name: "sleep", text: sleep, arguments: [clockFile, job.id, String(body.seconds)] };
  const preparation = (body.preparation ?? []).flatMap((words) => [String(words.length), ...words]);
  const steps = [String(body.preparation?.length ?? 0), ...preparation];
  return { name: "mpi", text: mpi, arguments: [clockFile, job.id, jobFolder(job.id), ...steps, ...launcher, ...mpiCommand(job)] };
}

/** What each rank of an MPI job executes, however it is launched. */
export function mpiCommand({ body, coresPerRank }: Job): string[] {
  if (body.kind !== "mpi") throw new Error(`${body.kind} is no MPI program`);
  const threads = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"].map((name) => `${name}=${coresPerRank}`);
  return ["env", ...threads, body.program, ...body.arguments];
}
