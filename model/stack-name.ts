import * as z from "zod";

/**
 * Name of a stack: Pulumi's own rule (up to 100 letters, digits, `_`, `.`, `-`), without a leading hyphen or dot. Machines, pools,
 * snapshots and folders are named after stacks, and no program may take such a name for an option or a parent folder.
 */
export const stackName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/);
