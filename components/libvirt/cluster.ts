import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import type { Host } from "../../model/host.ts";
import { machines } from "../../model/topology.ts";
import type { ImageFiles, TrialParts } from "../../model/trial.ts";
import { type KeyPair, metaData, userData } from "../cloud-init.ts";
import { type Connection, jumpHost } from "../connection.ts";
import type { Up, UpArgs } from "../machines.ts";
import { onceDone, script } from "../script.ts";
import { claim } from "./claim.ts";
import { domainXslt } from "./domain-xslt.ts";
import { address, bridge, domain as domainName, macAddress, prefix, subnet } from "./names.ts";
import { networkXslt } from "./network-xslt.ts";
import { type Owner, poolXslt } from "./pool-xslt.ts";

type DomainType = TrialParts["domainType"];

/** The topology's machines, booted and answering ssh under the host keys that were made for them. */
export class Cluster extends pulumi.ComponentResource implements Up {
  /** How to reach the machines; exists once all of them answer. A secret, for it holds the key. */
  readonly connection: pulumi.Output<Connection>;
  /** What the machines run on. */
  readonly domainType: pulumi.Output<DomainType>;

  constructor(name: string, { topology, image, stack = pulumi.getStack(), settled }: UpArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Cluster", name, {}, opts);
    const { hypervisor } = topology;
    const files = pulumi.output(image);
    // Before everything else of the stack's there, and gone after it, with what a killed update left.
    const claimed = script<{ qemu: Owner | null }>(
      `${name}-names`,
      "libvirt/scripts/claim-names",
      { input: claim(topology, stack), undo: "libvirt/scripts/settle-leftovers" },
      { parent: this },
    );
    // The engine does nothing else while it starts a provider.
    const provider = new libvirt.Provider(`${name}-hypervisor`, { uri: hypervisor.uri }, { parent: this });
    // A new one would have to take the old one's name: the provider refuses, or takes the old one for it, whatever is in that.
    const made = { parent: this, provider, deleteBeforeReplace: true };
    const directory = `${hypervisor.imagesDirectory}/${prefix(stack)}`;
    const own = { parent: this, dependsOn: onceDone(claimed.command, settled) };
    const pool = new libvirt.Pool(
      `${name}-pool`,
      {
        name: prefix(stack),
        type: "dir",
        target: { path: directory },
        xml: { xslt: claimed.reply.qemu.apply(poolXslt) },
      },
      // Only what it is made with: another one would have to take its name, with all that is in it.
      { ...made, dependsOn: own.dependsOn, ignoreChanges: ["xml"] },
    );
    // Every file of the pool depends on this: it goes when they have gone, and takes with it what Pulumi does not know.
    const emptied = script<object>(
      `${name}-pool-contents`,
      "libvirt/scripts/empty-pool",
      { input: { uri: hypervisor.uri, pool: pool.name }, undo: "libvirt/scripts/empty-pool" },
      { parent: this },
    ).command;
    // By scripts and not by resources of the provider's: docs/decisions/0037. The machines that have them are made anew with them.
    const put = { parent: this, dependsOn: emptied, replaceOnChanges: ["stdin", "environment"], deleteBeforeReplace: true };
    const { disk, kernel, initrd } = script<Pick<ImageFiles, "disk" | "kernel" | "initrd">>(
      `${name}-image`,
      "libvirt/scripts/put-image",
      {
        input: { uri: hypervisor.uri, pool: pool.name, directory, volumes: files.apply(toVolumes) },
        undo: "libvirt/scripts/remove-volumes",
      },
      put,
    ).reply;
    this.domainType =
      hypervisor.acceleration === "tcg"
        ? pulumi.output<DomainType>("qemu")
        : script<{ type: DomainType }>(
            `${name}-acceleration`,
            "libvirt/scripts/prove-acceleration",
            { input: { uri: hypervisor.uri, acceleration: hypervisor.acceleration, domain: `${prefix(stack)}-probe`, kernel, initrd } },
            { parent: this },
          ).reply.type;
    const range = topology.network.subnet ?? subnet(stack);
    const reservations = machines(topology).map(({ name: host }, index) => ({
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
      // The provider would change what is kept of it, and leave the bridge as it is.
      { ...made, dependsOn: own.dependsOn, replaceOnChanges: ["mtu"] },
    );
    const key = script<KeyPair>(`${name}-key`, "scripts/generate-key", { input: { comment: prefix(stack) }, secret: true }, own).reply;
    const login = pulumi.unsecret(key.publicKey);

    const seeds = machines(topology).map((node) => {
      const hostKey = script<KeyPair>(
        `${name}-${node.name}-key`,
        "scripts/generate-key",
        { input: { comment: node.name }, secret: true },
        own,
      ).reply;
      const seed = script<{ volume: string }>(
        `${name}-${node.name}-cloud-init`,
        "libvirt/scripts/make-seed",
        {
          input: {
            uri: hypervisor.uri,
            pool: pool.name,
            directory,
            name: `${node.name}-seed.iso`,
            metaData: metaData(domainName(stack, node.name), node.name),
          },
          secrets: { userData: pulumi.all([hostKey, login]).apply(toUserData) },
          undo: "libvirt/scripts/remove-volumes",
        },
        put,
      );
      return { node, seed, hostKey: pulumi.unsecret(hostKey.publicKey) };
    });

    // libvirt makes none while a script has it look through the pool.
    const written = [emptied, ...seeds.map(({ seed }) => seed.command)];
    const boot = ({ node, seed, hostKey }: (typeof seeds)[number], index: number) => {
      // A network that is made anew knows nothing of the machines that were on the old one: they go with it.
      const overlay = new libvirt.Volume(
        `${name}-${node.name}`,
        { name: `${node.name}.qcow2`, pool: pool.name, baseVolumeId: disk, size: node.diskGiB * 2 ** 30, format: "qcow2" },
        { ...made, dependsOn: written, replaceWith: [network] },
      );
      const domain = new libvirt.Domain(
        `${name}-${node.name}`,
        {
          name: domainName(stack, node.name),
          type: this.domainType,
          cpu: { mode: this.domainType.apply(cpuMode) },
          vcpu: node.cpus,
          memory: node.memoryGiB * 1024,
          kernel,
          initrd,
          cmdlines: pulumi.all([files.commandLine, this.domainType]).apply(toCmdlines),
          // As `cloudinit` it would be a CD, which takes the guest's kernel seconds to probe.
          disks: [{ volumeId: overlay.id }, { volumeId: seed.reply.volume }],
          networkInterfaces: [{ networkId: network.id, mac: macAddress(stack, node.name) }],
          consoles: [{ type: "pty", targetPort: "0", targetType: "serial" }],
          xml: { xslt: domainXslt(stack, node.name, node.gpuPciAddresses) },
        },
        { ...made, customTimeouts: { create: "20m" }, replaceOnChanges: ["networkInterfaces"] },
      );
      const { name: hostName, role, group } = node;
      return { name: hostName, role, group, address: address(range, index), hostKey, instance: domain.id };
    };

    const booted = pulumi.output(seeds.map(boot));
    const connection = pulumi.all([booted, key]).apply(toConnection(jumpHost(hypervisor)));
    const answered = script<object>(
      `${name}-ssh`,
      "libvirt/scripts/await-hosts",
      { input: { uri: hypervisor.uri }, connection },
      { parent: this },
    );
    this.connection = onceDone(connection, answered.reply);
    this.registerOutputs({ domainType: this.domainType });
  }
}

const toVolumes = ({ disk, kernel, initrd }: ImageFiles) => [
  { name: "disk", format: "qcow2", source: disk },
  { name: "kernel", format: "raw", source: kernel },
  { name: "initrd", format: "raw", source: initrd },
];

const toUserData = ([hostKey, login]: [KeyPair, string]) => userData(hostKey, login);

/** TCG's default model lacks instructions that OpenBLAS takes for granted. */
const cpuMode = (type: DomainType) => (type === "kvm" ? "host-passthrough" : "maximum");

/**
 * `root=/dev/vda rw quiet` as the provider reads it back: the settings, and in `_` the words; any other form looks like a change.
 * Under TCG programs and libraries lie at the same addresses each time they start: QEMU translates code anew for each address.
 */
function toCmdlines([commandLine, type]: [string, DomainType]): Record<string, string>[] {
  const words = [...commandLine.split(" "), ...(type === "kvm" ? [] : ["norandmaps"])];
  const setting = (word: string) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)];
  const settings = Object.fromEntries(words.filter((word) => word.includes("=")).map(setting));
  return [settings, { _: words.filter((word) => !word.includes("=")).join(" ") }];
}

const toConnection =
  (jump: string | null) =>
  ([hosts, { privateKey }]: [Host[], KeyPair]): Connection => ({ hosts, privateKey, jump });
