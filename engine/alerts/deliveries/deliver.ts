import { deliverCommand } from './deliver-command.ts';
import { deliverEmail } from './deliver-email.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import type { Deliver } from './delivery.ts';

/** By the destination's kind. */
export const deliver: Deliver = (message, context) => {
  switch (context.destination.config.kind) {
    case 'webhook':
      return deliverWebhook(message, context);
    case 'email':
      return deliverEmail(message, context);
    case 'command':
      return deliverCommand(message, context);
  }
};
