import * as z from "zod";

/** Kinds of one thing by name, each with the schema of its parameters, `kind` among them. */
type Kinds = Readonly<Record<string, { readonly parameters: z.ZodObject }>>;

/** The union of the parameters of all kinds, told apart by `kind`. */
export function parametersOfAny<Known extends Kinds>(kinds: Known) {
  type Parameters = Known[keyof Known]["parameters"];
  return z.discriminatedUnion("kind", Object.values(kinds).map(({ parameters }) => parameters) as [Parameters, ...Parameters[]]);
}
