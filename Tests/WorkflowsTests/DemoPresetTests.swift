import Base
import TestSupport
import Testing
import Workflows

@Suite("The preset of a demo") struct DemoPresetTests {
  @Test func `a demo goes on with the one it was begun with, and refuses another`() throws {
    try withTemporaryFolder { folder in
      #expect(try DemoPreset.of(folder, wanted: nil) == .full)
      #expect(try DemoPreset.of(folder, wanted: .minute) == .minute)
      try Files.write("{\"preset\": \"minute\", \"seconds\": 3}", to: folder / "demo.json")
      #expect(try DemoPreset.of(folder, wanted: nil) == .minute)
      #expect(try DemoPreset.of(folder, wanted: .minute) == .minute)
      let failure = #expect(throws: Failure.self) { try DemoPreset.of(folder, wanted: .full) }
      #expect(failure?.problem.contains("--preset minute") == true)
    }
  }
}
