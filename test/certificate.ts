// A certificate that nobody has signed, made when a test needs one: Node can read certificates, and not make them.
import { createSign, generateKeyPairSync } from "node:crypto";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** For `localhost` and `127.0.0.1`; also a CA, so that it can be trusted by `NODE_EXTRA_CA_CERTS`. */
export function selfSignedCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from("test")))));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(der(0x17, Buffer.from("200101000000Z")), der(0x17, Buffer.from("491231000000Z"))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(isCa, namesOf("localhost", [127, 0, 0, 1]))),
  );
  const signature = createSign("sha256").update(toBeSigned).sign(privateKey);
  const certificate = sequence(
    toBeSigned,
    ecdsaWithSha256,
    der(0x03, Buffer.concat([Buffer.from([0]), signature])),
  );
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
  };
}

/** One value of ASN.1 in its distinguished encoding: tag, length, content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : [0x82, Math.floor(length / 0x100), length % 0x100];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...values: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(values));
}

const commonName = der(0x06, Buffer.from([0x55, 4, 3]));
const ecdsaWithSha256 = sequence(
  der(0x06, Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])),
);
const isCa = sequence(
  der(0x06, Buffer.from([0x55, 0x1d, 0x13])),
  der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
);

function namesOf(host: string, address: readonly number[]): Buffer {
  const names = sequence(der(0x82, Buffer.from(host)), der(0x87, Buffer.from(address)));
  return sequence(der(0x06, Buffer.from([0x55, 0x1d, 0x11])), der(0x04, names));
}
