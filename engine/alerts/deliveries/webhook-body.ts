import type { WebhookTemplate } from '../../../shared/model/destination.ts';
import { type AlertMessage, titleWithMachine } from './alert-message.ts';

export interface WebhookBody {
  readonly url: string;
  /** JSON. */
  readonly body: string;
}

/** What each service takes at most in a text, with room for what stands around it. */
const mostCharacters = 1500;
const shorten = (text: string): string =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text;

/** The message in the words of the service behind the address. Text from outside cannot become a link, a mention or markup. */
export function webhookBody(template: WebhookTemplate, url: string, message: AlertMessage): WebhookBody {
  const body = (value: unknown): WebhookBody => ({ url, body: JSON.stringify(value) });
  const title = shorten(titleWithMachine(message));
  const text = shorten(message.text);
  const reference = message.deliveryId;
  switch (template) {
    case 'generic':
      return body(message);
    case 'slack':
      return body({
        text: `${slackText(title)}\n${slackText(text)}\n${slackText(reference)}`,
        mrkdwn: false,
        unfurl_links: false,
      });
    case 'discord':
      return body({
        content: `${discordText(title)}\n${discordText(text)}\n${discordText(reference)}`,
        allowed_mentions: { parse: [] },
      });
    case 'ntfy': {
      const address = new URL(url);
      const topic = decodeURIComponent(address.pathname.split('/').filter(Boolean).at(-1) ?? '');
      const folder = address.pathname.replace(/[^/]*\/?$/, '');
      return {
        url: `${address.origin}${folder === '' ? '/' : folder}`,
        body: JSON.stringify({
          topic,
          title,
          message: `${text}\n${reference}`,
          priority: priorityOf(message),
          tags: tagsOf(message),
        }),
      };
    }
  }
}

/** https://api.slack.com/reference/surfaces/formatting#escaping */
const slackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Backslashes before whatever Discord's Markdown knows; links stay text. */
const discordText = (text: string): string => text.replaceAll(/[\\*_~`|>#[\]()<@:-]/g, (sign) => `\\${sign}`);

const priorityOf = ({ event, alert }: AlertMessage): number =>
  event !== 'alert.fired' ? 2 : alert.level === 'critical' ? 5 : alert.level === 'warning' ? 4 : 3;

const tagsOf = ({ event, alert }: AlertMessage): readonly string[] =>
  event === 'alert.cleared' ? ['white_check_mark'] : [alert.level === 'critical' ? 'rotating_light' : 'zap'];
