import Base
import Formats
import Lab
import TestSupport
import Testing
import Workflows

@Suite("Exported runs") struct RunExportTests {
  @Test func `a run's events hold the numbers of its table`() throws {
    try TinyWorkspace.with { tiny in
      let run = try tiny.undisturbed(["steps=20"])
      let path = tiny.workspace.root / "events.out.tfevents.1"
      #expect(try RunExport.writeEvents(run.folder, to: path) == 20)
      let table = tiny.workspace.root / "run.csv"
      #expect(try RunExport.write(run.folder, to: try OutputFile(table)) == 20)
      let lines = try Files.readText(table).split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      var reader = try TensorBoardReader(path)
      #expect(try reader.next()?.fileVersion == "brain.Event:2")
      for line in lines.dropFirst() {
        let event = try #require(try reader.next())
        #expect(event.step == Int(line[0]) && Format.fixed(event.wallTime, 3) == line[1])
        let found = Dictionary(uniqueKeysWithValues: event.scalars.map { ($0.tag, $0.value) })
        for (name, cell) in zip(lines[0], line).dropFirst(2) {
          #expect(found[name] == Float(cell), "\(name) of step \(line[0])")
        }
      }
      #expect(try reader.next() == nil)
      #expect(throws: Failure.self) {
        try RunExport.writeEvents(run.folder, to: tiny.workspace.root / "run.log")
      }
    }
  }
}
