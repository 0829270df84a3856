import Base
import Synchronization
import TestSupport
import Testing

@Suite("Files") struct FilesTests {
  @Test("come back as they were written, empty and large ones")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      for count in [0, 1, 3_000_000] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = folder / "file \(count)"
        try Files.write(bytes, to: path)
        #expect(try Files.read(path) == bytes)
        #expect(try Files.size(path) == count)
        let mapped = try MappedFile(path)
        #expect(mapped.count == count)
        if count > 0 {
          let last = unsafe mapped.bytes.unsafeLoad(fromByteOffset: count - 1, as: UInt8.self)
          #expect(last == bytes.last)
        }
      }
      #expect(try Files.list(folder) == ["file 0", "file 1", "file 3000000"])
    }
  }

  @Test("text that is not UTF-8 is repaired")
  func repair() throws {
    try withTemporaryFolder { folder in
      try Files.write([0x61, 0xFF, 0x62], to: folder / "text")
      #expect(try Files.readText(folder / "text") == "a\u{FFFD}b")
    }
  }

  @Test("errors name the path, the reason and a way out")
  func errors() throws {
    try withTemporaryFolder { folder in
      let missing = folder / "missing"
      let error = #expect(throws: Failure.self) { try Files.read(missing) }
      #expect(error?.problem == "cannot open \(missing): No such file or directory")
      #expect(error?.remedy == "Check the path.")
      #expect(throws: Failure.self) { try Files.read(folder) }
      #expect(throws: Failure.self) { try MappedFile(folder) }
      #expect(throws: Failure.self) { try Files.list(missing) }
      #expect(throws: Failure.self) { try Files.write("x", to: missing / "below") }
      #expect(throws: Failure.self) { try Files.rename(missing, to: folder / "other") }
      #expect(throws: Failure.self) { try Files.touch(missing) }
      try Files.write("four", to: folder / "file")
      #expect(throws: Failure.self) { try Files.read(folder / "file", limit: 3) }
      #expect(throws: Failure.self) { try Files.makeDirectory(folder / "file" / "below") }
      #expect(throws: Failure.self) { try Files.makeDirectory(folder / "file") }
    }
  }

  @Test("readers see the old file or the new, never a part")
  func atomicWrite() async throws {
    try await withTemporaryFolder { folder in
      let path = folder / "shared"
      let contents = [1, 2].map { [UInt8](repeating: $0, count: 100_000 * Int($0)) }
      try Files.write(contents[0], to: path)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for round in 0..<100 { try Files.write(contents[round % 2], to: path) }
        }
        group.addTask {
          for _ in 0..<400 {
            let content = try Files.read(path)
            #expect(contents.contains(content))
          }
        }
        try await group.waitForAll()
      }
      #expect(try Files.list(folder) == ["shared"])
    }
  }

  @Test("of many who make one name, one wins, and its content is whole")
  func exclusive() async throws {
    try await withTemporaryFolder { folder in
      for round in 0..<30 {
        let file = folder / "file\(round)"
        let directory = folder / "folder\(round)"
        let winners = try await withThrowingTaskGroup(of: (file: Bool, folder: Bool).self) {
          group in
          for racer in 0..<8 as Range<UInt8> {
            group.addTask {
              let won = try Files.writeExclusively([UInt8](repeating: racer, count: 999), to: file)
              let content = try Files.read(file)
              #expect(content.count == 999 && Set(content).count == 1)
              return (won, try Files.makeDirectoryExclusively(directory))
            }
          }
          return try await group.reduce(into: (0, 0)) { sum, won in
            sum = (sum.0 + (won.file ? 1 : 0), sum.1 + (won.folder ? 1 : 0))
          }
        }
        #expect(winners == (1, 1))
      }
      #expect(try Files.list(folder).count == 60)
    }
  }

  @Test("folders are made with their parents, copied and removed whole")
  func trees() throws {
    try withTemporaryFolder { folder in
      try Files.makeDirectory(folder / "a/b/c")
      try Files.makeDirectory(folder / "a/b/c")
      try Files.write("deep", to: folder / "a/b/c/file")
      try Files.copy(folder / "a", to: folder / "copy")
      #expect(try Files.readText(folder / "copy/b/c/file") == "deep")
      // What a link points to is not the tree's.
      #expect(try Subprocess.run(["ln", "-s", "../copy", (folder / "a/link").string]).status == 0)
      try Files.remove(folder / "a")
      try Files.remove(folder / "a")
      #expect(try Files.list(folder) == ["copy"])
      #expect(Files.exists(folder / "copy/b/c/file"))
      #expect(Files.isDirectory(folder / "copy"))
      #expect(!Files.isDirectory(folder / "copy/b/c/file"))
    }
  }

  @Test("an append file is made once and only grows")
  func appending() throws {
    try withTemporaryFolder { folder in
      let path = folder / "log"
      let file = try AppendFile(creating: path)
      try file.append([1, 2])
      try file.append([])
      try file.append([3])
      try file.sync()
      #expect(try Files.read(path) == [1, 2, 3])
      #expect(throws: Failure.self) { try AppendFile(creating: path) }
      file.close()
      file.close()
      #expect(throws: Failure.self) { try file.append([4]) }
      #expect(try Files.read(path) == [1, 2, 3])
    }
  }

  @Test("a reader goes on from any place in pieces of any size")
  func pieces() throws {
    try withTemporaryFolder { folder in
      try Files.write((0..<100).map { UInt8($0) }, to: folder / "file")
      var reader = try FileReader(folder / "file", at: 10)
      var bytes: [UInt8] = []
      while try reader.read(into: &bytes, upTo: 7) > 0 {}
      #expect(bytes == (10..<100).map { UInt8($0) })
      #expect(try reader.read(into: &bytes, upTo: 7) == 0)
      #expect(bytes.count == 90)
    }
  }

  @Test("touching moves the time, and free space is told")
  func statuses() throws {
    try withTemporaryFolder { folder in
      try Files.write("x", to: folder / "file")
      #expect(try Subprocess.run(["touch", "-d", "@1000", (folder / "file").string]).status == 0)
      #expect(try Files.status(folder / "file").modified == 1_000_000_000_000)
      try Files.touch(folder / "file")
      let now = Timestamp.now().seconds
      #expect(abs(Double(try Files.status(folder / "file").modified) * 1e-9 - now) < 60)
      #expect(try Files.freeBytes(at: folder) > 0)
      try Files.requireFree(1, at: folder, for: "a byte")
      let error = #expect(throws: Failure.self) {
        try Files.requireFree(1 << 60, at: folder, for: "a checkpoint")
      }
      #expect(error?.problem.hasPrefix("a checkpoint needs 1.15 EB, but only ") == true)
    }
  }

  @Test("a full disk is one clear error and leaves the old file and no remains")
  func fullDisk() throws {
    try withTemporaryFolder { folder in
      let disk = folder / "disk"
      try Files.makeDirectory(disk)
      let mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk.string]
      guard
        (try? Subprocess.run(["sh", "-c", "exec \"$@\" 2>/dev/null", "sh"] + mount))?.status == 0
      else {
        print("skipped: no small disk to fill, because this user may not mount one")
        return
      }
      defer { _ = try? Subprocess.run(["umount", disk.string]) }
      try Files.write("old", to: disk / "file")
      let large = [UInt8](repeating: 7, count: 200_000)
      let error = #expect(throws: Failure.self) { try Files.write(large, to: disk / "file") }
      #expect(error?.problem.hasSuffix(": No space left on device") == true)
      #expect(error?.remedy.hasPrefix("Free some disk space") == true)
      #expect(throws: Failure.self) { try Files.writeExclusively(large, to: disk / "new") }
      #expect(try Files.list(disk) == ["file"])
      #expect(try Files.readText(disk / "file") == "old")
    }
  }
}
