interface Platform {
  readonly platform: string;
}

/** True on macOS and iPadOS, where ⌘ does what Ctrl does elsewhere. */
export const isApple = ({ platform }: Platform = navigator): boolean => /^(Mac|iPad|iPhone)/.test(platform);

/** What is printed on the key: 'Ctrl' is ⌘ on a Mac. */
export function keyName(key: string, isOnApple: boolean): string {
  return key === 'Ctrl' && isOnApple ? '⌘' : key;
}
