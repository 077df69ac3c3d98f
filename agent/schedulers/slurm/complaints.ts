/**
 * What slurmctld says in its log of a configuration that it does not follow (Slurm 22.05 to 26.05): it goes on with a value of
 * its own, and scontrol prints what was asked all the same.
 */

const words =
  /\b(invalid|ignor(ed|ing|e)|unknown|unrecogni[sz]ed|unsupported|not supported|deprecated|obsolete|defunct|no longer|incompatible|conflict\w*|mutually exclusive|out of range|must (not )?be|can ?not exceed|exceeds|too (large|small|long|big)|not (valid|found|a valid|permitted|allowed|defined|specified)|fatal|does not exist|duplicate\w*|unable to (parse|process)|parse error|parsing error|couldn't (find|load))\b/i;

/** What it says of jobs, of users and of nodes, and what it always says of a state that is fresh. */
const others =
  /JobId=|StepId=|\bnode \S+ (has|is|state|not|now)|\bnodes? .*not responding|state file|to recover|Trying backup|using default|default values|No parameter for|not specified$|Lookup failed|uid \d+|_slurm_rpc_|Unable to resolve|Registration|cgroup\.conf/i;

/** The line without its time and its daemon's name. */
const told = (line: string) => line.replace(/^(\[[^\]]*\] |slurmctld[\w-]*: )+/, "").trim();

/** Each complaint once, in slurmctld's own words. */
export const complaintsIn = (log: string): string[] => [
  ...new Set(
    log
      .split("\n")
      .map(told)
      .filter((line) => words.test(line) && !others.test(line) && !/^debug\d?:/.test(line)),
  ),
];
