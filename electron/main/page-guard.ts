import { type Session, shell, type WebContents } from 'electron';
import { isExternalLink } from './page-address.ts';

/** A page stays what it is: no navigation, no window, no embedded view; https links open in the user's browser. */
export function guardPage(contents: WebContents, log: (message: string) => void): void {
  const leave = (url: string): void => {
    if (!isExternalLink(url)) log(`refused to open ${url}`);
    else shell.openExternal(url).catch((error: unknown) => log(`could not open ${url}: ${String(error)}`));
  };
  contents.on('will-navigate', (event, url) => {
    event.preventDefault();
    leave(url);
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    leave(url);
    return { action: 'deny' };
  });
}

/** The app asks for nothing a page would need leave for: no camera, no location, no device. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}
