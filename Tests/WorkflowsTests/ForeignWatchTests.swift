import Base
import Lab
import TestSupport
import Testing

@testable import Workflows

@Suite("Watching other tools' runs in place") struct ForeignWatchTests {
  private static func line(_ step: Int, _ loss: Double) -> String {
    " iteration \(step)/ 400 | lm loss: \(loss) | grad norm: 1.0 |\n"
  }

  private static func loss(_ step: Int) -> Double {
    let random = CounterRandom(seed: 3, purpose: 1)
    return 2 + 3 / Double(step) + 0.02 * random.uniform(UInt64(step)) + (step == 250 ? 3 : 0)
  }

  @Test func `what grows is told bit by bit, with its spike, until it ends`() throws {
    try withTemporaryFolder { folder in
      let file = folder / "train.log"
      func write(_ steps: Int) throws {
        try Files.write((1...steps).map { Self.line($0, Self.loss($0)) }.joined(), to: file)
      }
      try write(200)
      var watch = try ForeignWatch(file)
      var sight = try watch.look()
      #expect(sight.step == 200 && sight.isNew && sight.events.isEmpty && sight.end == nil)
      sight = try watch.look()
      #expect(!sight.isNew)
      try write(300)
      sight = try watch.look()
      #expect(sight.events.map(\.kind) == [.spike] && sight.events.map(\.step) == [250])
      #expect(abs((sight.loss ?? 0) - Self.loss(300)) < 1e-9)
      try write(400)
      sight = try watch.look()
      #expect(sight.events.isEmpty && sight.end == .finished && watch.spikes == 1)
    }
  }

  @Test func `a W&B file is read, and says how it ended`() throws {
    let golden = Path(#filePath).parent.parent / "FormatsTests" / "Goldens" / "wandb"
    var source = try ForeignSources.open(golden)
    let rows = try source.readOn()
    #expect(source.tool == "W&B" && rows.count == 60 && source.exitStatus == 0)
    #expect(try source.readOn().isEmpty, "what was read is not read again")
    #expect(
      Set(rows[19].values.map(\.name)) == ["loss", "gradient_norm", "validation_loss"])
    var watch = try ForeignWatch(golden / "run-golden.wandb")
    let sight = try watch.look()
    #expect(sight.end == .finished && sight.step == 60)
    #expect(sight.events.contains { $0.kind == .error && $0.step == 50 })
  }
}
