/** A pair of SSH keys in OpenSSH's formats. */
export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/**
 * cloud-init's user data: the host key that was made before the boot, and who may log in. No password.
 * JSON is YAML, so nothing needs quoting.
 */
export const userData = (hostKey: KeyPair, authorizedKey: string): string =>
  `#cloud-config\n${JSON.stringify({
    disable_root: false,
    ssh_pwauth: false,
    ssh_genkeytypes: [],
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
    users: [{ name: "root", ssh_authorized_keys: [authorizedKey] }],
  })}\n`;

/** cloud-init's meta data; a new instance id would make a booted guest start over. */
export const metaData = (instance: string, hostname: string): string =>
  JSON.stringify({ "instance-id": instance, "local-hostname": hostname });
