import Base
import Formats
import TestSupport
import Testing

@testable import Training

/// Damaged configurations and states are read or refused; nothing traps.
@Suite("Damaged files of a training") struct DamagedFilesTests {
  @Test func `a training configuration`() throws {
    let seed = try YAML.document(ConfigurationTests.text, file: "run.yaml").root
    var fuzzer = JSONFuzzer(
      seeds: [seed], values: ["adamw", "cosine", "skip", "bad-batch@3", 0.5, ["lr-jump@1"]],
      seed: 31)
    var round: UInt64 = 0
    var accepted = 0
    var refused = 0
    try fuzzer.run { tree in
      round += 1
      var text = YAML.text(tree)
      if round % 4 == 0 {
        var other = Fuzzer(
          seeds: [Array(text.utf8)], words: ["- ", ": ", "&a", "*a", "\n  "], seed: round)
        text = String(decoding: other.next(), as: UTF8.self)
      } else {
        #expect(try YAML.parse(text, file: "f") == tree, "\(text)")
      }
      do {
        let configuration = try ConfigurationTests.read(text)
        #expect(configuration.steps > 0)
        accepted += 1
        return true
      } catch let error as Failure {
        refused += 1
        // It got far if a key of it was looked at and found wrong.
        return error.problem.hasPrefix("run.yaml:")
      }
    }
    #expect(accepted > 0 && refused > 0)
  }

  @Test func `the state in a checkpoint`() throws {
    var policy = SpikePolicy()
    policy.warmup = 24
    var state = TrainerState(
      policy: policy, configurationHash: "c", tokenizerHash: "t")
    state.step = 40
    for step in 1...40 {
      _ = state.spike.observe(
        loss: step == 39 ? 90 : 4 - 0.01 * Double(step), gradientNorm: 1, step: step)
    }
    var fuzzer = JSONFuzzer(
      seeds: [state.json], values: [3, 1e300, -1e-300, [1e308, 1e308]], seed: 41)
    var accepted = 0
    var refused = 0
    try fuzzer.run { tree in
      do {
        let text = try JSON.parse(tree.text())
        var read = try TrainerState(text, policy: policy, file: "trainer.json")
        #expect(try TrainerState(read.json, policy: policy, file: "again") == read)
        // The run goes on from it.
        for loss in [4, 1e30, 1e30, -1e300, 3] {
          read.step += 1
          _ = read.spike.observe(loss: loss, gradientNorm: abs(loss), step: read.step)
          _ = read.spike.limits
        }
        accepted += 1
        return true
      } catch let error as Failure {
        refused += 1
        // It got far if more than the first field was sound.
        return !error.problem.contains(": step ") && !error.problem.contains("object")
      }
    }
    #expect(accepted > 0 && refused > 0)
  }
}
