import Base
import Models
import TestSupport
import Testing

/// Damaged config.json files are read or refused; nothing traps.
@Suite("Damaged config.json") struct ConfigFuzzTests {
  @Test func `what is accepted comes back from its own JSON`() throws {
    let seeds = ConfigTests.scalings.map { ConfigTests.changed("rope_scaling", $0) }
    var fuzzer = JSONFuzzer(
      seeds: seeds + [ConfigTests.json, try LlamaConfig(json: ConfigTests.json).json],
      values: ["qwen3", "yarn", "silu", 2, 256, 16_777_216, 0.5, 1e-300, [2, 7]], seed: 21)
    var accepted = 0
    var refused = 0
    try fuzzer.run { tree in
      do {
        let config = try LlamaConfig(json: tree)
        #expect(config.parameterCount > 0)
        #expect(try LlamaConfig(json: config.json) == config, "\(tree.text())")
        accepted += 1
        return true
      } catch let error as Failure {
        refused += 1
        _ = try? LlamaConfig(json: tree, strict: true)
        // It got far if the family was known and the first of the sizes sound.
        return !["model_type", "vocab_size", "object"].contains { error.problem.contains($0) }
      }
    }
    #expect(accepted > 0 && refused > 0)
  }
}
