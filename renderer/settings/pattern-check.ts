export type PatternCheck =
  | { readonly kind: 'none' }
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly why: string };

/** As the setting allows. */
export const longestPattern = 500;

/** Whether a text is a regular expression as the engine reads one; `why` is the language's own complaint. */
export function checkPattern(text: string): PatternCheck {
  const pattern = text.trim();
  if (pattern === '') return { kind: 'none' };
  try {
    new RegExp(pattern);
    return { kind: 'right' };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'wrong', why: message.replace(/^Invalid regular expression: /, '') };
  }
}
