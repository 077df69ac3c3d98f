# A head and two compute nodes as the images have them, and a canary job on each: what the role writes is written by hand,
# and the role's scripts are its commands. Before that nothing of Slurm's may run.
{ found, lib, ... }:
let
  slurmConf = ''
    ClusterName=schedfront
    SlurmctldHost=head
    SlurmUser=slurm
    AuthType=auth/munge
    CredType=cred/munge
    StateSaveLocation=/var/lib/slurm/slurmctld
    SlurmdSpoolDir=/var/lib/slurm/slurmd
    SlurmctldLogFile=/var/log/slurm/slurmctld.log
    SlurmdLogFile=/var/log/slurm/slurmd.log
    JobCompType=jobcomp/filetxt
    JobCompLoc=/var/log/slurm/jobcomp.log
    MpiDefault=pmix
    SelectType=select/cons_tres
    TaskPlugin=task/affinity,task/cgroup
    NodeName=cn[1-2] CPUs=1 Boards=1 SocketsPerBoard=1 CoresPerSocket=1 ThreadsPerCore=1
    PartitionName=batch Nodes=cn[1-2] Default=YES MaxTime=INFINITE
  '';
  machine = role: {
    imports = found.modules;
    schedfront = {
      roles = [ role ];
      scheduler = "slurm";
      workloads = [ "hpl" ];
    };
    # The test's driver names the machines and lends them its own console and network.
    networking.hostName = lib.mkForce (if role == "head" then "head" else "");
    environment.etc.hosts.enable = lib.mkForce true;
    services.openssh.enable = lib.mkForce false;
    services.cloud-init.enable = lib.mkForce false;
  };
  compute = name: {
    imports = [ (machine "compute") ];
    networking.hostName = lib.mkOverride 40 name;
  };
in
{
  name = "schedfront-slurm";
  nodes = {
    head = machine "head";
    cn1 = compute "cn1";
    cn2 = compute "cn2";
  };

  testScript = ''
    start_all()
    slurm_conf = """${slurmConf}"""
    compute = [cn1, cn2]

    with subtest("nothing starts before its key and configuration are there"):
        for node in [head, *compute]:
            node.wait_for_unit("multi-user.target")
        head.fail("systemctl is-active munge slurmctld slurmdbd mariadb")
        for node in compute:
            node.fail("systemctl is-active munge slurmd")

    with subtest("the role's files and commands start it"):
        for node in [head, *compute]:
            node.succeed(
                "printf '%0128d' 0 >/etc/munge/munge.key",
                "chown munge /etc/munge/munge.key && chmod 0400 /etc/munge/munge.key",
                f"cat >/etc/slurm/slurm.conf <<'END'\n{slurm_conf}END",
                "env SLURM_CONF=/etc/slurm/slurm.conf scontrol show hostnames",
            )
        head.succeed("install -d -o slurm -g slurm /var/lib/slurm/slurmctld /var/log/slurm")
        head.succeed("systemctl restart munge slurmctld")
        for node in compute:
            node.succeed("echo ConstrainCores=yes >/etc/slurm/cgroup.conf")
            node.succeed("systemctl restart munge slurmd")

    with subtest("a canary job runs on each node, by the agent's PATH and bash"):
        head.wait_until_succeeds("sinfo --noheader --format=%T | grep -Fx idle && [ $(sinfo --noheader --format=%D --states=idle) = 2 ]")
        head.succeed("printf '#!/bin/bash\\nhostname\\n' >/tmp/canary")
        path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        for node in ["cn1", "cn2"]:
            head.succeed(
                f"runuser -u bench -- env -i {path} HOME=/home/bench "
                f"sbatch --wait --chdir=/tmp --output=/tmp/canary.out --nodelist={node} /tmp/canary"
            )
        cn1.succeed("grep -Fx cn1 /tmp/canary.out")
        cn2.succeed("grep -Fx cn2 /tmp/canary.out")

    with subtest("the effective configuration is the written one"):
        head.succeed("scontrol show config | grep -E '^ClusterName += schedfront$'")
        head.succeed("echo SchedulerParameters=bf_interval=17 >>/etc/slurm/slurm.conf && systemctl restart slurmctld")
        head.wait_until_succeeds("scontrol show config | grep -F bf_interval=17")
  '';
}
