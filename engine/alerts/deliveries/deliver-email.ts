import { titleWithMachine } from './alert-message.ts';
import { type Deliver, delivered, failed } from './delivery.ts';

const timeLimitMs = 10_000;

/** Sends the message by SMTP. Its Message-ID is that of the delivery, so that a mailbox can tell a second one apart. */
export const deliverEmail: Deliver = async (message, { destination, secrets, signal }) => {
  const { config } = destination;
  if (config.kind !== 'email') return failed('It is no mailbox.', { isFinal: true });
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: config.host,
    port: config.port,
    secure: config.security === 'tls',
    requireTLS: config.security === 'starttls',
    ignoreTLS: config.security === 'none',
    ...(config.user === null ? {} : { auth: { user: config.user, pass: secrets.password ?? '' } }),
    connectionTimeout: timeLimitMs,
    greetingTimeout: timeLimitMs,
    socketTimeout: timeLimitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const stop = (): void => transport.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await transport.sendMail({
      from: config.from,
      to: [...config.to],
      subject: titleWithMachine(message),
      text: `${message.text}\n\n${JSON.stringify(message.alert, null, 2)}\n`,
      messageId: `<${message.deliveryId}@wattrun>`,
      headers: { 'X-Wattrun-Delivery': message.deliveryId, 'X-Wattrun-Event': message.event },
    });
    return delivered;
  } catch (error) {
    return failed(reasonOf(error));
  } finally {
    signal.removeEventListener('abort', stop);
    transport.close();
  }
};

/** 'EAUTH 535': the code and the server's number, not its words, which may quote what was sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'It could not be sent.';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const response = 'responseCode' in error && typeof error.responseCode === 'number' ? ` ${error.responseCode}` : '';
  const text = `${code}${response}`.trim();
  return text === '' ? 'The mail server could not be reached.' : `The mail server refused or failed (${text}).`;
}
