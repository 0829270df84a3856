import Base
import TestSupport
import Testing

/// `scripts/setup` on machines that are not this one: its Swift, its packages and its user are made up.
@Suite("Set-up") struct SetUpTests {
  /// Runs the set-up with programs of the same names before the real ones.
  private func setUp(
    swift: String?, packages: String = "installed", user: Int = 0, _ options: String = ""
  ) throws -> (status: Int, lines: [Substring]) {
    try withTemporaryFolder { folder in
      func program(_ name: String, _ text: String) throws {
        try Files.write("#!/bin/sh\n" + text, to: folder / name)
        #expect(try Subprocess.run(["/bin/chmod", "755", (folder / name).string]).status == 0)
      }
      if let swift { try program("swift", "echo 'Swift version \(swift) (swift-\(swift))'") }
      try program("dpkg-query", "printf 'unknown ok \(packages)'")
      try program("apt-get", "echo apt-get \"$*\"")
      try program("id", "echo \(user)")
      let root = Path(#filePath).parent.parent.parent
      // A folder that is nowhere in the real PATH is the only place that may hold Swift.
      let (status, output) = try Subprocess.run([
        "/bin/bash", "-c",
        """
        cd '\(root)'; . scripts/setup; exec 2>&1; set -euo pipefail
        kaji_places_of_swift() { echo '\(folder)'; }
        sudo() { echo sudo; "$@"; }
        PATH='\(folder)':$PATH
        kaji_setup \(options)
        """,
      ])
      return (status, String(decoding: output, as: UTF8.self).split(separator: "\n"))
    }
  }

  @Test(arguments: [nil, "5.9", "6.1.2", "6"])
  func `without a Swift that is new enough one line says where to get it`(version: String?) throws {
    let (status, lines) = try setUp(swift: version)
    #expect(status == 1)
    #expect(lines.count == 1, "\(lines)")
    #expect(lines.first?.contains("https://www.swift.org/install") == true)
    if let version, version != "6" { #expect(lines.first?.contains(version.prefix(3)) == true) }
  }

  @Test(arguments: ["6.2", "6.2.1", "6.10", "7.0"]) func `a Swift that is new enough will do`(
    version: String
  ) throws {
    let (status, lines) = try setUp(swift: version)
    #expect(status == 0)
    #expect(lines == [])
  }

  @Test func `it installs what is missing, unless it may not`() throws {
    let asked = try setUp(swift: "6.2", packages: "not-installed")
    #expect(asked.status == 0)
    #expect(asked.lines.first?.contains("libncurses-dev") == true, "\(asked.lines)")
    #expect(asked.lines.contains { $0.hasPrefix("apt-get install") && $0.contains("libyaml-dev") })

    let refused = try setUp(swift: "6.2", packages: "not-installed", "--no-install --tests")
    #expect(refused.status == 1)
    #expect(refused.lines.count == 1, "\(refused.lines)")
    for package in ["g++", "libsqlite3-dev", "tmux"] {
      #expect(refused.lines.first?.contains(package) == true)
    }
  }

  @Test func `another user than root goes through sudo`() throws {
    let (status, lines) = try setUp(swift: "6.2", packages: "not-installed", user: 1)
    #expect(status == 0)
    #expect(lines.contains("sudo"), "\(lines)")
  }

  @Test func `an unknown option is refused`() throws {
    let (status, lines) = try setUp(swift: "6.2", "--install")
    #expect(status == 2)
    #expect(lines.count == 1)
  }
}
