import { InvalidInput } from "../../model/problem.ts";

/** Where a table has what a job is made of: a column, and a number by which its values are divided. */
export interface Column {
  readonly name: string;
  readonly divisor: number;
}

export type Columns<Field extends string> = Readonly<Partial<Record<Field, Column>>>;

/** What a pod may have. */
export const podFields = [
  ...(["id", "submit", "start", "end", "run", "cpus", "gpus", "gpu_type", "memory_mib", "limit"] as const),
  ...(["nodes", "user", "account", "queue", "partition", "name", "state"] as const),
] as const;
export type PodField = (typeof podFields)[number];

export const nodeFields = ["id", "cpus", "memory_mib", "gpus", "gpu_type"] as const;
export type NodeField = (typeof nodeFields)[number];

/** Those of Alibaba's cluster-trace-gpu-v2023 (openb_pod_list_*.csv, openb_node_list_*.csv). */
export const alibabaPods =
  "id=name,submit=creation_time,start=scheduled_time,end=deletion_time,cpus=cpu_milli/1000,memory_mib=memory_mib,gpus=num_gpu,gpu_type=gpu_spec,queue=qos,state=pod_phase";
export const alibabaNodes = "id=sn,cpus=cpu_milli/1000,memory_mib=memory_mib,gpus=gpu,gpu_type=model";

/** `cpus=cpu_milli/1000,submit=created`, of these fields. @throws InvalidInput */
export function columnsIn<Field extends string>(option: string, text: string, fields: readonly Field[]): Columns<Field> {
  const refuse = (message: string) => new InvalidInput("option", [{ path: [option], message }]);
  const columns: Partial<Record<Field, Column>> = {};
  for (const item of text.split(",")) {
    const [, field, name = "", divisor = "1"] = /^\s*(\w+)=([^/]+?)(?:\/(\d+(?:\.\d+)?))?\s*$/.exec(item) ?? [];
    const known = fields.find((each) => each === field);
    if (known === undefined || !(Number(divisor) > 0))
      throw refuse(`"${item}" is not FIELD=COLUMN or FIELD=COLUMN/DIVISOR, with a field of ${fields.join(", ")}`);
    columns[known] = { name: name.trim(), divisor: Number(divisor) };
  }
  return columns;
}
