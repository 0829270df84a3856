import Base
import TestSupport
import Testing

@Suite("Output files") struct OutputFileTests {
  @Test func `a file appears whole or not at all`() throws {
    try withTemporaryFolder { folder in
      let path = folder / "out"
      try Files.write("before", to: path)
      do {
        let file = try OutputFile(path)
        try file.append(Array("half".utf8))
      }
      #expect(try Files.readText(path) == "before")
      let file = try OutputFile(path)
      for _ in 0..<1000 { try file.append([UInt8](repeating: 0x61, count: 1000)) }
      #expect(try Files.readText(path) == "before")
      try file.finish()
      #expect(try Files.size(path) == 1_000_000)
      #expect(try Files.list(folder) == ["out"])
    }
  }

  @Test func `what is no file is written to directly`() throws {
    let file = try OutputFile("/dev/full")
    try file.append([1])
    #expect(throws: Failure.self) { try file.finish() }
    let null = try OutputFile("/dev/null")
    try null.append([1])
    try null.finish()
    #expect(throws: Failure.self) { _ = try OutputFile("/tmp") }
    #expect(throws: Failure.self) { _ = try OutputFile("/nowhere/at/all") }
  }
}
