// Every key and secret that the program makes, by Node's own cryptography. They are written to no file: a script's reply goes to
// Pulumi, which keeps it as a secret.
"use strict";

const { createHash, generateKeyPairSync, randomBytes, sign } = require("node:crypto");

const int32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** An SSH string, RFC 4251, 5. */
const ssh = (...parts) => {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([int32(bytes.length), bytes]);
};

const pem = (label, bytes) =>
  `-----BEGIN ${label}-----\n${bytes.toString("base64").replaceAll(/.{1,64}/g, "$&\n")}-----END ${label}-----\n`;

/**
 * An Ed25519 pair without a passphrase, in OpenSSH's own format, for its versions before 9.6 read no other:
 * https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key
 */
exports.sshKey = ({ comment }) => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { d, x } = privateKey.export({ format: "jwk" });
  const [seed, point] = [d, x].map((part) => Buffer.from(part, "base64url"));
  const type = "ssh-ed25519";
  const publicKey = Buffer.concat([ssh(type), ssh(point)]);
  // What is read is right where this is there twice.
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, publicKey, ssh(seed, point), ssh("")]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7]).subarray(0, -secret.length & 7);
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ssh("none"),
    ssh("none"),
    ssh(""),
    int32(1),
    ssh(publicKey),
    ssh(secret, padding),
  ]);
  return { privateKey: pem("OPENSSH PRIVATE KEY", file), publicKey: `${type} ${publicKey.toString("base64")} ${comment}` };
};

/** SecretRecipe of model/scheduler.ts, by what it asks for. */
const recipes = {
  bytes: (count) => randomBytes(count).toString("base64"),
  certificates,
  curve: () => {
    const { d, x } = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
    return { public: z85(Buffer.from(x, "base64url")), secret: z85(Buffer.from(d, "base64url")) };
  },
};

exports.secret = (recipe) => {
  const [asked, ...others] = Object.keys(recipe);
  if (others.length > 0 || !Object.hasOwn(recipes, asked))
    throw new Error(
      `the recipe ${JSON.stringify(recipe)} is not one of ${Object.keys(recipes)
        .map((name) => `{${name}}`)
        .join(", ")}`,
    );
  return recipes[asked](recipe[asked]);
};

/** https://rfc.zeromq.org/spec/32: four bytes, the highest first, are five digits of base 85, the highest first. */
function z85(bytes) {
  const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
  const places = [85 ** 4, 85 ** 3, 85 ** 2, 85, 1];
  const words = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32BE(4 * i));
  return words.flatMap((word) => places.map((place) => digits[Math.floor(word / place) % 85])).join("");
}

/** Of an authority that signs them and then is forgotten, each with a new key on P-256. For ten years: nobody renews them. */
function certificates(requests) {
  const authority = { name: "/CN=schedfront", key: newKey() };
  const own = certificate(authority, authority.name, authority.key, [
    extension("2.5.29.19", true, sequence(boolean(true))),
    // digitalSignature, keyCertSign
    extension("2.5.29.15", true, der(0x03, [2, 0x84])),
  ]);
  const leaves = Object.entries(requests).map(([name, { subject, hosts }]) => {
    const key = newKey();
    const names = sequence(...hosts.map((host) => der(0x82, Buffer.from(host, "ascii"))));
    const issued = certificate(authority, subject, key, [
      extension("2.5.29.19", true, sequence()),
      extension("2.5.29.15", true, der(0x03, [7, 0x80])),
      // clientAuth, serverAuth
      extension("2.5.29.37", false, sequence(oid("1.3.6.1.5.5.7.3.2"), oid("1.3.6.1.5.5.7.3.1"))),
      ...(hosts.length === 0 ? [] : [extension("2.5.29.17", false, names)]),
    ]);
    return [name, { certificate: issued, key: key.privateKey.export({ type: "pkcs8", format: "pem" }) }];
  });
  return { ...Object.fromEntries(leaves), authority: own };
}

/** Of the key itself, an uncompressed point of 65 bytes, which is the last in its structure. */
const fingerprint = (publicKey) =>
  createHash("sha1")
    .update(publicKey.export({ type: "spki", format: "der" }).subarray(-65))
    .digest();

const newKey = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

/** RFC 5280, 4.1, in PEM. */
function certificate(issuer, subject, { publicKey }, extensions) {
  const algorithm = sequence(oid("1.2.840.10045.4.3.2"));
  const serial = randomBytes(16);
  // Positive, and without a leading byte that a shorter number would not have.
  serial[0] = (serial[0] & 0x7f) | 0x40;
  const now = new Date();
  const end = new Date(now);
  end.setUTCFullYear(now.getUTCFullYear() + 10);
  // Each certificate says whose key it has, and by whose it is signed; RFC 5280, 4.2.1.1 and 4.2.1.2.
  const identifiers = [
    extension("2.5.29.14", false, der(0x04, fingerprint(publicKey))),
    extension("2.5.29.35", false, sequence(der(0x80, fingerprint(issuer.key.publicKey)))),
  ];
  const signed = sequence(
    der(0xa0, integer([2])),
    integer(serial),
    algorithm,
    distinguishedName(issuer.name),
    sequence(time(now), time(end)),
    distinguishedName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...identifiers, ...extensions)),
  );
  const signature = sign("sha256", signed, issuer.key.privateKey);
  return pem("CERTIFICATE", sequence(signed, algorithm, der(0x03, [0], signature)));
}

/** X.690, in the distinguished encoding: tag, length, content. */
function der(tag, ...parts) {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
const sequence = (...parts) => der(0x30, ...parts);
const integer = (bytes) => der(0x02, bytes);
const boolean = (value) => der(0x01, [value ? 0xff : 0]);
const extension = (id, critical, value) => sequence(oid(id), ...(critical ? [boolean(true)] : []), der(0x04, value));

function oid(text) {
  const [first, second, ...rest] = text.split(".").map(Number);
  const base128 = (value) => (value < 0x80 ? [value] : [...base128(Math.floor(value / 0x80)).map((byte) => byte | 0x80), value & 0x7f]);
  return der(0x06, [40 * first + second, ...rest.flatMap(base128)]);
}

/** "20260102030405Z"; before 2050 two digits of the year, RFC 5280, 4.1.2.5. */
function time(date) {
  const text = `${date.toISOString().slice(0, 19).replaceAll(/[-T:]/g, "")}Z`;
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text));
}

/** `/O=system:nodes/CN=system:node:cn1`. */
function distinguishedName(subject) {
  const types = { CN: "2.5.4.3", O: "2.5.4.10" };
  const parts = subject
    .split("/")
    .slice(1)
    .map((part) => part.split("="));
  return sequence(...parts.map(([type, value]) => der(0x31, sequence(oid(types[type]), der(0x0c, Buffer.from(value))))));
}
