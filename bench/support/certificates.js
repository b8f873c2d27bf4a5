// Makes a certificate authority and a certificate of a server on this machine, so that https is measured with a real handshake
// and a real verification. Node signs but makes no certificates, so their few fields (RFC 5280) are written here.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Long enough for any run; the authority is never stored beyond it. */
const VALID_MS = 7 * DAY_MS;

const [BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OBJECT_ID, UTF8_TEXT, TIME, SEQUENCE, SET] = [1, 2, 3, 4, 6, 12, 23, 48, 49];
/** Context tags: the version, the extensions, and a DNS name and an IP address of the server. */
const [VERSION, EXTENSIONS, DNS_NAME, IP_ADDRESS] = [0xa0, 0xa3, 0x82, 0x87];

/** Object ids, as their bytes. */
const COMMON_NAME = '550403';
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const BASIC_CONSTRAINTS = '551d13';
const KEY_USAGE = '551d0f';
const SUBJECT_NAMES = '551d11';
const SUBJECT_KEY = '551d0e';
const AUTHORITY_KEY = '551d23';

/**
 * @typedef {object} TlsFiles All PEM.
 * @property {string} authority What the client has to trust.
 * @property {string} certificate
 * @property {string} privateKey
 */

/**
 * Makes a new authority, and a certificate that it signs for `localhost` and 127.0.0.1.
 * @returns {TlsFiles}
 */
export function makeCertificates() {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = 'orx bench authority';
  const issued = [
    extension(AUTHORITY_KEY, der(SEQUENCE, der(0x80, keyId(authority.publicKey)))),
    extension(
      SUBJECT_NAMES,
      der(SEQUENCE, der(DNS_NAME, Buffer.from('localhost')), der(IP_ADDRESS, Buffer.from([127, 0, 0, 1]))),
    ),
  ];
  const own = [
    extension(BASIC_CONSTRAINTS, der(SEQUENCE, der(BOOLEAN, Buffer.from([0xff]))), true),
    // Only to sign certificates.
    extension(KEY_USAGE, der(BIT_STRING, Buffer.from([2, 0b0000_0100])), true),
    extension(SUBJECT_KEY, der(OCTET_STRING, keyId(authority.publicKey))),
  ];
  const { privateKey } = authority;
  return {
    authority: certificate({ issuer, subject: issuer, publicKey: authority.publicKey, extensions: own, privateKey }),
    certificate: certificate({ issuer, subject: 'localhost', publicKey: server.publicKey, extensions: issued, privateKey }),
    privateKey: /** @type {string} */ (server.privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}

/**
 * @param {{
 *   issuer: string,
 *   subject: string,
 *   publicKey: import('node:crypto').KeyObject,
 *   extensions: readonly Buffer[],
 *   privateKey: import('node:crypto').KeyObject,
 * }} contents `privateKey` is the issuer's.
 * @returns {string} PEM.
 */
function certificate({ issuer, subject, publicKey, extensions, privateKey }) {
  const algorithm = der(SEQUENCE, der(OBJECT_ID, Buffer.from(ECDSA_WITH_SHA256, 'hex')));
  const now = Date.now();
  const signed = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    // Positive, and without a leading zero.
    der(INTEGER, Buffer.concat([Buffer.from([0x40]), randomBytes(8)])),
    algorithm,
    nameOf(issuer),
    der(SEQUENCE, time(now - DAY_MS), time(now + VALID_MS)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(EXTENSIONS, der(SEQUENCE, ...extensions)),
  );
  const bytes = der(SEQUENCE, signed, algorithm, der(BIT_STRING, Buffer.from([0]), sign('sha256', signed, privateKey)));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** @param {string} id @param {Buffer} value @param {boolean} [isCritical] */
function extension(id, value, isCritical = false) {
  const critical = isCritical ? [der(BOOLEAN, Buffer.from([0xff]))] : [];
  return der(SEQUENCE, der(OBJECT_ID, Buffer.from(id, 'hex')), ...critical, der(OCTET_STRING, value));
}

/** @param {string} text */
function nameOf(text) {
  return der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(OBJECT_ID, Buffer.from(COMMON_NAME, 'hex')), der(UTF8_TEXT, Buffer.from(text)))),
  );
}

/** @param {number} at Milliseconds since 1970, before 2050. */
function time(at) {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return der(TIME, Buffer.from(`${digits}Z`));
}

/** @param {import('node:crypto').KeyObject} key */
function keyId(key) {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

/** Returns a tagged value. @param {number} tag @param {readonly Buffer[]} contents */
function der(tag, ...contents) {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
