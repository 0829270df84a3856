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
      #expect(try RunExport.write(run.folder, as: .tensorboard, to: path) == 20)
      let table = tiny.workspace.root / "run.csv"
      #expect(try RunExport.write(run.folder, as: .csv, to: table) == 20)
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
        try RunExport.write(
          run.folder, as: .tensorboard, to: tiny.workspace.root / "run.log")
      }
    }
  }

  @Test(
    "a file's name asks for a form",
    arguments: [
      ("run.csv", .csv), ("a/run.json", .json), ("run.svg", .svg),
      ("events.out.tfevents.1", .tensorboard), ("tfevents/run.svg", .svg), ("tfevents/run", nil),
      ("run.tensorboard", nil), ("run", nil),
    ] as [(String, RunExport.Form?)])
  func naming(_ name: String, _ form: RunExport.Form?) {
    #expect(RunExport.Form(naming: name) == form)
  }

  @Test func `a picture holds what does not move, and only steps that count`() throws {
    try withTemporaryFolder { folder in
      let run = ExperimentFolder(folder / "0001_run")
      let writer = try RunWriter(run.run, goingOnFrom: 0)
      for step in 1...50 { writer.record(step: step, [("scale", 65536)]) }
      writer.event(.spike, step: 40, "beyond")
      writer.event(.spike, step: 10, "within")
      try writer.rollBack(to: 20)
      writer.record(step: 21, [("scale", 65536)])
      try writer.flush()
      let file = folder / "run.svg"
      #expect(try RunExport.write(run, as: .svg, to: file) == 21)
      let text = try Files.readText(file)
      #expect(!text.contains("nan") && !text.contains("inf"))
      #expect(text.contains(" 200.0v0.5"), "on the lower edge")
      #expect(text.contains("within") && !text.contains("beyond"))
    }
  }
}
