import { createHash, randomBytes } from 'node:crypto';

export interface DigestRequest {
  /** Of the request line: '/rpc/Switch.GetStatus?id=0'. */
  readonly path: string;
  readonly user: string;
  readonly password: string;
  /** Hex; chosen by chance where it is not given. */
  readonly clientNonce?: string;
}

const hashes: Readonly<Record<string, string>> = { 'SHA-256': 'sha256', MD5: 'md5' };

/**
 * The Authorization header that answers a `WWW-Authenticate: Digest …` to a GET, by RFC 7616 with qop=auth; null for a challenge of another kind.
 * Shelly of the second generation asks so, with SHA-256 and the user 'admin'.
 */
export function answerDigest(challenge: string, request: DigestRequest): string | null {
  if (!/^Digest\s/i.test(challenge)) return null;
  const { realm, nonce, qop, algorithm = 'MD5', opaque } = parametersOf(challenge);
  const hash = hashes[algorithm.toUpperCase()];
  const isAuth = qop?.split(',').some((word) => word.trim() === 'auth') ?? false;
  if (realm === undefined || nonce === undefined || hash === undefined || !isAuth) return null;
  const digest = (text: string): string => createHash(hash).update(text).digest('hex');
  const clientNonce = request.clientNonce ?? randomBytes(8).toString('hex');
  const count = '00000001';
  const response = digest(
    [
      digest(`${request.user}:${realm}:${request.password}`),
      nonce,
      count,
      clientNonce,
      'auth',
      digest(`GET:${request.path}`),
    ].join(':'),
  );
  const parts = [
    `username="${request.user}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${request.path}"`,
    `algorithm=${algorithm}`,
    'qop=auth',
    `nc=${count}`,
    `cnonce="${clientNonce}"`,
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ];
  return `Digest ${parts.join(', ')}`;
}

/** `name="value"` and `name=value`, names in lower case. */
function parametersOf(challenge: string): Readonly<Record<string, string | undefined>> {
  const pairs = challenge.slice(0, 2000).matchAll(/([a-z]+)\s*=\s*(?:"([^"\\\r\n]*)"|([^\s,"]+))/gi);
  return Object.fromEntries(
    [...pairs].map(([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? '']),
  );
}
