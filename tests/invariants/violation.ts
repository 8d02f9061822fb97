/** `rule` is a number of SPEC.md. */
export type Violation = { readonly rule: string; readonly what: string };
