import Base
import Lab
import TestSupport
import Testing

@testable import Workbench

@Suite("Curves that are read") struct CurveReadingTests {
  @Test func `a spike leads to a checkpoint that is still there`() throws {
    try withTemporaryFolder { folder in
      let experiment = ExperimentFolder(folder)
      let writer = try RunWriter(experiment.run, goingOnFrom: 0)
      for step in 1...30 { writer.record(step: step, [("loss", 1)]) }
      for step in [10, 20] { writer.event(.checkpoint, step: step, "step-\(step)") }
      writer.event(.skip, step: 25, "left out", data: ["rerun": "same", "layers": ["a": 1.5]])
      writer.event(.spike, step: 25, "high")
      try writer.flush()
      // That of step 20 has been removed since.
      try Files.makeDirectory(experiment.checkpoint(10))
      var reader = RunReader(experiment.run)
      reader.refresh()
      let query = RunQuery(number: 1, window: StepWindow(), columns: 10, smallColumns: 5)
      let spike = RunCurves(reader, query).events.first { $0.kind == .spike }
      #expect(spike?.checkpoint == 10)
    }
  }
}
