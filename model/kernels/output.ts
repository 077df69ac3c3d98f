/** A program's output without a byte order mark, its line ends as `\n`: what a Windows editor or a terminal log adds is no part of it. */
export const plainText = (output: string): string => output.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
