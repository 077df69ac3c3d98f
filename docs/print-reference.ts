import { reference } from "./reference.ts";

/** Prints docs/reference.md. */
process.stdout.write(reference());
