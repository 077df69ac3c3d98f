import * as pulumi from "@pulumi/pulumi";
import { failureLine } from "../model/failure.ts";
import { InvalidInput } from "../model/problem.ts";

/**
 * Ends the program with these words, and nothing else, to be thrown. It has no stack, which nobody is to see: Pulumi has every
 * error's drawn by util.inspect, and that of Node.js 20.20 never ends at a frame of `node_modules/@pulumi/resource.ts`, but
 * makes one string longer for 12 s, until no string may be that long.
 */
export function refusal(message: string): pulumi.RunError {
  // A sweep sets this, for it cannot tell a refusal from a program that broke.
  const isAsked = process.env.SCHEDFRONT_ERRORS === "json";
  const error = new pulumi.RunError(isAsked ? `${message}\n${failureLine("refused", message)}` : message);
  error.stack = "";
  return error;
}

/** Does the work; a mistake of the user's becomes a {@link refusal}. */
export function forPeople<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof InvalidInput ? refusal(error.message) : error;
  }
}
