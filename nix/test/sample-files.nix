# By scheduler the files that its images need, in name only: for checks that evaluate an image and do not build it.
let
  file = mode: destination: {
    inherit destination mode;
    sha256 = builtins.hashString "sha256" destination;
  };
in
{
  volcano =
    map (name: file "0755" "/usr/local/bin/${name}") [
      "kube-apiserver"
      "kube-controller-manager"
      "kubectl"
      "kubelet"
      "vc-controller-manager"
      "vc-scheduler"
      "vc-webhook-manager"
    ]
    ++ [ (file "0644" "/usr/local/share/volcano/volcano.yaml") ];
}
