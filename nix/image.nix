# The variant `schedfront` of system.build.images: a disk that is one file system, with kernel and initrd beside it, as
# images/debian hands it out. It is made without a virtual machine, so that a builder needs no KVM.
{
  config,
  lib,
  modulesPath,
  pkgs,
  ...
}:
let
  inherit (config.system.build) kernel initialRamdisk toplevel;
  fileSystem = pkgs.callPackage (modulesPath + "/../lib/make-ext4-fs.nix") {
    storePaths = [ toplevel ];
    volumeLabel = "root";
    uuid = "5c4ed000-0000-4000-8000-000000000001";
  };
  sizeGiB = toString config.schedfront.rootSizeGiB;
  files = lib.concatMapStrings (
    { destination, sha256, ... }: "${destination}=sha256:${sha256}\n"
  ) config.schedfront.files;
  description = builtins.toJSON {
    disk = "disk.qcow2";
    kernel = "vmlinuz";
    initrd = "initrd.img";
    commandLine = toString ([ "init=${toplevel}/init" ] ++ config.boot.kernelParams);
    manifest = "manifest.txt";
  };
in
{
  imports = [ (modulesPath + "/image/file-options.nix") ];

  config = {
    image.baseName = "disk";
    image.extension = "qcow2";
    system.build.image =
      pkgs.runCommand "schedfront-image"
        {
          inherit description files;
          passAsFile = [
            "description"
            "files"
          ];
          nativeBuildInputs = [ pkgs.qemu-utils ];
          closure = pkgs.closureInfo { rootPaths = [ toplevel ]; };
        }
        ''
          mkdir $out
          if (($(stat --format %s ${fileSystem}) > ${sizeGiB} * 1024 ** 3)); then
            echo "schedfront.rootSizeGiB: ${sizeGiB} GiB do not hold the system of $(stat --format %s ${fileSystem}) bytes" >&2
            exit 1
          fi
          qemu-img convert -c -f raw -O qcow2 -o compression_type=zstd ${fileSystem} $out/disk.qcow2
          qemu-img resize -q $out/disk.qcow2 ${sizeGiB}G
          cp ${kernel}/${config.system.boot.loader.kernelFile} $out/vmlinuz
          cp ${initialRamdisk}/${config.system.boot.loader.initrdFile} $out/initrd.img
          # package=version, a version being what starts with a digit, and the hash of all that made it.
          sed -nE 's,^/nix/store/([a-z0-9]{32})-([^-]+(-[^0-9-][^-]*)*)-([0-9].*)$,\2=\4 \1,p' $closure/store-paths |
            LC_ALL=C sort >$out/manifest.txt
          cat $filesPath >>$out/manifest.txt
          cp $descriptionPath $out/image.json
        '';
    assertions = [
      {
        assertion =
          let
            settings = lib.filter (lib.hasInfix "=") config.boot.kernelParams;
            keys = map (setting: lib.head (lib.splitString "=" setting)) settings;
          in
          lib.unique keys == keys;
        message = "boot.kernelParams: libvirt's provider takes each setting once: ${toString config.boot.kernelParams}";
      }
    ];
  };
}
