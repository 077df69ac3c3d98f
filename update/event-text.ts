/** Without Pulumi's colour marks, `<{%reset%}>`. */
export const plainText = (message: string): string => message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();

/** `urn:pulumi:stack::project::type::name` → `name`. */
export const resourceName = (urn: string): string => urn.split("::").at(-1) ?? urn;
