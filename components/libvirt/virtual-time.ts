import * as pulumi from "@pulumi/pulumi";
import type { ImageFiles } from "../../model/trial.ts";
import { unattendedStart } from "../../model/virtual-time.ts";
import type { VirtualTimeArgs } from "../machines.ts";
import { script } from "../script.ts";
import { schedulerRole, sourcesDigest, virtualTimeFiles } from "../sources.ts";
import { domain, prefix } from "./names.ts";
import { virtualDomain } from "./virtual-domain.ts";

/** What `run-virtual` needs beside a request: the guest, its root file system, and how the scheduler starts in it. */
export function virtualTime(name: string, { topology, scheduler, image, owner }: VirtualTimeArgs, opts: pulumi.CustomResourceOptions) {
  const { uri, imagesDirectory } = topology.hypervisor;
  const directory = `${imagesDirectory}/${prefix(owner)}`;
  const { scripts, secretFiles } = unattendedStart(scheduler);
  const { archive } = pulumi.output(
    script<{ archive: string }>(name, "libvirt/scripts/archive-root", { input: pulumi.output(image).apply(diskOf) }, opts).reply,
  );
  return {
    uri,
    pool: prefix(owner),
    directory,
    headDomain: domain(owner, "head"),
    domain: domain(owner, "virtual"),
    domainXml: virtualDomain({ stack: owner, topology, directory }),
    archive,
    starts: scripts(topology),
    secretFiles,
    verify: { verb: "verify", scheduler, topology },
    virtualTimeSources: sourcesDigest([...virtualTimeFiles, ...schedulerRole(scheduler.kind)]),
  };
}

const diskOf = ({ disk, digest }: ImageFiles) => ({ disk, digest, archiver: sourcesDigest(["components/virtual-time/archive"]) });
