import Base
import TestSupport
import Testing

@testable import Workflows

@Suite("Doctor") struct DoctorTests {
  /// A root with these files in it.
  private func finding(_ files: [String: String], user: String = "yu") throws -> Finding {
    try withTemporaryFolder { root in
      try Files.makeDirectory(root / "run/systemd/users")
      for (name, text) in files {
        try Files.makeDirectory((root / name).parent)
        try Files.write(text, to: root / name)
      }
      return try #require(LoginSession.findings(root: root, user: user).first)
    }
  }

  @Test func `without logind nothing ends detached runs`() throws {
    try withTemporaryFolder { root in
      let findings = LoginSession.findings(root: root, user: "yu")
      #expect(findings.map(\.verdict) == [.good])
    }
  }

  @Test(
    arguments: [
      ([:], false),
      (["etc/systemd/logind.conf": "[Login]\n#KillUserProcesses=no\n"], false),
      (["etc/systemd/logind.conf": "[Login]\n#KillUserProcesses=yes\n"], true),
      (
        ["etc/systemd/logind.conf": "[Login]\nKillUserProcesses = yes\n#KillUserProcesses=no"], true
      ),
      (
        [
          "etc/systemd/logind.conf": "[Login]\nKillUserProcesses=no\n",
          "usr/lib/systemd/logind.conf.d/10-site.conf": "[Login]\nKillUserProcesses=yes\n",
        ], true
      ),
      (
        [
          "etc/systemd/logind.conf.d/10-site.conf": "",
          "usr/lib/systemd/logind.conf.d/10-site.conf": "[Login]\nKillUserProcesses=yes\n",
        ], false
      ),
      (
        [
          "etc/systemd/logind.conf.d/20-last.conf": "KillUserProcesses=off\n",
          "run/systemd/logind.conf.d/10-first.conf": "KillUserProcesses=on\n",
        ], false
      ),
      (["etc/systemd/logind.conf": "KillUserProcesses=yes\nKillExcludeUsers=root yu\n"], false),
      (["etc/systemd/logind.conf": "KillUserProcesses=yes\nKillOnlyUsers=others\n"], false),
      (["etc/systemd/logind.conf": "KillUserProcesses=yes\nKillOnlyUsers=others yu\n"], true),
      (
        ["etc/systemd/logind.conf": "KillUserProcesses=yes\n", "var/lib/systemd/linger/yu": ""],
        false
      ),
    ] as [([String: String], Bool)])
  func `the settings say whether detached runs end at log-out`(
    files: [String: String], ends: Bool
  ) throws {
    let finding = try finding(files)
    #expect(finding.verdict == (ends ? .warning : .good), "\(finding)")
    #expect(finding.cure.isEmpty != ends)
  }

  @Test func `root is spared, unless the list of the spared is emptied`() throws {
    let kills = "KillUserProcesses=yes\n"
    #expect(try finding(["etc/systemd/logind.conf": kills], user: "root").verdict == .good)
    let emptied = try finding(
      ["etc/systemd/logind.conf": kills + "KillExcludeUsers=\n"], user: "root")
    #expect(emptied.verdict == .warning)
  }
}
