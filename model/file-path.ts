import * as z from "zod";

/** Path of a user's file: what an operating system can open, and a message can show. */
export const filePath = z
  .string()
  .regex(/^[^\p{Cc}]+$/u)
  .max(4096);
