import * as z from "zod";

/** slurm.conf's SelectTypeParameters: what is consumable, and how it is handed out. */

const consumables = ["CR_CPU", "CR_CPU_Memory", "CR_Core", "CR_Core_Memory", "CR_Socket", "CR_Socket_Memory", "CR_Memory"];
const ways = [
  "CR_ONE_TASK_PER_CORE",
  "CR_CORE_DEFAULT_DIST_BLOCK",
  "CR_LLN",
  "CR_Pack_Nodes",
  "LL_SHARED_GRES",
  "MULTIPLE_SHARING_GRES_PJ",
  "ENFORCE_BINDING_GRES",
  "ONE_TASK_PER_SHARING_GRES",
];
const known = [...consumables, ...ways].join("|");

export const selectTypeParameters = z
  .string()
  .regex(new RegExp(`^(${known})(,(${known}))*$`))
  .describe("What is consumable, with options, separated by commas; CR_Core under select/cons_tres where it is not given.");

/** The one that says what is consumable; undefined where none does. */
export const consumableIn = (given: string | undefined): string | undefined => given?.split(",").find((part) => consumables.includes(part));

/** Why slurmctld would not start with it, or null. */
export function selectProblem(type: "select/cons_tres" | "select/linear", given: string | undefined): string | null {
  if (given === undefined) return null;
  const chosen = given.split(",").filter((part) => consumables.includes(part));
  if (chosen.length > 1) return `"${given}" names ${chosen.join(" and ")}, one of them says what is consumable`;
  const [consumable] = chosen;
  if (type === "select/linear" && consumable !== undefined && consumable !== "CR_Memory")
    return `"${given}" does not go with select/linear, which knows CR_Memory only`;
  if (type === "select/cons_tres" && (consumable === undefined || consumable === "CR_Memory"))
    return `"${given}" does not go with select/cons_tres, which needs one of ${consumables.filter((one) => one !== "CR_Memory").join(", ")}; CR_Memory alone is for select/linear`;
  return null;
}
