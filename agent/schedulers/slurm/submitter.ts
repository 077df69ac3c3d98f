/**
 * A Perl program on Slurm's own Perl API (Debian's libslurm-perl): it loads libslurm once and then makes as many processes
 * as it is told, each of which hands one job after another to slurmctld. Arguments: its first socket's file descriptor,
 * and how many sockets there are, one for each process.
 *
 * A request is its length, then the names and values of job_desc_msg_t's fields in turn (slurm/slurm.h), each a length and
 * that many bytes; lengths have four bytes, the highest first. `argv` and `environment` come once for each element. The answer
 * is a line: `ready` at first, then `taken <job id>` or `refused <Slurm's words>`. What makes sbatch try again makes this.
 * The whole ends once the sockets are closed, and with the first process that fails.
 */
export const submitterText = String.raw`
use strict;
use warnings;
use Slurm;

my ($first, $count) = @ARGV;
my $slurm = Slurm::new() or die "libslurm cannot be used\n";
my %again = map { $_ => 1 } 11, Slurm->ESLURM_ERROR_ON_DESC_TO_RECORD_COPY;
$0 = "submit-jobs";

sub submit {
  my %job;
  while (my ($name, $value) = splice @_, 0, 2) {
    if ($name eq "argv") { push @{$job{argv}}, $value }
    elsif ($name eq "environment") { my ($variable, $text) = split /=/, $value, 2; $job{environment}{$variable} = $text }
    else { $job{$name} = $value }
  }
  for (my $retries = 0;; sleep ++$retries) {
    my $reply = $slurm->submit_batch_job(\%job);
    return "taken $reply->{job_id}" if $reply;
    my $error = $slurm->get_errno;
    next if $again{$error} && $retries < 15;
    return "refused " . ($slurm->strerror($error) =~ s/\s+/ /gr);
  }
}

sub serve {
  my ($descriptor) = @_;
  open my $in, "<&=", $descriptor or die "socket $descriptor: $!\n";
  open my $out, ">&", $descriptor or die "socket $descriptor: $!\n";
  binmode $_ for $in, $out;
  syswrite $out, "ready\n";
  while (read($in, my $length, 4) == 4) {
    read($in, my $request, unpack "N", $length);
    syswrite $out, submit(unpack "(N/a)*", $request) . "\n";
  }
}

sub leave {
  for my $descriptor (@_) { open my $handle, "<&=", $descriptor; close $handle }
}

my @sockets = ($first .. $first + $count - 1);
my @processes;
for my $own (@sockets) {
  my $process = fork;
  die "fork: $!\n" unless defined $process;
  if ($process) { push @processes, $process; next }
  leave(grep { $_ != $own } @sockets);
  serve($own);
  exit;
}
leave(@sockets);
while (wait > 0) {
  next unless $?;
  kill TERM => @processes;
  exit 1;
}
`;
