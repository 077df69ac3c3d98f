# What `nix flake check` looks at: format, dead code, what the modules refuse, every image, a canary job on virtual
# machines for each scheduler. Images are evaluated here, not built: a check holds the name of its derivation.
{
  filesFrom,
  found,
  given,
  image,
  lib,
  node,
  pkgs,
  self,
}:
let
  inherit (builtins)
    attrNames
    deepSeq
    tryEval
    unsafeDiscardStringContext
    ;
  valid = {
    roles = [
      "head"
      "compute"
    ];
    scheduler = "slurm";
    workloads = [ ];
    gpu = false;
  };

  sampleFiles = import ./sample-files.nix;
  filesOf = scheduler: sampleFiles.${scheduler} or [ ];

  # Each scheduler with each role and workload alone, and each scheduler with all there is.
  single = lib.cartesianProduct {
    scheduler = attrNames found.schedulers;
    role = [
      "head"
      "compute"
    ];
    workload = attrNames found.workloads;
  };
  images = lib.listToAttrs (
    map (
      {
        scheduler,
        role,
        workload,
      }:
      lib.nameValuePair "image-${scheduler}-${role}-${workload}" {
        inherit scheduler;
        roles = [ role ];
        workloads = [ workload ];
        gpu = false;
        files = filesOf scheduler;
      }
    ) single
    ++ map (
      scheduler:
      lib.nameValuePair "image-${scheduler}-all" (
        valid
        // {
          inherit scheduler;
          workloads = attrNames found.workloads;
          gpu = true;
          files = filesOf scheduler;
        }
      )
    ) (attrNames found.schedulers)
  );
  evaluated =
    name: projection: pkgs.writeText name (unsafeDiscardStringContext (image projection).drvPath);

  # A projection that a typed option must refuse, and what an assertion must say.
  refusedByType = {
    scheduler = valid // {
      scheduler = "slrum";
    };
    workload = valid // {
      workloads = [ "hlp" ];
    };
    role = valid // {
      roles = [ "login" ];
    };
    gpu = valid // {
      gpu = "yes";
    };
    unknown = valid // {
      memoryGiB = 4;
    };
    files = valid // {
      files = [
        {
          sha256 = "";
          destination = "/usr/local/bin/kubelet";
          mode = "0755";
        }
      ];
    };
  };
  refusedByAssertion = {
    "schedfront.roles: is empty" = valid // {
      roles = [ ];
    };
    "schedfront.gpu: true, but" = valid // {
      roles = [ "head" ];
      gpu = true;
    };
    "schedfront.files: lack /usr/local/bin/kube-apiserver" = valid // {
      scheduler = "volcano";
    };
    "schedfront.workloads: names one twice" = valid // {
      workloads = [
        "hpl"
        "hpl"
      ];
    };
  };
  options = projection: (node projection).config.schedfront;
  messages =
    projection:
    map (failed: failed.message) (
      lib.filter ({ assertion, ... }: !assertion) (node projection).config.assertions
    );
  faults =
    lib.mapAttrsToList (name: _: "${name}: a wrong value is taken") (
      lib.filterAttrs (
        _: projection:
        (tryEval (
          deepSeq {
            inherit (options projection)
              files
              gpu
              roles
              scheduler
              workloads
              ;
          } true
        )).success
      ) refusedByType
    )
    ++ lib.mapAttrsToList (words: _: "no assertion says: ${words}") (
      lib.filterAttrs (
        words: projection: !lib.any (lib.hasPrefix words) (messages projection)
      ) refusedByAssertion
    )
    ++ map (message: "a valid projection is refused: ${message}") (messages valid);

  # The stand-in of `make check` names options and packages of nixpkgs; here is nixpkgs to ask.
  unknown =
    map (path: "nixpkgs has no option ${path}") (
      lib.filter (path: !isOption path (node valid).options) (
        attrNames (import ./stand-in/options.nix { inherit (lib) types; })
      )
    )
    ++ map (name: "nixpkgs has no package ${name}") (
      lib.filter (name: !lib.hasAttrByPath (lib.splitString "." name) pkgs) (
        import ./stand-in/packages.nix
      )
    );
  isOption =
    path: options:
    let
      descend =
        segments: tree:
        if lib.isOption tree then
          segments == [ ]
          || descend (if lib.head segments == "<name>" then lib.tail segments else segments) (
            tree.type.getSubOptions [ ]
          )
        else
          segments != [ ]
          && tree ? ${lib.head segments}
          && descend (lib.tail segments) tree.${lib.head segments};
    in
    descend (lib.splitString "." path) options;

  # A test boots what it tests, and so needs the files themselves, of the input `tuple`.
  runnable =
    scheduler:
    let
      have = map ({ destination, ... }: destination) (given.files or [ ]);
      lacking = lib.subtractLists have (map ({ destination, ... }: destination) (filesOf scheduler));
    in
    lib.warnIf (lacking != [ ])
      "vm-${scheduler} is not run: the input `tuple` lacks ${toString lacking} (docs/nix.md)"
      (lacking == [ ]);

  failUnless =
    name: faults:
    if faults == [ ] then
      pkgs.writeText name "ok"
    else
      throw "${name}:\n  ${lib.concatStringsSep "\n  " faults}";
in
{
  format = pkgs.runCommand "format" { nativeBuildInputs = [ pkgs.nixfmt ]; } ''
    find ${self} -name '*.nix' -exec nixfmt --check {} + && touch $out
  '';
  dead-code = pkgs.runCommand "dead-code" { nativeBuildInputs = [ pkgs.deadnix ]; } ''
    deadnix --fail ${self} && touch $out
  '';
  assertions = failUnless "assertions" faults;
  stand-in = failUnless "stand-in" unknown;
}
// lib.mapAttrs evaluated images
// lib.mapAttrs' (
  scheduler: path:
  lib.nameValuePair "vm-${scheduler}" (
    pkgs.testers.runNixOSTest {
      imports = [ path ];
      _module.args = {
        inherit filesFrom found;
        files = given.files or [ ];
      };
    }
  )
) (lib.getAttrs (lib.filter runnable (attrNames found.schedulers)) found.tests)
