import Base
import Testing
import Training

@testable import Tuning

@Suite("Tuning configurations") struct TuningConfigurationTests {
  static let json: JSON = [
    "model": 4, "data": "pairs.jsonl", "epochs": 3, "batch_size": 8, "sequence_length": 128,
    "optimizer": ["learning_rate": 0.001],
  ]

  static func changed(_ key: String, _ value: JSON) -> JSON {
    guard case .object(var object) = json else { return .null }
    object[key] = value
    return .object(object)
  }

  @Test func `reads, defaults and reads as itself`() throws {
    let configuration = try TuningConfiguration(Self.json, file: "x")
    #expect(configuration.model == "4" && configuration.data == ["pairs.jsonl"])
    #expect(configuration.epochs == 3 && configuration.optimizer.learningRate == 0.001)
    #expect(configuration.dropout == 0 && configuration.seed == 0)
    #expect(try TuningConfiguration(configuration.json, file: "x") == configuration)
  }

  @Test(
    "mistakes are named",
    arguments: [
      ("epoch", 3, "unknown key 'epoch'", "Did you mean 'epochs'"),
      ("epochs", 0, "epochs is 0", "from 1"), ("model", .null, "model is missing", ""),
      ("data", [3], "data is [3]", ""), ("dropout", 1.5, "dropout is 1.5", ""),
      ("schedule", ["minimum_learning_rate": 0.01], "above the learning rate", ""),
    ] as [(String, JSON, String, String)])
  func mistakes(_ key: String, _ value: JSON, _ problem: String, _ remedy: String) {
    let failure = #expect(throws: Failure.self) {
      try TuningConfiguration(Self.changed(key, value), file: "tune.yaml")
    }
    #expect(failure?.problem.contains(problem) == true, "\(String(describing: failure))")
    #expect(failure?.remedy.contains(remedy) != false)
  }

  @Test func `the plan spreads the schedule over the updates there are`() throws {
    var configuration = try TuningConfiguration(Self.json, file: "x")
    configuration.schedule.warmupSteps = 100
    let plan = configuration.plan(steps: 30)
    #expect(plan.steps == 30 && plan.learningRates.warmupSteps == 30)
    #expect(plan.tokensPerStep == 8 * 128)
  }
}
