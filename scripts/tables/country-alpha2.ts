/**
 * ISO 3166-1 alpha-2 codes of the places that the second carbon table does not list.
 * Everything else takes its code from that table. XK (Kosovo) is a user-assigned code there.
 */
export const alpha2ByAlpha3: Readonly<Record<string, string>> = {
  BOL: 'BO',
  BRN: 'BN',
  CIV: 'CI',
  COD: 'CD',
  CPV: 'CV',
  FLK: 'FK',
  IRN: 'IR',
  KOR: 'KR',
  LAO: 'LA',
  MDA: 'MD',
  PRK: 'KP',
  PSE: 'PS',
  REU: 'RE',
  RUS: 'RU',
  SHN: 'SH',
  SYR: 'SY',
  TLS: 'TL',
  TUR: 'TR',
  TWN: 'TW',
  TZA: 'TZ',
  VEN: 'VE',
  VGB: 'VG',
  VIR: 'VI',
  VNM: 'VN',
};
