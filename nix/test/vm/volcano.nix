# A head and a compute node as the images have them, and a canary job in a pod: what the role writes is written by hand, and
# the role's scripts are its commands. Before that nothing of Kubernetes may run. All clients but kubelet are administrators,
# and no webhook is called.
{
  files,
  filesFrom,
  found,
  lib,
  nodes,
  pkgs,
  ...
}:
let
  inherit (lib) concatStringsSep mapAttrsToList;
  units = "/usr/local/lib/systemd/system";

  certificates = pkgs.runCommand "certificates" { nativeBuildInputs = [ pkgs.openssl ]; } ''
    mkdir $out && cd $out
    key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
    openssl req -x509 "''${key[@]}" -days 3650 -subj /CN=authority -keyout authority.key -out authority.pem
    sign() { # NAME SUBJECT HOSTS
      openssl req "''${key[@]}" -subj "$2" -keyout key -out request
      openssl x509 -req -in request -CA authority.pem -CAkey authority.key -CAcreateserial -days 3650 \
        -extfile <(echo "subjectAltName=$3") -out certificate
      cat certificate key >$1.pem
    }
    sign etcd /CN=etcd DNS:localhost
    sign kube-apiserver /CN=kube-apiserver DNS:head,DNS:localhost
    sign admin /O=system:masters/CN=admin DNS:admin
    sign kubelet /O=system:nodes/CN=system:node:cn1 DNS:cn1
  '';
  certificate = name: "${certificates}/${name}.pem";
  authority = certificate "authority";

  json = name: value: pkgs.writeText name (builtins.toJSON value);
  kubeconfig =
    client:
    json "${client}.conf" {
      apiVersion = "v1";
      kind = "Config";
      clusters = [
        {
          name = "test";
          cluster = {
            server = "https://head:6443";
            certificate-authority = authority;
          };
        }
      ];
      users = [
        {
          name = client;
          user = {
            client-certificate = certificate client;
            client-key = certificate client;
          };
        }
      ];
      contexts = [
        {
          name = "test";
          context = {
            cluster = "test";
            user = client;
            namespace = "schedfront";
          };
        }
      ];
      current-context = "test";
    };

  asAdministrator = {
    kubeconfig = kubeconfig "admin";
    leader-elect = false;
  };
  daemons = {
    etcd = {
      program = "/usr/bin/etcd";
      type = "notify";
      flags = {
        data-dir = "/var/lib/etcd";
        listen-client-urls = "https://127.0.0.1:2379";
        advertise-client-urls = "https://localhost:2379";
        client-cert-auth = true;
        trusted-ca-file = authority;
        cert-file = certificate "etcd";
        key-file = certificate "etcd";
      };
    };
    kube-apiserver = {
      type = "notify";
      flags = {
        advertise-address = nodes.head.networking.primaryIPAddress;
        etcd-servers = "https://localhost:2379";
        etcd-cafile = authority;
        etcd-certfile = certificate "kube-apiserver";
        etcd-keyfile = certificate "kube-apiserver";
        client-ca-file = authority;
        tls-cert-file = certificate "kube-apiserver";
        tls-private-key-file = certificate "kube-apiserver";
        service-account-issuer = "https://kubernetes.default.svc";
        service-account-key-file = certificate "admin";
        service-account-signing-key-file = certificate "admin";
        service-cluster-ip-range = "198.19.0.0/16";
        authorization-mode = "Node,RBAC";
        endpoint-reconciler-type = "none";
      };
    };
    kube-controller-manager.flags = asAdministrator // {
      service-account-private-key-file = certificate "admin";
    };
    vc-controller-manager.flags = asAdministrator;
    vc-scheduler.flags = asAdministrator // {
      scheduler-conf = json "volcano-scheduler.conf" {
        actions = "enqueue, allocate, backfill";
        tiers = [
          {
            plugins = map (name: { inherit name; }) [
              "gang"
              "predicates"
              "proportion"
            ];
          }
        ];
      };
    };
    kubelet = {
      flags = {
        kubeconfig = kubeconfig "kubelet";
        hostname-override = "cn1";
        node-ip = nodes.cn1.networking.primaryIPAddress;
        config = json "kubelet.json" {
          apiVersion = "kubelet.config.k8s.io/v1beta1";
          kind = "KubeletConfiguration";
          authentication = {
            anonymous.enabled = false;
            x509.clientCAFile = authority;
          };
          authorization.mode = "Webhook";
          containerRuntimeEndpoint = "unix:///run/containerd/containerd.sock";
          cgroupDriver = "systemd";
          makeIPTablesUtilChains = false;
          resolvConf = "";
        };
      };
    };
  };
  flag =
    name: value: "--${name}=${if lib.isBool value then lib.boolToString value else toString value}";
  unit =
    name:
    {
      program ? "/usr/local/bin/${name}",
      type ? "simple",
      flags,
    }:
    pkgs.writeText "${name}.service" ''
      [Service]
      Type=${type}
      Environment=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin
      ExecStart=${concatStringsSep " " ([ program ] ++ mapAttrsToList flag flags)}
      Restart=on-failure
      RestartSec=1
    '';
  install = name: "install -m 0644 ${unit name daemons.${name}} ${units}/${name}.service";

  containerd = pkgs.writeText "config.toml" ''
    version = 2
    [plugins."io.containerd.grpc.v1.cri"]
    sandbox_image = "schedfront.invalid/node:latest"
    [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/etc/cni/net.d"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    base_runtime_spec = "/etc/containerd/container.json"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
    SystemdCgroup = true
    BinaryName = "/usr/bin/crun"
  '';
  network = json "pods.conflist" {
    cniVersion = "1.0.0";
    name = "pods";
    plugins = [
      {
        type = "bridge";
        bridge = "pods";
        isGateway = true;
        ipam = {
          type = "host-local";
          ranges = [ [ { subnet = "198.18.1.0/24"; } ] ];
        };
      }
    ];
  };
  # The node's links and a busybox; programs are the node's own.
  makeImage = pkgs.writeShellScript "make-image" ''
    set -euo pipefail
    cd "$(mktemp -d)"
    mkdir -p layer/{proc,sys,dev,usr,tmp,run,var/lib/schedfront}
    cp -P /run/current-system layer/run/
    cp -rP /bin /etc layer/
    cp "$(realpath /usr/bin/busybox)" layer/busybox
    tar --create --file layer.tar --directory layer .
    echo '{"architecture": "amd64", "os": "linux", "config": {"Entrypoint": ["/busybox", "sleep", "infinity"]},
      "rootfs": {"type": "layers", "diff_ids": ["sha256:'"$(sha256sum <layer.tar | cut -d ' ' -f 1)"'"]}}' >config.json
    echo '[{"Config": "config.json", "RepoTags": ["schedfront.invalid/node:latest"], "Layers": ["layer.tar"]}]' >manifest.json
    tar --create layer.tar config.json manifest.json
  '';
  mounts = pkgs.writeText "mounts.py" ''
    import json, sys
    spec = json.load(sys.stdin)
    for path, mode in {"/usr": "ro", "/nix/store": "ro", "/var/lib/schedfront": "rw"}.items():
        spec["mounts"].append({"destination": path, "type": "bind", "source": path, "options": ["rbind", mode]})
    json.dump(spec, sys.stdout)
  '';
  job = json "canary.json" {
    apiVersion = "batch.volcano.sh/v1alpha1";
    kind = "Job";
    metadata.name = "canary";
    spec = {
      schedulerName = "volcano";
      queue = "default";
      minAvailable = 1;
      maxRetry = 1;
      tasks = [
        {
          name = "first";
          replicas = 1;
          template.spec = {
            restartPolicy = "Never";
            automountServiceAccountToken = false;
            dnsPolicy = "Default";
            securityContext.runAsUser = 1000;
            containers = [
              {
                name = "job";
                image = "schedfront.invalid/node:latest";
                imagePullPolicy = "Never";
                command = [
                  "/bin/bash"
                  "-c"
                  "{ hostname && /usr/sbin/sshd -V && id --user --name; } >/var/lib/schedfront/canary.out 2>&1"
                ];
                env = [
                  {
                    name = "PATH";
                    value = "/usr/local/bin:/usr/bin";
                  }
                ];
              }
            ];
          };
        }
      ];
    };
  };

  machine = role: {
    imports = found.modules;
    schedfront = {
      inherit files filesFrom;
      roles = [ role ];
      scheduler = "volcano";
    };
    virtualisation = {
      cores = 2;
      memorySize = 3072;
    };
    # The test's driver names the machines and lends them its own console and network.
    networking.hostName = lib.mkForce (if role == "head" then "head" else "cn1");
    environment.etc.hosts.enable = lib.mkForce true;
    services.openssh.enable = lib.mkForce false;
    services.cloud-init.enable = lib.mkForce false;
  };
in
{
  name = "schedfront-volcano";
  nodes = {
    head = machine "head";
    cn1 = machine "compute";
  };

  testScript = ''
    start_all()
    kubectl = "kubectl --kubeconfig=${kubeconfig "admin"}"

    with subtest("nothing starts by itself"):
        for node in [head, cn1]:
            node.wait_for_unit("multi-user.target")
        head.fail("systemctl is-active etcd kube-apiserver vc-scheduler")
        cn1.fail("systemctl is-active containerd kubelet")

    with subtest("the role's units are found where both kinds of image look, and start the control plane"):
        head.succeed("${
          concatStringsSep " && " (
            map install [
              "etcd"
              "kube-apiserver"
              "kube-controller-manager"
              "vc-controller-manager"
              "vc-scheduler"
            ]
          )
        }")
        head.succeed("systemctl daemon-reload && install -d -m 0700 /var/lib/etcd && systemctl start etcd kube-apiserver")
        head.wait_until_succeeds(f"{kubectl} get --raw=/readyz")
        head.succeed(
            f"{kubectl} create namespace schedfront",
            f"{kubectl} create --validate=false --filename=/usr/local/share/volcano/volcano.yaml",
            # They would be called by the name of a service.
            f"{kubectl} delete mutatingwebhookconfigurations,validatingwebhookconfigurations --all",
        )
        head.wait_until_succeeds(f"{kubectl} wait --for=condition=Established --all crd")
        head.succeed("systemctl start kube-controller-manager vc-controller-manager vc-scheduler")
        head.wait_until_succeeds(f"{kubectl} get queue default && {kubectl} get serviceaccount default")

    with subtest("the role's units and configuration start kubelet"):
        cn1.succeed(
            "install -m 0644 ${containerd} /etc/containerd/config.toml",
            "install -m 0644 ${network} /etc/cni/net.d/pods.conflist",
            "ctr oci spec | /usr/bin/python3 ${mounts} >/etc/containerd/container.json",
            "systemctl restart containerd",
            "${makeImage} | ctr --namespace k8s.io images import -",
            "${install "kubelet"}",
            "systemctl daemon-reload && systemctl start kubelet",
        )
        head.wait_until_succeeds(f"{kubectl} wait --for=condition=Ready node/cn1")

    with subtest("a canary job runs in a pod, with the node's own programs"):
        head.succeed(f"{kubectl} create --filename=${job}")
        head.wait_until_succeeds(f"{kubectl} get vcjob canary --output=jsonpath='{{.status.state.phase}}' | grep -Fx Completed")
        cn1.succeed("grep -Fx canary-first-0 /var/lib/schedfront/canary.out")
        cn1.succeed("grep OpenSSH /var/lib/schedfront/canary.out && grep -Fx bench /var/lib/schedfront/canary.out")

    with subtest("what else the role calls is where it calls it"):
        head.succeed("/usr/bin/python3 -c 'import yaml; yaml.CSafeLoader'", "/usr/local/bin/vc-webhook-manager --version")
        cn1.succeed("/usr/sbin/sysctl --quiet net.ipv4.ip_forward=1", "/usr/sbin/ip -batch /dev/null")
  '';
}
