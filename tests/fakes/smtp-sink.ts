import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly data: string;
}

export interface SmtpSink {
  readonly port: number;
  readonly mails: readonly Mail[];
  /** It answers 451 to what is sent while this is true. */
  isRefusing: boolean;
  close(): Promise<void>;
}

/** As much of RFC 5321 as a client needs to be rid of a mail. */
export async function createSmtpSink(): Promise<SmtpSink> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const sink = { mails, isRefusing: false };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    serve(socket, { take: (mail) => mails.push(mail), isRefusing: () => sink.isRefusing });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(sink, {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  });
}

interface Session {
  readonly take: (mail: Mail) => void;
  readonly isRefusing: () => boolean;
}

function serve(socket: Socket, { take, isRefusing }: Session): void {
  let [from, to, data]: [string, string[], string | null] = ['', [], null];
  let buffer = '';
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';
  function obey(line: string): void {
    if (data !== null) {
      if (line !== '.') {
        data += `${line.replace(/^\./, '')}\r\n`;
        return;
      }
      if (isRefusing()) say('451 not now');
      else {
        take({ from, to, data });
        say('250 kept');
      }
      data = null;
      to = [];
      return;
    }
    const word = line.slice(0, 4).toUpperCase();
    if (word === 'MAIL') from = addressIn(line);
    if (word === 'RCPT') to.push(addressIn(line));
    if (word === 'DATA') {
      data = '';
      say('354 go on');
    } else if (word === 'QUIT') {
      say('221 bye');
      socket.end();
    } else say('250 sink');
  }
  say('220 sink');
  socket.setEncoding('utf8').on('data', (text: string) => {
    buffer += text;
    for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      obey(line);
    }
  });
}
