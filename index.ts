import * as pulumi from "@pulumi/pulumi";
import { Benchmark } from "./components/benchmark.ts";
import { machinesOrigin, readTuple, requireCapacity } from "./components/configuration.ts";
import { readExcerpts } from "./components/excerpts.ts";
import { machinesFrom } from "./components/prepared-machines.ts";
import { Provisioning } from "./components/provisioning.ts";
import { Record } from "./components/record.ts";

export = async () => {
  const tuple = readTuple();
  const { topology, scheduler, workloads } = tuple;
  const { owner, savedBy } = machinesOrigin();
  const hypervisor = await requireCapacity(topology, owner);
  const results = `results/${pulumi.getStack()}`;
  const excerpts = await readExcerpts(tuple, results);

  const { start, image, domainType, network, prepared } = await machinesFrom(tuple, { owner, savedBy });
  const isRunning = start === "restored running";
  const provisioning = new Provisioning("provisioning", { topology, scheduler, connection: prepared, isRunning });
  const { verified } = provisioning;
  const { runs } = new Benchmark("suite", {
    topology,
    scheduler,
    workloads,
    excerpts,
    image,
    prepared,
    verified,
    after: provisioning,
    owner,
    results,
  });
  const { trial, file } = new Record("record", { tuple, runs, image, hypervisor, domainType, start, network, verified, results });

  const { schemaVersion, fidelity, objectives, metrics, validity, provenance } = trial;
  return { schemaVersion, fidelity, objectives, metrics, validity, network, provenance, record: file };
};
