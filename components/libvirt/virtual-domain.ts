import type { Topology } from "../../model/topology.ts";
import { virtualMemoryGiB } from "../../model/virtual-time.ts";
import { domain } from "./names.ts";
import { xslt } from "./xslt.ts";

/** Later than any image was made: systemd would put an earlier clock forward. 2033-05-18T03:33:20Z, the start of no ten minutes. */
const startSeconds = 2_000_000_000;

/** The kernel mixes it into its random numbers. libvirt's own, which is another one for each domain, made jobs start 2 to 33 ms apart. */
const firmwareUuid = "5c4ed000-0000-4000-8000-000000000002";

/**
 * One instruction a nanosecond, and no waiting while nothing runs. QEMU's main thread may look at the clock before the processor's thread
 * has added what it executed before it went idle, and then jumps a few nanoseconds too far, whenever the host's scheduler likes. While it
 * records, a mutex keeps the two apart; the recording itself is thrown away.
 */
const instructionCount = "shift=0,sleep=off,rr=record,rrfile=/dev/null";

/**
 * Kernel parameters. The TSC counts instructions, at exactly 1 GHz: measured against another clock it would come out as 0.999999, and
 * ticks would wander against whole seconds (components/virtual-time/align-clock). Nobody watches the console, so nothing is drawn there.
 */
const commandLine = [
  "console=ttyS0",
  "rdinit=/opt/schedfront/virtual-time/init",
  "quiet",
  "systemd.show_status=no",
  "systemd.mask=systemd-growfs-root.service",
  // The image has its cache, and each boot would make it anew: it lacks the file by which systemd knows.
  "systemd.mask=ldconfig.service",
  "panic=-1",
  "norandmaps",
  "net.ifnames=0",
  "tsc=reliable",
  "tsc_early_khz=1000000",
  "hpet=disable",
  "pmtmr=0",
].join(" ");

/**
 * libvirt's definition of the guest that runs a workload in virtual time. Nothing in it waits for anything outside: no disk, no network;
 * its root file system is the initrd, what it says goes to two serial ports. libvirt has no element for QEMU's instruction count.
 */
export function virtualDomain({
  stack,
  topology,
  directory,
}: {
  readonly stack: string;
  readonly topology: Topology;
  /** The stack's storage pool, which holds the kernel. */
  readonly directory: string;
}): string {
  return xslt`<domain type="qemu" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <name>${domain(stack, "virtual")}</name>
  <memory unit="MiB">${virtualMemoryGiB(topology) * 1024}</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>${directory}/kernel</kernel>
    <initrd>${directory}/virtual-initrd</initrd>
    <cmdline>${commandLine}</cmdline>
  </os>
  <features><acpi/><apic/></features>
  <cpu mode="maximum" check="none"><feature policy="disable" name="erms"/></cpu>
  <clock offset="absolute" start="${startSeconds}"><timer name="rtc" track="guest"/><timer name="hpet" present="no"/></clock>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>destroy</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <serial type="file"><source path="${directory}/virtual-console"/><target port="0"/></serial>
    <serial type="file"><source path="${directory}/virtual-reply"/><target port="1"/></serial>
    <controller type="usb" model="none"/>
    <video><model type="none"/></video>
    <memballoon model="none"/>
  </devices>
  <qemu:commandline>
    <qemu:arg value="-icount"/><qemu:arg value="${instructionCount}"/>
    <qemu:arg value="-seed"/><qemu:arg value="1"/>
    <qemu:arg value="-smbios"/><qemu:arg value="type=1,uuid=${firmwareUuid}"/>
  </qemu:commandline>
</domain>
`.text;
}
