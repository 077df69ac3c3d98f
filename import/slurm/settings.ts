import { slurm } from "../../model/schedulers/slurm.ts";
import type { Origins } from "../fitting.ts";
import type { Ledger } from "../ledger.ts";
import { shapeOf, spelling } from "../schema-of.ts";
import type { Setting, Settings } from "./cluster.ts";
import { coerced } from "./coercion.ts";
import { reasonToLeave } from "./left-to-the-site.ts";

/** Keys of the parameters that are the program's own, not slurm.conf's. */
const ownKeys = ["kind", "accounting", "partitions", "extra"];

/** Values that Slurm has given up, and what took their place. */
const renamed = new Map([["selecttype=select/cons_res", "select/cons_tres"]]);

/** A document's scheduler, as it grows. */
export type Parameters = Record<string, unknown>;

/**
 * Global settings of slurm.conf as scheduler parameters: under their own key where the schema has it, else under `extra`; what is
 * of the site's own hosts, files and daemons is left out.
 */
export function addSettings(parameters: Parameters, global: Settings, origins: Origins, ledger: Ledger): void {
  const shape = shapeOf(slurm.parameters);
  const extra: Record<string, unknown> = {};
  for (const setting of global.values()) {
    const what = `${setting.key}=${setting.value}`;
    const key = spelling(shape, setting.key);
    if (key === "SchedulerParameters") addSchedulerParameters(parameters, setting, origins, ledger);
    else if (key === "TaskPlugin") ledger.changed(what, "task/none: emulated nodes have no cores to bind to", setting.where);
    else if (setting.key.toLowerCase() === "accountingstoragetype") addAccounting(parameters, setting, ledger);
    else if (key !== undefined && !ownKeys.includes(key)) addTyped(parameters, key, setting, origins, ledger);
    else {
      const reason = reasonToLeave(setting.key, setting.value);
      if (reason !== null) ledger.leftOut(what, reason, setting.where);
      else if (!/^[A-Za-z][A-Za-z0-9]*$/.test(setting.key))
        ledger.leftOut(what, "is no setting of slurm.conf's; a list may not have spaces in it", setting.where);
      else if (setting.value === "" || setting.value === "(null)") ledger.leftOut(what, "is empty", setting.where);
      else {
        extra[setting.key] = coerced(shapeOfExtra(), setting.value) ?? setting.value;
        origins.note(extra, setting.key, { what, where: setting.where });
      }
    }
  }
  if (Object.keys(extra).length > 0) parameters.extra = extra;
}

/** A value of `extra`: numbers stay numbers. */
const shapeOfExtra = () => slurm.parameters.shape.extra.unwrap().valueType;

function addAccounting(parameters: Parameters, { key, value, where }: Setting, ledger: Ledger): void {
  if (/slurmdbd$/i.test(value)) {
    parameters.accounting = true;
    ledger.changed(`${key}=${value}`, "accounting: true, with a slurmdbd of the cluster's own", where);
  } else ledger.taken(`${key}=${value}`, where);
}

function addTyped(parameters: Parameters, key: string, { key: own, value: text, where }: Setting, origins: Origins, ledger: Ledger): void {
  const schema = shapeOf(slurm.parameters)[key];
  if (schema === undefined) return;
  const what = `${own}=${text}`;
  const newer = renamed.get(`${key}=${text}`.toLowerCase());
  const words = text.split(",").map((word) => word.trim());
  const value = coerced(schema, newer ?? text);
  const part = value === undefined && words.length > 1 ? words.find((word) => coerced(schema, word) !== undefined) : undefined;
  // What the schema does not take says why when the document is fitted.
  parameters[key] = part !== undefined ? coerced(schema, part) : (value ?? text);
  if (newer !== undefined) ledger.changed(what, `${newer}, which took its place`, where);
  else if (part !== undefined) ledger.changed(what, `${part} alone, for the schema does not take the whole`, where);
  else origins.note(parameters, key, { what, where });
}

/** `bf_continue,bf_window=2880`; each item is a thing of its own. */
function addSchedulerParameters(parameters: Parameters, { key: own, value: list, where }: Setting, origins: Origins, ledger: Ledger): void {
  const shape = shapeOf(slurm.parameters.shape.SchedulerParameters);
  const typed: Record<string, unknown> = {};
  const extra: Record<string, unknown> = {};
  for (const item of list
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")) {
    const at = item.indexOf("=");
    const [name, text] = at < 0 ? [item, null] : [item.slice(0, at), item.slice(at + 1)];
    const what = `${own}=${item}`;
    const key = spelling(shape, name);
    const holder = key !== undefined && key !== "extra" ? typed : extra;
    const into = key ?? name;
    if (holder === extra && (!("extra" in shape) || !/^[A-Za-z]\w*$/.test(name))) {
      ledger.leftOut(what, "the schema has no such scheduling parameter", where);
      continue;
    }
    if (Object.hasOwn(holder, into)) ledger.changed(what, "stands there twice: the last counts", where);
    const schema = key === undefined ? undefined : shape[key];
    const value = text === null ? true : schema === undefined ? text : coerced(schema, text);
    holder[into] = value ?? text;
    origins.note(holder, into, { what, where });
  }
  if (Object.keys(extra).length > 0) typed.extra = extra;
  if (Object.keys(typed).length > 0) parameters.SchedulerParameters = typed;
}
