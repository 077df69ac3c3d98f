import * as z from "zod";

/** Of a schema for one object, or for a list or a record of them, the keys and what each may be; below defaults and the like. */
export function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.ZodType>> {
  if (schema instanceof z.ZodObject) return schema.shape as Record<string, z.ZodType>;
  if (schema instanceof z.ZodArray) return shapeOf(schema.element);
  if (schema instanceof z.ZodRecord) return shapeOf(schema.valueType);
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  )
    return shapeOf(schema.unwrap());
  if (schema instanceof z.ZodPipe) return shapeOf(schema.in);
  throw new Error(`a schema of type ${schema._zod.def.type} has no keys`);
}

/** How a schema spells a key that is written with other capitals; undefined where it has none such. */
export const spelling = (shape: Readonly<Record<string, unknown>>, key: string): string | undefined =>
  Object.keys(shape).find((each) => each.toLowerCase() === key.toLowerCase());

/** What a JSON Schema says of a number, or of a list. */
export interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly enum?: readonly unknown[];
  readonly items?: { readonly properties?: Readonly<Record<string, Bounds>> };
  readonly anyOf?: readonly Bounds[];
}

export const boundsOf = (schema: z.core.$ZodType): Bounds => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Bounds;
