import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import type { Host } from "../model/host.ts";
import { nodes, type Topology } from "../model/topology.ts";
import type { ImageFiles, TrialParts } from "../model/trial.ts";
import { type KeyPair, metaData, userData } from "./cloud-init.ts";
import { type Connection, jumpHost } from "./connection.ts";
import { domainXslt } from "./domain-xslt.ts";
import { address, bridge, domain as domainName, macAddress, prefix, subnet } from "./names.ts";
import { networkXslt } from "./network-xslt.ts";
import { onceDone, script } from "./script.ts";

export interface ClusterArgs {
  readonly topology: Topology;
  readonly image: pulumi.Input<ImageFiles>;
  /** Name that everything on the hypervisor is derived from. Default: the stack's. */
  readonly stack?: string;
}

type DomainType = TrialParts["domainType"];

/** The topology's machines, booted and answering ssh under the host keys that were made for them. */
export class Cluster extends pulumi.ComponentResource {
  /** How to reach the machines; exists once all of them answer. A secret, for it holds the key. */
  readonly connection: pulumi.Output<Connection>;
  /** What the machines run on. */
  readonly domainType: pulumi.Output<DomainType>;

  constructor(name: string, { topology, image, stack = pulumi.getStack() }: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Cluster", name, {}, opts);
    const { hypervisor } = topology;
    const files = pulumi.output(image);
    const provider = new libvirt.Provider(`${name}-hypervisor`, { uri: hypervisor.uri }, { parent: this });
    const made = { parent: this, provider };
    const pool = new libvirt.Pool(
      `${name}-pool`,
      { name: prefix(stack), type: "dir", target: { path: `${hypervisor.imagesDirectory}/${prefix(stack)}` } },
      made,
    );
    // Every file of the pool depends on this: it goes when they have gone, and takes with it what Pulumi does not know.
    const emptied = script<object>(
      `${name}-pool-contents`,
      "empty-pool",
      { input: { uri: hypervisor.uri, pool: pool.name }, undo: "empty-pool" },
      { parent: this },
    ).command;
    const volume = (part: string, args: libvirt.VolumeArgs) =>
      new libvirt.Volume(`${name}-${part}`, { ...args, pool: pool.name }, { ...made, dependsOn: emptied });
    const base = volume("base", { name: "base.qcow2", source: files.disk, format: "qcow2" });
    const kernel = volume("kernel", { name: "vmlinuz", source: files.kernel, format: "raw" });
    const initrd = volume("initrd", { name: "initrd.img", source: files.initrd, format: "raw" });
    this.domainType = script<{ type: DomainType }>(
      `${name}-acceleration`,
      "prove-acceleration",
      {
        input: {
          uri: hypervisor.uri,
          acceleration: hypervisor.acceleration,
          domain: `${prefix(stack)}-probe`,
          kernel: kernel.id,
          initrd: initrd.id,
        },
      },
      { parent: this },
    ).reply.type;
    const range = topology.network.subnet ?? subnet(stack);
    const reservations = nodes(topology).map(({ name: host }, index) => ({
      host,
      mac: macAddress(stack, host),
      ip: address(range, index),
    }));
    const network = new libvirt.Network(
      `${name}-network`,
      {
        name: prefix(stack),
        mode: "none",
        bridge: bridge(stack),
        addresses: [range],
        mtu: topology.network.mtu,
        dhcp: { enabled: true },
        dns: { enabled: true },
        xml: { xslt: networkXslt(reservations) },
      },
      made,
    );
    const key = script<KeyPair>(`${name}-key`, "generate-key", { input: { comment: prefix(stack) }, secret: true }, { parent: this }).reply;
    const login = pulumi.unsecret(key.publicKey);

    // The provider reads each cloud-init disk back. While it sends another file to the pool over the same connection, it
    // finds that empty or waits for ever: one transfer at a time.
    let sent: pulumi.Resource[] = [base, kernel, initrd];
    const seeds = nodes(topology).map((node) => {
      const hostKey = script<KeyPair>(
        `${name}-${node.name}-key`,
        "generate-key",
        { input: { comment: node.name }, secret: true },
        { parent: this },
      ).reply;
      const cloudInit = new libvirt.CloudinitDisk(
        `${name}-${node.name}-cloud-init`,
        {
          name: `${node.name}-cloud-init.iso`,
          pool: pool.name,
          userData: pulumi.all([hostKey, login]).apply(toUserData),
          metaData: metaData(domainName(stack, node.name), node.name),
        },
        { ...made, dependsOn: sent },
      );
      sent = [cloudInit];
      return { node, cloudInit, hostKey: pulumi.unsecret(hostKey.publicKey) };
    });

    const boot = ({ node, cloudInit, hostKey }: (typeof seeds)[number], index: number) => {
      const disk = volume(node.name, { name: `${node.name}.qcow2`, baseVolumeId: base.id, size: node.diskGiB * 2 ** 30, format: "qcow2" });
      const domain = new libvirt.Domain(
        `${name}-${node.name}`,
        {
          name: domainName(stack, node.name),
          type: this.domainType,
          cpu: { mode: this.domainType.apply(cpuMode) },
          vcpu: node.cpus,
          memory: node.memoryGiB * 1024,
          kernel: kernel.id,
          initrd: initrd.id,
          cmdlines: files.commandLine.apply(toCmdlines),
          // As `cloudinit` it would be a CD, which takes the guest's kernel seconds to probe.
          disks: [{ volumeId: disk.id }, { volumeId: cloudInit.id.apply(toVolume) }],
          networkInterfaces: [{ networkId: network.id, mac: macAddress(stack, node.name) }],
          consoles: [{ type: "pty", targetPort: "0", targetType: "serial" }],
          xml: { xslt: domainXslt(stack, node.name, node.gpuPciAddresses) },
        },
        // All after the last transfer: Pulumi destroys level by level, and so stops the machines at the same time.
        { ...made, dependsOn: sent, deleteBeforeReplace: true, customTimeouts: { create: "20m" } },
      );
      const { name: hostName, role, group } = node;
      return { name: hostName, role, group, address: address(range, index), hostKey, domain: domain.id };
    };

    const booted = pulumi.output(seeds.map(boot));
    const connection = pulumi.all([booted, key]).apply(toConnection(jumpHost(hypervisor)));
    const answered = script<object>(
      `${name}-ssh`,
      "await-hosts",
      // The domains' ids: a domain that is made anew has to be waited for anew.
      { input: { uri: hypervisor.uri, domains: booted.apply(toDomains) }, connection },
      { parent: this },
    );
    this.connection = onceDone(connection, answered.reply);
    this.registerOutputs({ domainType: this.domainType });
  }
}

const toUserData = ([hostKey, login]: [KeyPair, string]) => userData(hostKey, login);

/** A cloud-init disk's id is its volume's and a number of the provider's: `/pool/cn1.iso;0d5c…`. */
const toVolume = (id: string) => id.replace(/;[^;]*$/, "");

/** TCG's default model lacks instructions that OpenBLAS takes for granted. */
const cpuMode = (type: DomainType) => (type === "kvm" ? "host-passthrough" : "maximum");

/** `root=/dev/vda rw quiet` as the provider reads it back: the settings, and in `_` the words; any other form looks like a change. */
function toCmdlines(commandLine: string): Record<string, string>[] {
  const words = commandLine.split(" ");
  const setting = (word: string) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)];
  const settings = Object.fromEntries(words.filter((word) => word.includes("=")).map(setting));
  return [settings, { _: words.filter((word) => !word.includes("=")).join(" ") }];
}

/** A machine with the domain that it is. */
type Booted = Host & { readonly domain: string };

const toDomains = (booted: Booted[]) => booted.map(({ domain }) => domain);

const toConnection =
  (jump: string | null) =>
  ([booted, { privateKey }]: [Booted[], KeyPair]): Connection => ({ hosts: booted.map(toHost), privateKey, jump });

const toHost = ({ domain: _domain, ...host }: Booted): Host => host;
