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

/** What each rank of a spinning job runs. Arguments: microseconds, cores. Bash reads its clock without a process or a system call that waits. */
const spinner = `spin() { local end=$((\${EPOCHREALTIME/[.,]/} + $1)); while ((\${EPOCHREALTIME/[.,]/} < end)); do :; done; }
for ((core = 0; core < $2; core++)); do spin "$1" & done
wait`;

/** Arguments: clock file, job, microseconds, cores of a rank, launcher with its arguments; without one, there is one rank. */
const spin = `${opening}microseconds=$1 cores=$2
shift 2
"$@" bash -c '${spinner}' spin "$microseconds" "$cores"
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

export const scriptTexts = { sleep, spin, mpi };

/** @param launcher what starts the ranks of an MPI program: the scheduler's own command */
export function scriptOf(job: Job, launcher: readonly string[]): Script {
  const { body } = job;
  if (body.kind === "sleep") return { name: "sleep", text: sleep, arguments: [clockFile, job.id, String(body.seconds)] };
  if (body.kind === "spin") {
    const ranks = job.nodes * job.ranksPerNode > 1 ? launcher : [];
    const microseconds = String(Math.round(body.seconds * 1e6));
    return { name: "spin", text: spin, arguments: [clockFile, job.id, microseconds, String(job.coresPerRank), ...ranks] };
  }
  const preparation = (body.preparation ?? []).flatMap((words) => [String(words.length), ...words]);
  const steps = [String(body.preparation?.length ?? 0), ...preparation];
  return { name: "mpi", text: mpi, arguments: [clockFile, job.id, jobFolder(job.id), ...steps, ...launcher, ...mpiCommand(job)] };
}

/** What each rank of an MPI job executes, however it is launched. */
export function mpiCommand({ body, coresPerRank }: Job): string[] {
  if (body.kind !== "mpi") throw new Error(`${body.kind} is not an MPI program`);
  const threads = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"].map((name) => `${name}=${coresPerRank}`);
  return ["env", ...threads, body.program, ...body.arguments];
}
