import Synchronization
import TestSupport
import Testing

@testable import Base

@Suite("Numbers and names from outside") struct OutsideNumbersTests {
  @Test func `arithmetic stops at the nearest number there is`() {
    #expect(Int.max.addingClamping(1) == .max)
    #expect(Int.min.addingClamping(-1) == .min)
    #expect(3.addingClamping(4) == 7)
    #expect(Int.max.multipliedClamping(by: 2) == .max)
    #expect(Int.max.multipliedClamping(by: -2) == .min)
    #expect(Int.min.multipliedClamping(by: -1) == .max)
    #expect(UInt32.max.multipliedClamping(by: 2) == .max)
  }

  @Test func `two spellings of one letter are two texts`() {
    let spellings: [ExactText] = ["が", "か\u{3099}"]
    #expect(spellings[0] != spellings[1] && spellings[0].string == spellings[1].string)
    #expect(Set(spellings).count == 2)
    // By bytes E3 81 8B comes before E3 81 8C.
    #expect(spellings[1] < spellings[0])
  }

  @Test func `a file of the year 2300 has a time`() throws {
    try withTemporaryFolder { folder in
      let path = folder / "f"
      try Files.write("x", to: path)
      let status = try Subprocess.run(["/usr/bin/touch", "-d", "2300-01-01", path.string]).status
      #expect(status == 0)
      // What the file system keeps of it, but at least more than now.
      #expect(try FileStatus(path).modified > 2_000_000_000_000_000_000)
    }
  }

  @Test func `reading takes little more room than the file`() throws {
    try withTemporaryFolder { folder in
      let path = folder / "f"
      try Files.write([UInt8](repeating: 1, count: 5_000_000), to: path)
      let bytes = try Files.read(path, limit: 5_000_000)
      #expect(bytes.count == 5_000_000)
      #expect(bytes.capacity < 5_500_000)
      #expect(throws: Failure.self) { try Files.read(path, limit: 4_999_999) }
    }
  }

  @Test func `temporary names differ, name the host, and fit`() throws {
    let names = (0..<100).map { _ in Temporary.path(for: "/a/b.json") }
    #expect(Set(names).count == 100)
    for name in names {
      #expect(name.parent == "/a")
      #expect(name.name.hasPrefix(".b.json.\(ProcessIdentity.hostName.prefix(40))."))
      #expect(name.name.hasSuffix(".tmp"))
    }
    // The longest name that Linux takes.
    let longest = String(repeating: "あ", count: 85)
    #expect(Temporary.path(for: Path(longest)).name.utf8.count <= 255)
    try withTemporaryFolder { folder in
      try Files.write("x", to: folder / longest)
      #expect(try Files.list(folder) == [longest])
    }
  }

  @Test func `a copy stands in the place of what was there, links included`() throws {
    try withTemporaryFolder { folder in
      try Files.write("new", to: folder / "a")
      try Files.write("old", to: folder / "b")
      try Files.linkOrCopy(folder / "b", to: folder / "c")
      try Files.copy(folder / "a", to: folder / "b")
      #expect(try Files.readText(folder / "b") == "new")
      #expect(try Files.readText(folder / "c") == "old")
      #expect(try Files.list(folder) == ["a", "b", "c"])
      #expect(throws: Failure.self) { try Files.copy(folder / "none", to: folder / "b") }
      #expect(try Files.readText(folder / "b") == "new")
    }
  }

  @Test(arguments: [
    ("", false), (".x", false), ("..", false), ("a/b", false), ("a\0b", false), ("x", true),
    ("あ.json", true),
    // A slash with a combining mark is one character, and yet a slash to the system.
    ("a/\u{301}b", false), (".\u{301}a", false),
  ])
  func `what is the name of a file is told by bytes`(text: String, holds: Bool) {
    #expect(Name.isFile(text) == holds)
  }
}

@Suite("Quota of processors") struct ProcessorQuotaTests {
  private func quota(
    _ membership: String, _ mounts: String, _ files: [Path: String]
  ) -> Double? {
    ProcessorQuota.least(membership: membership, mounts: mounts) { files[$0] }
  }

  private let unified =
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"

  @Test func `the smallest of the own group's and those above it counts`() {
    let membership = "0::/user.slice/job\n"
    let own: Path = "/sys/fs/cgroup/user.slice/job/cpu.max"
    let above: Path = "/sys/fs/cgroup/user.slice/cpu.max"
    #expect(quota(membership, unified, [own: "400000 100000\n", above: "250000 100000\n"]) == 2.5)
    #expect(quota(membership, unified, [own: "150000 100000\n", above: "max 100000\n"]) == 1.5)
    #expect(quota(membership, unified, ["/sys/fs/cgroup/cpu.max": "50000 100000\n"]) == 0.5)
    #expect(quota(membership, unified, ["/sys/fs/cgroup/other/cpu.max": "1 100000\n"]) == nil)
  }

  @Test func `in a container the mount shows a part of the tree`() {
    let mounts = "30 23 0:26 /docker/1 /sys/fs/cgroup ro - cgroup2 cgroup rw\n"
    #expect(quota("0::/docker/1\n", mounts, ["/sys/fs/cgroup/cpu.max": "200000 100000"]) == 2)
    #expect(
      quota("0::/docker/1/x\n", mounts, ["/sys/fs/cgroup/x/cpu.max": "100000 100000"]) == 1)
  }

  @Test func `version 1 keeps two files, and what makes no sense is no quota`() {
    let mounts = "33 25 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
    let folder: Path = "/sys/fs/cgroup/cpu,cpuacct/job"
    let files = [folder / "cpu.cfs_quota_us": "300000\n", folder / "cpu.cfs_period_us": "100000\n"]
    #expect(quota("4:cpu,cpuacct:/job\n1:name=systemd:/x\n", mounts, files) == 3)
    #expect(quota("4:cpu,cpuacct:/job\n", mounts, [folder / "cpu.cfs_quota_us": "-1"]) == nil)
    #expect(quota("0::/\n", unified, ["/sys/fs/cgroup/cpu.max": "0 0"]) == nil)
    #expect(quota("", "", [:]) == nil)
  }
}
