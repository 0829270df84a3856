import Base
import TestSupport
import Testing

@testable import Lab
@testable import Workflows

@Suite("Slurm") struct SlurmTests {
  @Test func `the script has the experiment's number, signals before the end, and queues again`()
    throws
  {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.register()
      let number = Format.pad(experiment.number, 4)
      let launcher = SlurmLauncher(
        executable: "/opt/a b/kaji", options: ["--partition=main", "--time=1:00:00"])
      let script = launcher.script(experiment, in: tiny.workspace, arguments: ["--threads", "2"])
      let lines = script.split(separator: "\n").map(String.init)
      #expect(lines.first == "#!/bin/bash")
      #expect(lines.contains("#SBATCH --job-name=\(number)_tiny"))
      #expect(lines.contains("#SBATCH --comment=kaji:\(number)"))
      #expect(lines.contains("#SBATCH --requeue") && lines.contains("#SBATCH --partition=main"))
      #expect(lines.contains("#SBATCH --signal=B:TERM@120"))
      #expect(script.contains("'/opt/a b/kaji' train --resume \(experiment.number)"))
      #expect(script.contains("scontrol requeue"))
      let file = tiny.workspace.root / "job.sh"
      try Files.write(script, to: file)
      #expect(try Subprocess.run(["/bin/bash", "-n", file.string]).status == 0)
    }
  }

  /// The script with a program in Kaji's place that ends as told: what the shell makes of it.
  @Test(
    "what the script does with each end",
    arguments: [(0, false), (75, false), (1, false), (75, true)])
  func ends(_ status: Int, _ isSignalled: Bool) throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.register()
      let root = tiny.workspace.root
      let program = root / "kaji"
      try Files.write(
        """
        #!/bin/bash
        trap 'exit \(status)' TERM
        echo begun > \(root)/begun
        \(isSignalled ? "for i in $(seq 600); do sleep 0.1; done" : "exit \(status)")
        """, to: program)
      try Files.write("#!/bin/bash\necho \"$@\" > \(root)/requeued\n", to: root / "scontrol")
      let script = SlurmLauncher(executable: program).script(experiment, in: tiny.workspace)
      try Files.write(script, to: root / "job.sh")
      for name in ["kaji", "scontrol"] {
        #expect(try Subprocess.run(["/bin/chmod", "+x", (root / name).string]).status == 0)
      }
      let signal =
        isSignalled
        ? "job=$!; while [ ! -e \(root)/begun ]; do sleep 0.05; done; kill -TERM $job; wait $job"
        : "wait $!"
      let result = try Subprocess.run([
        // A signal that whoever runs the tests ignores could not be trapped.
        "/usr/bin/env", "--default-signal=TERM", "PATH=\(root):/usr/bin:/bin", "SLURM_JOB_ID=17",
        "/bin/bash", "-c",
        "/bin/bash \(root)/job.sh & \(signal)",
      ])
      #expect(result.status == status)
      let requeued = try? Files.readText(root / "requeued")
      #expect(requeued == (isSignalled ? "requeue 17\n" : nil))
    }
  }

  @Test(
    "an experiment is told by comment or name",
    arguments: [
      ("kaji:0042", "x", 42), ("", "0042_train", 42), ("", "0123_x-y", 123), ("", "42_train", nil),
      ("", "train", nil), ("", "0042train", nil), ("other", "00007_a", 7),
    ] as [(String, String, Int?)])
  func numbers(_ comment: String, _ name: String, _ number: Int?) {
    #expect(Slurm.Job(id: "1", name: name, comment: comment, state: "RUNNING").experiment == number)
  }

  /// On a machine with a Slurm that answers; docs/slurm.md has the transcript of one such run.
  @Test(.enabled(if: SlurmTests.answers, "needs a Slurm that answers: see docs/slurm.md"))
  func `a job without a number is found and ended`() throws {
    try TinyWorkspace.with { tiny in
      let job = try Slurm.call(["sbatch", "--parsable", "-J", "nameless", "--wrap", "sleep 300"])
      defer { try? Slurm.cancel(job) }
      let found = try UntaggedJob.all(in: tiny.workspace).first { $0.place == .slurm(id: job) }
      #expect(found?.name == "nameless" && found?.why == "has no number")
      try found?.cancel()
      let patience = monotonicSeconds() + 30
      while try Slurm.jobs().contains(where: { $0.id == job && $0.state != "COMPLETING" }),
        monotonicSeconds() < patience
      {
        sleep(seconds: 0.2)
      }
      #expect(try UntaggedJob.all(in: tiny.workspace).allSatisfy { $0.place != .slurm(id: job) })
    }
  }

  static let answers = Slurm.isInstalled && (try? Slurm.jobs()) != nil
}
